"""What must hold of every version and of every state folder, whoever was killed when."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from data import mapped, plans
from data.database import transaction
from operations.planning.telling import way_key
from routing.plan.assigned import NOWHERE, Assigned, Figures
from routing.plan.changed import changed
from routing.plan.plan import Unplaced
from routing.plan.told import GO, VERDICTS
from routing.plan.turnout import HUNDREDTHS
from shelters.place import SiteState
from tests.chaos.planner_stir import ROOMS, Stirring, openings_of
from tests.integration.databases import Database, connected
from tests.integration.homed import PERSONS
from tests.integration.loaded import serving
from tests.integration.small_city import SITES

ROW = {site: row for row, (site, *_) in enumerate(SITES)}


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A published version as the database keeps it."""

    number: int
    change: int
    facts: Mapping[str, Any]
    picture: Any
    assigned: Assigned


def kept(database: Database) -> Iterator[Kept]:
    """All published versions, oldest first; raises where one is without its arrays, or damaged."""
    rows = database.rows(
        "SELECT number, change_id, change_token, facts,"
        " (SELECT token::text FROM change WHERE id = change_id)"
        " FROM plan_version WHERE published_at IS NOT NULL ORDER BY number"
    )
    with connected(database.url) as engine:
        for number, change, token, facts, real in rows:
            with transaction(engine) as connection:
                found = plans.find_decision(connection, number)
            assert found is not None, f"version {number} is published without arrays"
            assert token == real, f"version {number} names another change"
            yield Kept(number, change, facts, *found.opened())


def check_versions(database: Database, stirred: Stirring) -> int:
    """Every version is whole, and says what stood; each was made from the one before it.

    Returns how many there are.
    """
    before: Kept | None = None
    count = 0
    begins = database.one("SELECT min(number) FROM plan_version WHERE published_at IS NOT NULL")
    for one in kept(database):
        where = f"version {one.number} of change {one.change}"
        stood = stirred.ledger[one.change]
        assert one.picture.change == one.change, where
        assert {closure.id for closure in one.picture.closures} == stood.closures, where
        assert openings_of(one.picture) == stood.openings, where
        assert not one.facts["held"], where
        _check_plan(one, where)
        assert before is None or one.change >= before.change, where
        made_from = f"{where} was not made from version {before.number if before else 'none'}"
        if before or one.number == begins:
            assert one.facts["changed"] == _changed(before, one), made_from
        before, count = one, count + 1
    return count


def _changed(before: Kept | None, after: Kept) -> dict[str, int]:
    """How many were told something else than by the version before, as its facts say it."""
    told = changed(before.assigned if before else None, after.assigned)
    kinds = {field.name: int(getattr(told, field.name).sum()) for field in fields(told)}
    return {"households": len(told.households), **kinds}


def _check_plan(one: Kept, where: str) -> None:
    plan, homes, sites = one.assigned, len(PERSONS), len(SITES)
    for name in ("verdict", "site", "why", "demand", "way"):
        assert getattr(plan, name).shape == (homes,), where
    for name in ("free", "load", "price"):
        assert getattr(plan, name).shape == (sites,), where
    assert ((plan.verdict >= 0) & (plan.verdict < len(VERDICTS))).all(), where
    assert ((plan.site >= NOWHERE) & (plan.site < sites)).all(), where
    there = plan.site != NOWHERE
    assert (plan.verdict[there] == GO).all(), where
    assert ((plan.way != 0) == there).all(), where
    assert (plan.why[there] == Unplaced.PLACED).all(), where
    assert (plan.why[~there & (plan.verdict == GO)] != Unplaced.PLACED).all(), where
    sums = np.bincount(plan.site[there], plan.demand[there], sites)
    assert np.array_equal(sums, plan.load), where
    assert (plan.load <= plan.free).all(), where
    for site, state in one.picture.openings.items():
        if not SiteState(state.opening).receives:
            assert plan.load[ROW[site]] == 0, where
    assert one.facts["figures"] == asdict(plan.figures) | {"gap": plan.figures.gap}, where
    assert isinstance(plan.figures, Figures)


def check_folder(database: Database, state: Path, stirred: Stirring) -> int:
    """What a server would map is whole and published, and is said to hold no more than it does.

    Returns its number, 0 before the first version.
    """
    name = mapped.current_name(mapped.home(state))
    if not name:
        return 0
    version = serving(state).version
    rows = database.rows(
        f"SELECT change_id, published_at FROM plan_version WHERE number = {version.number}"  # noqa: S608
    )
    assert rows, f"{name} is served, and nobody numbered it"
    ((change, published_at),) = rows
    assert published_at, f"{name} is served, and not published"
    assert version.picture.change == change
    checked = mapped.last_checked(mapped.home(state), name)
    if checked:
        assert not _missed(stirred, change, checked), f"{name} is said to hold all until {checked}"
    return version.number


def _missed(stirred: Stirring, change: int, checked: datetime) -> list[int]:
    """Changes that were known before that moment and are later than the version's."""
    return [
        number
        for number, stood in list(stirred.ledger.items())
        if number > change and stood.since < checked
    ]


def check_last(database: Database, stirred: Stirring) -> None:
    """The newest version holds the last change, and everybody who was counted."""
    *_, last = kept(database)
    assert last.change == stirred.last
    for site, persons in ROOMS.items():
        row, state = ROW[site], last.picture.openings[site]
        if state.opening.value == "full" or not SiteState(state.opening).receives:
            continue
        room = max(persons - stirred.inside[site], 0)
        free = int(last.assigned.free[row])
        assert free == room * HUNDREDTHS, f"{site} has {free}, not {room} hundreds"


def check_heard(database: Database) -> None:
    """Whoever has opened the slip heard of the last version that told something else."""
    links = database.rows("SELECT token_hash, household FROM household_link")
    keys = {household: way_key(hashed) for hashed, household in links}
    rows = database.rows("SELECT key, state FROM live_state WHERE topic = 'way'")
    heard = {key: state["number"] for key, state in rows if state}
    newest: dict[int, int] = {}
    before: Assigned | None = None
    for one in kept(database):
        for household in changed(before, one.assigned).households.tolist():
            newest[household] = one.number
        before = one.assigned
    missed = {
        household: (number, heard.get(keys[household]))
        for household, number in newest.items()
        if household in keys and heard.get(keys[household], 0) < number
    }
    assert not missed, f"household: (told by version, heard of version): {missed}"
