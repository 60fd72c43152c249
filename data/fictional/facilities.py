"""要配慮者利用施設 of the city: most in zones, with numbers that no telephone has."""

import csv
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.fictional.addresses import Address
from data.fictional.areas import Areas
from data.fictional.frame import degrees
from data.fictional.names import CITY
from data.fictional.places import Ground

KINDS: Final = (
    ("の家", "特別養護老人ホーム", 80),
    ("ひよこ保育園", "保育所", 90),
    ("デイサービス", "通所介護", 24),
    ("病院", "病院", 160),
    ("こども園", "認定こども園", 120),
    ("作業所", "障害者支援施設", 30),
    ("荘", "養護老人ホーム", 50),
)
IN_FLOOD, ON_SLOPES, ELSEWHERE = 60, 8, 4
COLUMNS: Final = ("施設名", "種別", "住所", "緯度", "経度", "電話番号", "人数")
WITHOUT_PHONE: Final = 23
"""Every so many have none in the list."""


def write_facilities(path: Path, ground: Ground, areas: Areas, addresses: list[Address]) -> None:
    """Write them as CSV. Nothing is drawn: the city's other files stay as they are."""
    chosen = np.concatenate(
        [
            _evenly(np.flatnonzero(ground.flooded), IN_FLOOD),
            _evenly(np.flatnonzero(ground.on_slope), ON_SLOPES),
            _evenly(np.flatnonzero(~ground.flooded & ground.clear_of_slopes), ELSEWHERE),
        ]
    )
    xy = ground.corners[np.unique(chosen)]
    numbers = areas.numbers_at(xy).tolist()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, lineterminator="\r\n")
        table.writerow(COLUMNS)
        for row, (area, (lon, lat)) in enumerate(zip(numbers, degrees(xy).tolist(), strict=True)):
            ending, kind, persons = KINDS[row % len(KINDS)]
            table.writerow(
                [
                    f"{addresses[area].name}{ending}",
                    kind,
                    f"{CITY}{addresses[area].counted_as}{row + 1}",
                    f"{lat:.6f}",
                    f"{lon:.6f}",
                    "" if row % WITHOUT_PHONE == 0 else f"000-0000-{row:04d}",
                    persons + row % 9,
                ]
            )


def _evenly(rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """So many of them, as far apart in their order as there are."""
    return rows[np.unique(np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(np.int64))]
