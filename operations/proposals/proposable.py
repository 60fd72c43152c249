"""What an order may be proposed for: the city's areas as they are, and what stands there."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, select
from sqlalchemy import text as sql

from city.area import counted, folded, in_order
from data import inforce, tables
from data.errors import NotThere
from hazards.errors import LowerThanInForce, NothingInForce
from hazards.kinds import LEVEL_WORDS, AlertLevel, HazardKind
from operations.errors import Refused

MOST_AREAS: Final = 500


def hold_orders(connection: Connection) -> None:
    """Let nobody else set or lift an order before the transaction ends."""
    connection.execute(sql("LOCK TABLE evacuation_order IN SHARE ROW EXCLUSIVE MODE"))


def spelled(connection: Connection, load: Row[Any], names: Sequence[str]) -> list[str]:
    """The names as the city spells them, in order; raises `NotThere` naming those it has not."""
    if len(names) > MOST_AREAS:
        raise Refused(f"区域は {MOST_AREAS} までです（at most {MOST_AREAS} areas）")
    known = {folded(name): name for name in area_names(connection, load)}
    unknown = [name for name in names if folded(name) not in known]
    if unknown:
        shown = "、".join(unknown[:6])
        raise NotThere(f"{shown} という区域は、今の市のデータにありません（no such area）")
    return in_order(known[folded(name)] for name in names)


def area_names(connection: Connection, load: Row[Any]) -> list[str]:
    """The names of all areas for which an order can be proposed."""
    table = tables.area
    query = select(table.c.name).where(table.c.load_id == load.id).distinct().order_by(table.c.name)
    return list(connection.execute(query).scalars())


def areas_with_sites(connection: Connection, load: Row[Any]) -> list[dict[str, Any]]:
    """Those names in order, each with the ids of the evacuation sites that lie in it."""
    rows = connection.execute(
        sql(
            "SELECT area.name, array_remove(array_agg(DISTINCT site.id), NULL) AS sites"
            " FROM area LEFT JOIN evacuation_site site ON site.load_id = area.load_id"
            " AND ST_Intersects(site.geom, area.geom)"
            " WHERE area.load_id = :load GROUP BY area.name"
        ),
        {"load": load.id},
    )
    areas = [{"name": row.name, "sites": row.sites} for row in rows]
    return sorted(areas, key=lambda area: counted(area["name"]))


def standing_order(connection: Connection, load: Row[Any], number: int) -> Row[Any]:
    """The standing order of that number; raises `NothingInForce`."""
    for row in inforce.standing(connection, tables.evacuation_order, load.code):
        if row.id == number:
            return row
    raise NothingInForce(f"避難情報 {number} はもう出ていません（order {number} does not stand）")


def check_level(
    connection: Connection,
    load: Row[Any],
    hazard: HazardKind,
    level: AlertLevel,
    names: Sequence[str],
) -> None:
    """Raise for a level that stands there, or a higher one: a lower one comes by lifting alone."""
    for row in inforce.standing(connection, tables.evacuation_order, load.code):
        if row.hazard != hazard or set(row.area_names) != set(names) or row.level < level:
            continue
        words = f"警戒レベル{row.level} {LEVEL_WORDS[AlertLevel(row.level)]}"
        if row.level == level:
            raise Refused(f"そこにはもう{words}が出ています（order {row.id} stands there）")
        raise LowerThanInForce(
            f"そこには{words}が出ています。先に解除を提案してください（lift order {row.id} first）"
        )
