"""Where somebody registers: a household, a point, an area; and where they are after a new load."""

from pathlib import Path

import pytest

from city.position import Position
from data.database import transaction
from data.errors import NotThere
from data.homes import links
from operations.people.signing import hash_of
from operations.registering.errors import NoWay
from operations.registering.register import register
from operations.registering.standing import Given
from tests.integration.homed import AT, load, slips, write_homed_city, write_homes
from tests.integration.registered import NOW, NUMBER, SMS, Office, asked
from tests.integration.small_city import position

NORTH, SOUTH = "北町一丁目", "南町二丁目"


@pytest.mark.parametrize(
    ("street", "household", "area", "has_point"),
    [
        (AT[3], 3, SOUTH, True),
        ((AT[3][0] + 0.2, AT[3][1]), 3, SOUTH, True),
        ((AT[3][0] + 0.35, AT[3][1]), None, SOUTH, False),
        (AT[1], None, NORTH, False),
        ((-1.5, 1.0), None, None, True),
    ],
    ids=["at the door", "20 m away", "35 m away", "two households there", "outside all areas"],
)
def test_a_point_is_the_one_household_near_it_or_else_its_area(
    office: Office,
    street: tuple[float, float],
    household: int | None,
    area: str | None,
    has_point: bool,
) -> None:
    given = Given(position=Position(*position(*street)))
    register(office.engine, office.sealer, asked(given, {SMS: NUMBER}), NOW)
    rows = office.database.rows("SELECT household, area_name, geom IS NOT NULL FROM recipient")
    assert rows == [(household, area, has_point)]


def test_the_link_of_a_slip_is_its_household_exactly(office: Office) -> None:
    (slip,) = slips(office.engine, 2)
    with transaction(office.engine) as connection:
        home = links.find_by_link(connection, hash_of(slip.token), NOW.replace(year=2000))
    assert home
    register(office.engine, office.sealer, asked(Given(home=home), {SMS: NUMBER}), NOW)
    assert office.database.rows("SELECT household, area_name FROM recipient") == [(2, NORTH)]


def test_an_area_is_found_however_it_is_spelled_and_none_is_made_up(office: Office) -> None:
    register(office.engine, office.sealer, asked("北町 １丁目", {SMS: NUMBER}), NOW)
    assert office.database.one("SELECT area_name FROM recipient") == NORTH
    for name in ("", "東町一丁目", "北" * 501, "'; DROP TABLE recipient; --"):
        with pytest.raises(NotThere):
            register(office.engine, office.sealer, asked(name, {SMS: NUMBER}), NOW)


def test_without_a_way_nobody_registers(office: Office) -> None:
    with pytest.raises(NoWay):
        register(office.engine, office.sealer, asked(NORTH), NOW)
    assert office.count("recipient") == 0


def test_who_registered_follows_their_household_into_the_next_load(
    office: Office, tmp_path: Path
) -> None:
    for street in (AT[3], AT[5], AT[0]):
        given = Given(position=Position(*position(*street)))
        register(office.engine, office.sealer, asked(given, {SMS: NUMBER}), NOW)
    at = [AT[0], AT[3], AT[1]]
    folder = tmp_path / "again"
    write_homed_city(folder)
    load(office.engine, write_homes(folder, at))
    rows = office.database.rows("SELECT household, area_name FROM recipient ORDER BY id")
    assert rows == [(1, SOUTH), (None, NORTH), (0, NORTH)]
