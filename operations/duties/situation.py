"""What a situation map is drawn of: the ground of the database, the state of the moment."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from geoalchemy2.shape import to_shape
from shapely.geometry.base import BaseGeometry

from city.position import Metres
from data import inforce, tables
from data.alerts.surroundings import city_shape
from data.errors import NotThere
from hazards.kinds import AlertLevel
from operations.alerts.papermap import ground_of
from operations.duties.seen import Seen
from shelters.congestion import Band
from shelters.place import Opening
from web.dutysheets.scene import UNSURE, Ordered, Placed, Shut, Situation, frame_of
from web.dutysheets.shut import is_sure

FULL = frozenset({Band.CROWDED, Band.FULL})
Line = Mapping[str, Any]


def situation(seen: Seen) -> Situation:
    """Raises `NotThere` where the city has neither areas nor streets to draw."""
    metres = Metres(seen.card.crs)
    whole = city_shape(seen.connection, seen.load.id)
    if whole is None:
        raise NotThere("市の町丁目のデータがないので、状況図を描けません（no areas are loaded）")
    city = _moved(metres, whole)
    orders = _orders(seen, metres, city)
    five = shapely.union_all([one.area for one in orders if one.level >= AlertLevel.SECURE_NOW])
    return Situation(
        ground=ground_of(seen.connection, seen.load, city, frame_of(city)),
        orders=orders,
        waters=[
            _moved(metres, shapely.geometry.shape(one["area"]))
            for one in seen.state["water"].values()
            if not one.get("held")
        ],
        shut=[
            Shut(
                _moved(metres, shapely.LineString(one["line"])), is_sure(one), bool(one["by_water"])
            )
            for one in sorted(seen.state["closures"].values(), key=is_sure)
            if len(one["line"]) > 1
        ],
        sites=[_placed(one, metres, five) for one in seen.state["sites"].values()],
        teams=_teams(list(seen.state["teams"].values()), metres),
    )


def _orders(seen: Seen, metres: Metres, city: BaseGeometry) -> list[Ordered]:
    rows = inforce.standing(seen.connection, tables.evacuation_order, seen.load.code)
    return [
        Ordered(
            row.level, row.hazard, city if row.geom is None else _moved(metres, to_shape(row.geom))
        )
        for row in rows
    ]


def _placed(one: Line, metres: Metres, five: BaseGeometry) -> Placed:
    x, y = metres.xy(np.array([[one["lon"], one["lat"]]]))[0].tolist()
    sign = UNSURE if one["opening"] == Opening.UNCONFIRMED else ""
    if one["opening"] == Opening.ENDANGERED:
        sign = "danger"
    elif one["receives"] and one["band"] in FULL:
        sign = "full"
    persons = "" if one["persons"] is None else f" {one['persons']:,}人"
    words = f"{one['word']}{persons}" if one["receives"] else one["opening_word"]
    inside = bool(five.intersects(shapely.Point(x, y)))
    return Placed(one["name"], x, y, bool(one["receives"]), sign, words, not inside)


def _teams(rows: Sequence[Line], metres: Metres) -> list[tuple[str, float, float]]:
    placed = [one for one in rows if one["lat"] is not None]
    if not placed:
        return []
    xy = metres.xy(np.array([(one["lon"], one["lat"]) for one in placed]))
    return [(one["team"], x, y) for one, (x, y) in zip(placed, xy.tolist(), strict=True)]


def _moved(metres: Metres, shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, metres.xy)
