"""The doors of a list, for whoever may open it: in the order of the 班's paper, and on a map."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row

from alerts.errors import NotYours
from city.position import Metres
from city.staff import Caller, Role
from data.rows import card_of
from operations.alerts.papermap import ground_of
from operations.sheets.neighbours import Neighbour, neighbours
from web.alertsheets.doormap import Door, DoorMap, frame_of_doors


def check_opener(by: Caller) -> None:
    """Raise `NotYours` for every role but the welfare one (`safety.md` 18)."""
    if Role.WELFARE not in by.roles:
        raise NotYours("名簿を開けるのは福祉の役割だけです（only the welfare role opens it）")


def doors_of(connection: Connection, load: Row[Any], row: Row[Any]) -> Mapping[int, Neighbour]:
    """Of a list (a row of `doorlists.get`) by household, in the order of the 班's paper."""
    mine = set(row.households)
    people = neighbours(connection, load, [row.area_name])
    return {one.number: one for one in people if one.number in mine}


def map_of_doors(
    connection: Connection, load: Row[Any], doors: Sequence[Neighbour]
) -> DoorMap | None:
    """Where the doors stand, by their places in the 班; None for no door."""
    if not doors:
        return None
    at = np.array([(one.position.lon, one.position.lat) for one in doors])
    xy = Metres(card_of(load).crs).xy(at)
    frame = frame_of_doors(xy)
    ground = ground_of(connection, load, frame.box, frame)
    placed = zip(doors, xy.tolist(), strict=True)
    return DoorMap(ground, tuple(Door(one.place, x, y) for one, (x, y) in placed))
