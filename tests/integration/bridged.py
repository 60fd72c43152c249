"""The small city with a river through it: one bridge leads from the south to every open place."""

import re
from pathlib import Path
from typing import Final

from tests.integration.homed import write_homed_city
from tests.integration.small_city import SIDE

ROW, COLUMN = 2, 3
"""The river runs between this row of junctions and the next; the bridge is at that column."""
BRIDGE_AT: Final = (3.0, 2.5)
SOUTH: Final = (3, 4)
"""Households that live south of it."""


def write_bridged_city(folder: Path) -> Path:
    """Write all files; returns the city file."""
    city_file = write_homed_city(folder)
    roads = folder / "roads.graphml"
    text = roads.read_text("utf-8")
    for column in range(SIDE):
        low = ROW * SIDE + column + 1
        high = low + SIDE
        for start, end in ((low, high), (high, low)):
            edge = rf'<edge source="{start}" target="{end}" id="0">.*?</edge>'
            if column != COLUMN:
                text = re.sub(edge, "", text, flags=re.DOTALL)
            else:
                opened = f'<edge source="{start}" target="{end}" id="0">'
                text = text.replace(opened, f'{opened}<data key="bridge">yes</data>')
    key = '<key id="bridge" for="edge" attr.name="bridge" attr.type="string"/>'
    roads.write_text(text.replace("<graph edgedefault", f"{key}<graph edgedefault", 1), "utf-8")
    return city_file
