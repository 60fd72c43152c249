"""Of each place the figure that its head counts make, and what the public saw of it last.

It is kept beside the log, so that no click replays a night.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, bindparam, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB, Insert, insert

from data import tables
from shelters.congestion import Band, Shown
from shelters.counting import Figure


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The figure of all counts since `begins` (None: of all), and the word that it gave last."""

    figure: Figure = field(default_factory=Figure)
    begins: datetime | None = None
    band: Band | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a place; at `due_at` it changes by itself, None where it does not."""

    reckoned: Reckoned = field(default_factory=Reckoned)
    shown: Shown = field(default_factory=Shown)
    due_at: datetime | None = None


_RECKONED: Final = TypeAdapter(Reckoned)
_SHOWN: Final = TypeAdapter(Shown)


def hold(connection: Connection, city_code: str, site_ids: Sequence[str]) -> dict[str, Kept]:
    """Let nobody else change these places before the transaction ends; returns what is kept.

    Those that the city has never had are left out. Comes before anything that takes a number
    (`in_order`): who has one waits for nobody.
    """
    table = tables.site_figure
    wanted = (table.c.city_code == city_code, table.c.site_id.in_(site_ids))
    query = select(table).where(*wanted).order_by(table.c.site_id).with_for_update()
    rows = connection.execute(query).all()
    if len(rows) < len(set(site_ids)):
        connection.execute(_begin(city_code, site_ids))
        rows = connection.execute(query).all()
    return {row.site_id: _kept(row) for row in rows}


def _begin(city_code: str, site_ids: Sequence[str]) -> Insert:
    """Begin to keep something of the places that the current load has."""
    site, load = tables.evacuation_site.c, tables.city_load.c
    empty = _row(Kept())
    found = (
        select(
            literal(city_code),
            site.id,
            literal(empty["figure"], JSONB),
            literal(empty["shown"], JSONB),
        )
        .join(tables.city_load, load.id == site.load_id)
        .where(load.current, site.id.in_(site_ids))
        .order_by(site.id)
    )
    columns = ["city_code", "site_id", "figure", "shown"]
    return insert(tables.site_figure).from_select(columns, found).on_conflict_do_nothing()


def read(connection: Connection, city_code: str, site_ids: Sequence[str]) -> dict[str, Kept]:
    """What is kept of these places, of those of which anything is."""
    table = tables.site_figure
    wanted = (table.c.city_code == city_code, table.c.site_id.in_(site_ids))
    rows = connection.execute(select(table).where(*wanted))
    return {row.site_id: _kept(row) for row in rows}


def keep(connection: Connection, city_code: str, site_id: str, kept: Kept) -> None:
    """Write what is kept of a place that is held."""
    keep_all(connection, city_code, {site_id: kept})


def keep_all(connection: Connection, city_code: str, kept: Mapping[str, Kept]) -> None:
    """Write what is kept of places that are held."""
    if not kept:
        return
    table = tables.site_figure
    mine = (table.c.city_code == bindparam("code"), table.c.site_id == bindparam("site"))
    rows = [{"code": city_code, "site": site_id} | _row(one) for site_id, one in kept.items()]
    columns: dict[str, Any] = {
        name: bindparam(name) for name in ("figure", "shown", "shown_at", "due_at")
    }
    connection.execute(update(table).where(*mine).values(columns), rows)


def due(connection: Connection, city_code: str, now: datetime) -> list[str]:
    """The places that have changed by themselves up to now, the first one first."""
    table = tables.site_figure.c
    query = select(table.site_id).where(table.city_code == city_code, table.due_at <= now)
    return list(connection.execute(query.order_by(table.due_at)).scalars())


def _row(kept: Kept) -> dict[str, Any]:
    return {
        "figure": _RECKONED.dump_python(kept.reckoned, mode="json"),
        "shown": _SHOWN.dump_python(kept.shown, mode="json"),
        "shown_at": kept.shown.since,
        "due_at": kept.due_at,
    }


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        _RECKONED.validate_python(row.figure),
        _SHOWN.validate_python(row.shown),
        row.due_at,
    )
