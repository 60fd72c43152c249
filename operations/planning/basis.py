"""What plans of one load are made on: its ground, its homes, the engine."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from data import mapped
from data.groundwork import ground_of
from data.rows import card_of, read_city, read_households
from operations.errors import Refused
from operations.planning.methods import ENGINES, HIERARCHY, SCIPY
from routing.engine.costs import Engine
from routing.engine.hierarchy import HierarchyEngine
from routing.engine.order import contraction_order
from routing.engine.skeleton import skeleton
from routing.ground import Ground
from routing.homes import Homes, homes
from routing.plan.looked import Looked
from routing.rules import rules_from


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """One load, mapped from its folder; `looked` remembers what was in force."""

    ground: Ground
    homes: Homes
    looked: Looked
    engine: Engine


def write_basis(connection: Connection, load: Any, folder: Path) -> None:
    """Make a load's folder out of its rows: once a load, some ten seconds for a large city."""
    rows = read_city(connection, load)
    ground = ground_of(card_of(load), rules_from(load.settings), rows)
    living = read_households(connection, load.id)
    xy = ground.metres.xy(living.lonlat.reshape(-1, 2))
    people = homes(ground, xy, living.persons, living.area)
    bones = skeleton(ground.roads, contraction_order(ground.roads))

    def fill(draft: Path) -> None:
        mapped.save_ground(draft, ground, load.settings)
        mapped.save_people(draft, people, bones)

    mapped.whole_folder(folder, fill)


def open_basis(folder: Path, engine: str) -> Basis:
    """Map a load's folder; raises `Refused` for an engine that there is not."""
    ground, people = mapped.open_ground(folder), mapped.open_homes(folder)
    return Basis(ground, people, Looked(people), _engine(engine, folder, ground))


def _engine(name: str, folder: Path, ground: Ground) -> Engine:
    if name == HIERARCHY:
        return HierarchyEngine(mapped.open_skeleton(folder))
    if name == SCIPY:
        from routing.engine.plain import PlainEngine

        return PlainEngine(ground.roads)
    raise Refused(f"there is no engine {name!r}: take {' or '.join(ENGINES)}")
