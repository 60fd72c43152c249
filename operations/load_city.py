"""Load a city: read every source, then replace the city in one transaction."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from glob import escape
from pathlib import Path

import shapely
from sqlalchemy import Connection, Engine, select
from sqlalchemy import text as sql

from city.staff import CONSOLE
from data import inforce, tables
from data.city_rows import CityRows
from data.cityfile import CityFile, read_city_file
from data.database import transaction
from data.people import audit
from data.report import LoadReport, Progress
from data.rows import card_of, current_load, find_load, keep_report, replace_city
from hazards.kinds import AlertLevel
from operations import given
from operations.carry_over import carry_openings, moved_places, places
from operations.carry_places import carry_places
from operations.changes import area_of
from operations.changes.roads import tell_roads
from operations.closures import read_closures, remark_closures
from operations.errors import Refused
from operations.fitted_city import fitted
from operations.household.carry import carry_homes, keep_homes
from operations.live.levels import renew_levels

LOAD_LOCK = 7_310_001
READ_AS = 5
"""Raised when the readers make other rows of the same bytes: `--if-changed` loads again then."""


def load_city(
    engine: Engine,
    path: Path,
    progress: Progress,
    *,
    files: Path | None = None,
    if_changed: bool = False,
    other_city: bool = False,
) -> LoadReport | None:
    """Load the city of a city file; all or nothing, the old city goes on serving meanwhile.

    `files` is where its files lie, if not beside it. With `if_changed`, a city whose files are the
    same bytes as those loaded is left alone (None).
    Raises `BrokenCityFile`, `BrokenSource`, `NoDatabase`, and `Refused` where something is in
    force in a real city of another code, unless it is meant to be replaced by `other_city`.
    """
    file = read_city_file(path, files)
    digest = _digest(path, file)
    if if_changed and _loaded_digest(engine) == digest:
        progress("the city's files have not changed")
        return None
    report = LoadReport(file.card.name)
    city = fitted(file, report, progress)
    rows, ground = city.rows, city.ground
    with transaction(engine, latest=True) as connection:
        connection.execute(sql("SELECT pg_advisory_xact_lock(:key)"), {"key": LOAD_LOCK})
        progress("writing to the database")
        remarks = _leaves_behind(connection, file, other_city=other_city)
        first, before = not _known(connection, file.city.code), places(connection, file.city.code)
        keep_homes(connection)
        load_id = replace_city(connection, file, ground.card, rows, digest)
        if first:
            _begin(connection, file, rows)
        # Last, and short: meanwhile nobody can close a site.
        report.remarks += remarks + carry_openings(connection, file, rows.sites, before)
        report.remarks += remark_closures(read_closures(connection, file.city.code, ground), ground)
        keep_report(connection, load_id, report)
        moved = moved_places(file, rows.sites, before)
        carry_homes(connection, current_load(connection))
        carry_places(connection, current_load(connection), moved, datetime.now(UTC))
        renew_levels(connection, file.city.code)
        tell_roads(connection, current_load(connection))
        inforce.record_change(connection, f"city loaded: {file.card.name}")
        audit.record(connection, CONSOLE, "city.loaded", file.city.code, load=load_id, moved=moved)
    progress("loaded")
    return report


def _digest(path: Path, file: CityFile) -> str:
    """A hash over the bytes of the city file and of every file it names."""
    total = hashlib.sha256(f"rows {READ_AS}".encode() + path.read_bytes())
    paths = [source.path for source in file.sources.files()]
    paths += [water.path for water in file.start.observed_water]
    for source in paths:
        for one in _files_of(source):
            with one.open("rb") as stream:
                total.update(hashlib.file_digest(stream, "sha256").digest())
    return total.hexdigest()


def _files_of(source: Path) -> list[Path]:
    """A source's files: those in its folder; of a shapefile, all that bear its name."""
    found: Iterable[Path] = [source]
    if source.is_dir():
        found = source.rglob("*")
    elif source.suffix.lower() == ".shp":
        found = source.parent.glob(f"{escape(source.stem)}.*")
    return sorted(one for one in found if one.is_file())


def _loaded_digest(engine: Engine) -> str | None:
    with transaction(engine) as connection:
        load = find_load(connection)
        return load.digest if load else None


def _leaves_behind(connection: Connection, file: CityFile, *, other_city: bool) -> list[str]:
    """A remark on what is in force in the city that is replaced, where its code is another."""
    load = find_load(connection)
    if load is None or load.code == file.city.code:
        return []
    events = {
        "orders": tables.evacuation_order,
        "observed waters": tables.observed_water,
        "closed roads": tables.closure,
        "sites said open or closed": tables.site_opening,
    }
    standing = [
        f"{len(rows)} {what}"
        for what, table in events.items()
        if (rows := inforce.standing(connection, table, load.code))
    ]
    if not standing:
        return []
    card = card_of(load)
    what = f"in force in {card.name} (code {load.code}): {', '.join(standing)}"
    if not card.fictional and not other_city:
        raise Refused(
            f"{what}. They would count no more, for city.code is {file.city.code}: mend the code, "
            "or say --other-city"
        )
    return [f"{what}: they do not count in {file.card.name}"]


def _known(connection: Connection, code: str) -> bool:
    """Whether anything was ever in force in this city, lifted or not."""
    return any(
        connection.execute(select(table.c.id).where(table.c.city_code == code).limit(1)).first()
        for table in (tables.evacuation_order, tables.observed_water)
    )


def _begin(connection: Connection, file: CityFile, rows: CityRows) -> None:
    """Put a fictional city's first orders and observed water in force."""
    for order in file.start.orders:
        area = area_of((*rows.areas, *rows.districts), order.areas) if order.areas else None
        inforce.add_order(
            connection,
            file.city.code,
            hazard=order.hazard,
            level=AlertLevel(order.level),
            area_names=order.areas,
            area=area,
        )
    for water in file.start.observed_water:
        shapes = given.polygons(connection, current_load(connection), water.path)
        source = given.line_of(water.path.name, "name of the file")
        inforce.add_waters(connection, file.city.code, source, [shapely.union_all(shapes)])
