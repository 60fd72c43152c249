"""Links, words, holds and groups follow their households when a load numbers them anew."""

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from city.intent import Intent
from city.staff import CONSOLE
from data.database import transaction
from data.homes.groups import standing_groups
from data.homes.links import Home
from data.homes.said import standing_said
from operations.household import grouping, holding
from operations.household.links import DeadLink, exchange, household_of
from operations.household.saying import say
from operations.serving import utc_now
from tests.integration.databases import Database
from tests.integration.homed import AT, Slip, load, slips, write_homed_city, write_homes
from tests.integration.small_city import STEP

CODE = "99902"
Places = Sequence[tuple[float, float]]


@pytest.fixture
def city(engine: Engine, tmp_path: Path) -> Path:
    """The city file of the loaded city."""
    made = write_homed_city(tmp_path / "homed")
    load(engine, made)
    return made


def reload(engine: Engine, city: Path, at: Places) -> None:
    """Load the city with its households at other places, or in another order."""
    load(engine, write_homes(city.parent, at))


def home(engine: Engine, slip: Slip) -> int | None:
    """The number of the household that a slip leads to."""
    try:
        return exchange(engine, slip.token, utc_now()).home.household
    except DeadLink:
        return None


def said(engine: Engine) -> dict[int, str]:
    """What each household says now."""
    with transaction(engine) as connection:
        return {one.household: one.intent for one in standing_said(connection, CODE)}


def opened(engine: Engine, slip: Slip) -> Home:
    """Who a slip lets in now."""
    return exchange(engine, slip.token, utc_now()).home


def test_everything_follows_its_household_to_its_new_number(
    engine: Engine, city: Path, database: Database
) -> None:
    made = slips(engine, *range(6))
    session = exchange(engine, made[5].token, utc_now()).secret
    for number, intent in ((0, Intent.KIN), (5, Intent.HOTEL), (3, Intent.CAR)):
        say(engine, number, intent, CONSOLE)
    holding.set_out(engine, opened(engine, made[4]), uuid4(), "E1", utc_now())
    grouping.add_group(engine, CONSOLE, "寮", [0, 1, 4], now=utc_now())
    reload(engine, city, tuple(reversed(AT)))
    # 1 and 2 stand in one house: the first of it stays the first.
    new = {0: 5, 1: 3, 2: 4, 3: 2, 4: 1, 5: 0}
    assert [home(engine, slip) for slip in made] == [new[one] for one in range(6)]
    assert said(engine) == {5: "kin", 0: "hotel", 2: "car"}
    assert database.one("SELECT household FROM hold") == 1
    with transaction(engine) as connection:
        (group,) = standing_groups(connection, CODE)
    assert group.households == (1, 3, 5)
    found = household_of(engine, session, utc_now())
    assert found is not None
    assert found.household == 0


def test_the_same_file_once_more_changes_nothing(engine: Engine, city: Path) -> None:
    made = slips(engine, *range(6))
    say(engine, 3, Intent.KIN, CONSOLE)
    reload(engine, city, AT)
    assert [home(engine, slip) for slip in made] == list(range(6))
    assert said(engine) == {3: "kin"}


@pytest.mark.parametrize(("moved_m", "there"), [(0.8, True), (1.5, False)])
def test_a_household_within_a_metre_is_the_same(
    engine: Engine, city: Path, moved_m: float, there: bool
) -> None:
    (slip,) = slips(engine, 3)
    x, y = AT[3]
    reload(engine, city, [*AT[:3], (x, y + moved_m / (111_000 * STEP)), *AT[4:]])
    assert home(engine, slip) == (3 if there else None)


def test_who_is_there_no_more_has_a_dead_link_and_no_word(
    engine: Engine, city: Path, database: Database
) -> None:
    made = slips(engine, *range(6))
    say(engine, 3, Intent.KIN, CONSOLE)
    grouping.add_group(engine, CONSOLE, "寮", [2, 3], now=utc_now())
    reload(engine, city, [AT[0], AT[1], AT[4], AT[5]])
    # Of the two in one house there is one left: the first.
    assert [home(engine, slip) for slip in made] == [0, 1, None, None, 2, 3]
    assert said(engine) == {}
    with transaction(engine) as connection:
        assert standing_groups(connection, CODE) == []
    assert database.one("SELECT count(*) FROM household_said WHERE household IS NULL") == 1


def test_another_city_leaves_the_links_of_this_one_and_they_come_back_with_it(
    engine: Engine, city: Path, tmp_path: Path
) -> None:
    made = slips(engine, *range(6))
    load(engine, write_homed_city(tmp_path / "other", "99903"))
    assert [home(engine, slip) for slip in made] == [None] * 6
    reload(engine, city, tuple(reversed(AT)))
    # Nobody knows any more which of the two in one house was which.
    assert [home(engine, slip) for slip in made] == [5, None, None, 2, 1, 0]
