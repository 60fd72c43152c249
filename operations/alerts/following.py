"""What may follow in an alert of 避難情報, and what may stand beside another order.

What people are told must be what is in force: an update keeps every area that it had, an all-clear
says of no area that it is lifted where another order stands, and nobody under a level 5 is told to
set out.
"""

from collections.abc import Sequence
from typing import Any, Final

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Row, func, select

from alerts.errors import NotFit
from alerts.kinds import AlertKind, Status, Step
from data import inforce, tables
from data.alerts import revisions
from hazards.errors import LowerThanInForce
from hazards.kinds import LEVEL_WORDS, AlertLevel
from operations.alerts.where import Where, where_before

ENDS: Final = frozenset({Step.CANCEL, Step.ALL_CLEAR})
_SAME: Final = 1e-9
"""Square degrees: some ten square metres; borders of areas do not fit to the last digit."""


def check_follows(
    connection: Connection, load: Row[Any], last: Row[Any], step: Step, where: Where, given: Any
) -> None:
    """Raise `NotFit` unless a revision of `hazard` and `level` of `given` may come after the last.

    `given` is a draft, or the row of the revision itself.
    """
    if AlertKind(last.kind) is not AlertKind.EVACUATION:
        return
    if given.hazard != last.hazard:
        raise NotFit(
            "災害の種類は、途中で変えられません。新しい配信を作ってください"
            "（another hazard is another alert）"
        )
    before = where_before(last)
    if step is Step.UPDATE:
        if not _covers(where, before):
            raise NotFit(
                "更新では、区域を減らせません。残す区域だけの新しい配信を先に出し、そのあとで、"
                "この配信の残りを解除してください（an update keeps its areas: issue a new alert"
                " for those that stay, then clear the rest of this one）"
            )
        return
    if given.level != last.level:
        level = LEVEL_WORDS[AlertLevel(last.level)]
        raise NotFit(f"取消・解除の対象は、出ている{level}です（the level is that in force）")
    _check_end(connection, load, last, before, where)


def check_beside(connection: Connection, load: Row[Any], row: Row[Any]) -> None:
    """Raise `LowerThanInForce` where a higher order stands over a part of the area.

    Of the same hazard any higher one, of another hazard a level 5 (`safety.md` 4). An alert does
    not go below its own either: it is cleared first.
    """
    step, actual = Step(row.step), Status(row.status) is Status.ACTUAL
    if not actual or AlertKind(row.kind) is not AlertKind.EVACUATION or step in ENDS:
        return
    mine, where = set(revisions.orders_of(connection, row.alert_id)), where_before(row)
    above = []
    for order in inforce.standing(connection, tables.evacuation_order, load.code):
        five = order.level == AlertLevel.SECURE_NOW and row.level < AlertLevel.SECURE_NOW
        higher = order.hazard == row.hazard and order.level > row.level
        if order.id in mine and order.level > row.level:
            raise LowerThanInForce(
                f"この配信では警戒レベル{order.level}が出ています。下げるには、先に解除してください"
                "（a level is lowered by an all-clear and a new alert）"
            )
        if order.id not in mine and (five or higher) and _meets(where, order):
            above.append(order)
    if above:
        said = "".join(_stands_above(connection, load, where, order) for order in above)
        numbers = ", ".join(str(order.id) for order in above)
        raise LowerThanInForce(
            f"{said}その区域を外してください（order {numbers} is higher there: leave it out）"
        )


def _stands_above(connection: Connection, load: Row[Any], where: Where, order: Row[Any]) -> str:
    names = "、".join(_names_under(connection, load, where, order)) or "市内全域"
    words = f"警戒レベル{order.level} {LEVEL_WORDS[AlertLevel(order.level)]}"
    return f"{names}には{words}が出ています。"


def _names_under(
    connection: Connection, load: Row[Any], where: Where, order: Row[Any]
) -> list[str]:
    """The 町丁目 of an area that an order meets; none where both are the whole city."""
    if where.whole_city or order.geom is None:
        return list(order.area_names if where.whole_city else where.concerned)
    area = tables.area
    shared = func.ST_Area(func.ST_Intersection(area.c.geom, order.geom))
    query = select(area.c.name).where(
        area.c.load_id == load.id, area.c.kind == "chome", area.c.name.in_(where.concerned)
    )
    met = connection.execute(query.where(shared > _SAME).order_by(area.c.name)).scalars().all()
    return list(met) or list(order.area_names)


def _check_end(
    connection: Connection, load: Row[Any], last: Row[Any], before: Where, where: Where
) -> None:
    """All of it ends but what other orders of the hazard hold, and of that nothing is said."""
    mine = set(revisions.orders_of(connection, last.alert_id))
    others = [
        order
        for order in inforce.standing(connection, tables.evacuation_order, load.code)
        if Status(last.status) is Status.ACTUAL
        and order.id not in mine
        and order.hazard == last.hazard
        and _meets(before, order)
    ]
    shared = revisions.shared_orders(connection, last.alert_id)
    if shared:
        raise NotFit(
            f"配信 {shared[0]} が、同じ発令を続けています。この配信は「停止」してください"
            "（another alert tells of the same order: stop this one）"
        )
    if not others:
        if not (_covers(where, before) and _covers(before, where)):
            raise NotFit(
                "取消・解除は、この配信の区域全部です。一部を残すなら、残す区域だけの新しい配信を"
                "先に出してください（all of its areas; for some to stay, issue a new alert first）"
            )
        return
    left = _names_without(before, others)
    if where.by == "areas" and sorted(where.names) == sorted(left) and left:
        return
    numbers = "、".join(str(order.id) for order in others)
    rest = "、".join(left) or "なし"
    raise NotFit(
        f"区域の一部に、ほかの発令（{numbers}）が出ています。解除できる区域は「{rest}」です"
        "（another order stands over a part: only the rest is cleared）"
    )


def _names_without(before: Where, others: Sequence[Row[Any]]) -> list[str]:
    """Names of a revision's areas that no other order names; none where it named none."""
    if any(order.geom is None for order in others):
        return []
    held = {name for order in others for name in order.area_names}
    return [name for name in before.names if name not in held]


def _covers(where: Where, other: Where) -> bool:
    if where.whole_city or other.whole_city:
        return where.whole_city
    return _area(other.geometry) - _shared(where.geometry, other.geometry) < _SAME


def _meets(where: Where, order: Row[Any]) -> bool:
    area = inforce.geometry_of(order)
    return where.whole_city or area is None or _shared(where.geometry, area) > _SAME


def _area(shape: BaseGeometry | None) -> float:
    return 0.0 if shape is None else float(shape.area)


def _shared(one: BaseGeometry | None, other: BaseGeometry | None) -> float:
    return 0.0 if one is None or other is None else float(one.intersection(other).area)
