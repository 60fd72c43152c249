"""A door list on paper: neighbours on a small map, for tests of what is on it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from alerts.doors import DoorOutcome
from alerts.registration import AccessNeed
from alerts.scripts.door import door_words
from tests.unit.web.alertpapered import issued
from web.alertsheets.areamap import AreaMap
from web.alertsheets.doormap import Door, DoorMap, frame_of_doors
from web.alertsheets.doorsheet import DoorSheet, ListedDoor
from web.alertsheets.typesetting import typeset_doors

MOST = 15


def door_map(places: Sequence[tuple[int, float, float]]) -> DoorMap:
    """Doors by place in the 班 and metres, beside a river and water that could be."""
    frame = frame_of_doors(np.array([(x, y) for _, x, y in places]))
    west, south, east, north = frame.bounds
    lines = [shapely.LineString([(x, south), (x, north)]) for x in np.linspace(west, east, 5)]
    zones = {"assumed": [shapely.box(west, south, (west + east) / 2, north)]}
    river = shapely.LineString([(west, south + 9), (east, south + 12)])
    ground = AreaMap(frame, frame.box, zones, [("浅瀬川", river)], lines, [])
    return DoorMap(ground, tuple(Door(*one) for one in places))


def printed(
    count: int = MOST,
    needs: tuple[AccessNeed, ...] = (),
    *,
    team: str = "消防団1",
    area: str = "渡場一丁目",
    called: bool = False,
    **values: Any,
) -> bytes:
    """The PDF of a list of `count` doors with these needs each; `values` of the alert."""
    of = issued(**values)
    places = [(n, 37.0 * (n % 4), 24.0 * (n // 4)) for n in range(1, count + 1)]
    told = DoorOutcome.ABSENT if called else None
    doors = [ListedDoor(n, f"AB112-{n:02}", needs, told) for n in range(1, count + 1)]
    said = door_words(of.rendered)
    words = "10月11日0時40分", "23時55分"
    sheet = DoorSheet(area, 112, team, *words, said, doors, door_map(places))
    return typeset_doors(of, sheet)
