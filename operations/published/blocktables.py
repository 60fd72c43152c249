"""Blocks of the newest plan with the names of areas and places, for answers, lists and CSV."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from city.area import folded
from city.position import Metres
from data.errors import NotThere
from data.rows import card_of, read_households, read_sites
from operations.changes.areas import likest
from operations.published.blocks import WHOLE_AREA, Block, blocks, han_of
from operations.published.decided import Decided, newest_decided

COLUMNS: Final = ("area", "han", "site_id", "site", "households", "persons_expected")
UNPLACED_COLUMNS: Final = ("area", "households", "no_way", "no_room")
NO_WAY, NO_ROOM = "no way", "no room"


def area_blocks(connection: Connection) -> dict[str, Any]:
    """Of each 町丁目 how many go where: households, and persons expected of them."""
    found = newest_decided(connection)
    sites = _sites(connection, found)
    return {
        "number": found.version.number,
        "published_at": found.version.published_at.isoformat(timespec="seconds"),
        "blocks": [
            {
                "area": _name(found, block),
                "households": block.households,
                "no_way": block.no_way,
                "no_room": block.no_room,
                "places": [
                    dict(zip(("site_id", "site"), sites[part.site], strict=True))
                    | {"households": part.households, "persons_expected": round(part.expected, 2)}
                    for part in block.parts
                ],
            }
            for block in blocks(found.assigned, found.area)
        ],
    }


def block_rows(
    connection: Connection, names: Sequence[str] = (), *, by_han: bool
) -> Iterator[tuple[Any, ...]]:
    """Rows of `COLUMNS`, of these 町丁目 or of all; who has no place is in rows without one, `site`
    says why. Raises `NotThere` for a name that is none, and what `newest_decided` raises.
    """
    found = newest_decided(connection)
    wanted = _wanted(found, names)
    groups = None
    if by_han:
        homes = read_households(connection, found.load.id)
        groups = han_of(Metres(card_of(found.load).crs).xy(homes.lonlat), found.area)
    sites = _sites(connection, found)
    for block in blocks(found.assigned, found.area, groups):
        if wanted and block.area not in wanted:
            continue
        where = _name(found, block), "" if block.han == WHOLE_AREA else block.han
        for part in block.parts:
            yield *where, *sites[part.site], part.households, round(part.expected, 2)
        for why, count in ((NO_WAY, block.no_way), (NO_ROOM, block.no_room)):
            if count:
                yield *where, "", why, count, ""


def unplaced_rows(connection: Connection) -> list[tuple[Any, ...]]:
    """Rows of `UNPLACED_COLUMNS`, the 町丁目 of most households without a place first."""
    found = newest_decided(connection)
    rows = [
        (_name(found, one), one.no_way + one.no_room, one.no_way, one.no_room)
        for one in blocks(found.assigned, found.area)
        if one.no_way + one.no_room
    ]
    return sorted(rows, key=lambda row: -row[1])


def _wanted(found: Decided, names: Sequence[str]) -> set[int]:
    """The rows of the 町丁目 of these names, however they are spelled."""
    rows: dict[str, int] = {}
    for row, name in enumerate(found.areas):
        rows.setdefault(folded(name), row)
    unknown = [name for name in names if folded(name) not in rows]
    if unknown:
        there = "、".join(likest(unknown[0], found.areas)) or "none"
        what = f"no such area: {'、'.join(unknown)} (there are: {there})"
        raise NotThere(f"{what}: write the whole name of a 町丁目")
    return {rows[folded(name)] for name in names}


def _sites(connection: Connection, found: Decided) -> list[tuple[str, str]]:
    """Id and name of each site, by its row."""
    return [(site.id, site.name) for site in read_sites(connection, found.load.id)]


def _name(found: Decided, block: Block) -> str:
    return found.areas[block.area] if block.area >= 0 else ""
