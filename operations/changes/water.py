"""Water that somebody saw: no way crosses it until headquarters says that it is gone."""

from collections.abc import Sequence
from pathlib import Path

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine

from city.staff import CONSOLE, Caller
from data import inforce, tables
from operations import given
from operations.changes.change import changing, end


def observe_water(engine: Engine, path: Path, *, by: Caller = CONSOLE) -> list[int]:
    """Record the polygons of a GeoJSON file as observed water."""
    source = given.line_of(path.name, "name of the file")
    with changing(engine, by) as change:
        shapes = given.polygons(change.connection, change.load, path)
        numbers = inforce.add_waters(change.connection, change.load.code, source, shapes)
        said = f"water observed: {len(numbers)} areas, {path.name}"
        change.record(said, "water.observed", numbers=numbers)
        return numbers


def observe_areas(
    engine: Engine, areas: Sequence[BaseGeometry], source: str, *, by: Caller = CONSOLE
) -> list[int]:
    """Record areas, in (lon, lat), as water that `source` saw."""
    source = given.line_of(source, "source")
    with changing(engine, by) as change:
        whole = given.surroundings(change.connection, change.load)
        shapes = [given.around(whole, area) for area in areas]
        numbers = inforce.add_waters(change.connection, change.load.code, source, shapes)
        said = f"water observed: {len(numbers)} areas, {source}"
        change.record(said, "water.observed", numbers=numbers)
        return numbers


def remove_water(
    engine: Engine, numbers: Sequence[int], *, by: Caller = CONSOLE, **why: str
) -> list[int]:
    """Headquarters says that observed water is gone; without numbers, all of it. `why` is kept
    with it.
    """
    with changing(engine, by) as change:
        ended = end(change, tables.observed_water, numbers)
        change.record(f"water removed: {ended}", "water.removed", numbers=ended, **why)
        return ended
