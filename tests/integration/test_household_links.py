"""The link of a household's slip: pseudonymous, revocable, over with the event."""

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from city.position import Position
from city.staff import CONSOLE
from data.database import transaction
from data.errors import NotThere
from data.people import audit
from operations.household import links, revoking
from operations.household.links import DeadLink, exchange, household_of, new_links
from operations.serving import utc_now
from tests.integration.databases import Database
from tests.integration.homed import AT, Slip, load, slips, write_homed_city
from tests.integration.small_city import position


@pytest.fixture(autouse=True)
def _city(engine: Engine, tmp_path: Path) -> None:
    load(engine, write_homed_city(tmp_path / "homed"))


def dead(engine: Engine, slip: Slip, now: datetime | None = None) -> bool:
    """Whether a slip's code opens nothing."""
    try:
        exchange(engine, slip.token, now or utc_now())
    except DeadLink:
        return True
    return False


def test_a_link_leads_to_its_household_and_is_stored_as_a_hash(
    engine: Engine, database: Database
) -> None:
    first, second = slips(engine, 0, 3)
    opened = exchange(engine, second.token, utc_now())
    home = household_of(engine, opened.secret, utc_now())
    assert home == opened.home
    assert home is not None
    assert (home.household, home.position) == (3, Position(*position(*AT[3])))
    stored = str(database.rows("SELECT * FROM household_link, household_session"))
    assert not [one for one in (first.token, second.token, opened.secret) if one in stored]


def test_a_token_has_128_random_bits_at_least_and_fits_a_fragment(engine: Engine) -> None:
    tokens = {slip.token for slip in slips(engine, *range(6))}
    assert len(tokens) == 6
    # Each letter of the alphabet of RFC 4648, 5 holds 6 bits.
    assert all(
        re.fullmatch(r"[\w-]+", token, re.ASCII) and len(token) * 6 >= 128 for token in tokens
    )
    assert links.link_to("https://city.example/", "abc") == "https://city.example/h#abc"


def test_the_whole_address_opens_as_its_code_does(engine: Engine) -> None:
    (slip,) = slips(engine, 0)
    assert exchange(engine, f" {links.link_to('https://x', slip.token)}\n", utc_now())


def test_a_thousand_links_are_made_within_a_second(engine: Engine) -> None:
    rows = [(number, Position(29.6, 135.4), f"S-{number}") for number in range(1000)]
    began = time.monotonic()
    with transaction(engine, latest=True) as connection:
        made = new_links(
            connection, "99902", rows, now=utc_now(), expires_at=utc_now() + timedelta(days=1)
        )
    assert time.monotonic() - began < 1
    assert len(set(made)) == 1000


def test_no_links_are_made_of_no_rows(engine: Engine) -> None:
    with transaction(engine, latest=True) as connection:
        assert new_links(connection, "99902", [], now=utc_now(), expires_at=utc_now()) == []


def test_a_link_dies_at_its_time_and_its_sessions_with_it(engine: Engine) -> None:
    until = utc_now() + timedelta(hours=1)
    (slip,) = slips(engine, 0, expires_at=until)
    secret = exchange(engine, slip.token, utc_now()).secret
    assert household_of(engine, secret, until - timedelta(seconds=1))
    assert household_of(engine, secret, until) is None
    assert dead(engine, slip, until)


@pytest.mark.parametrize(
    ("revoke", "left"),
    [
        (lambda e, n: revoking.revoke_label(e, CONSOLE, "ｓ－００３", now=n), [0, 4]),
        (lambda e, n: revoking.revoke_areas(e, CONSOLE, ["南町２丁目"], now=n), [0]),
        (lambda e, n: revoking.revoke_all(e, CONSOLE, now=n), []),
        (lambda e, n: revoking.end_event(e, CONSOLE, now=n), []),
    ],
    ids=["label", "area", "all", "event"],
)
def test_a_revoked_link_is_dead_and_so_are_its_sessions(
    engine: Engine, revoke: Callable[[Engine, datetime], int], left: list[int]
) -> None:
    made = slips(engine, 0, 3, 4)
    secrets = [exchange(engine, slip.token, utc_now()).secret for slip in made]
    assert revoke(engine, utc_now()) == 3 - len(left)
    assert [slip.household for slip in made if not dead(engine, slip)] == left
    found = [household_of(engine, secret, utc_now()) for secret in secrets]
    assert [one.household for one in found if one] == left


def test_a_label_of_no_living_link_is_said_and_an_area_that_is_none(engine: Engine) -> None:
    with pytest.raises(NotThere, match="使えるリンクはありません"):
        revoking.revoke_label(engine, CONSOLE, "S-999", now=utc_now())
    with pytest.raises(NotThere, match="東町"):
        revoking.revoke_areas(engine, CONSOLE, ["東町"], now=utc_now())


def test_the_audit_log_says_how_many_ended_and_neither_token_nor_place(engine: Engine) -> None:
    (slip,) = slips(engine, 3)
    exchange(engine, slip.token, utc_now())
    revoking.revoke_label(engine, CONSOLE, slip.label, now=utc_now())
    with transaction(engine) as connection:
        entry = audit.last(connection, 1)[0]
    assert (entry.actor, entry.action) == ("console", "household.revoked")
    assert dict(entry.details) == {"how": "label", "count": 1}


def test_who_found_a_slip_fills_no_table(engine: Engine, database: Database) -> None:
    (slip,) = slips(engine, 0)
    secrets = [exchange(engine, slip.token, utc_now()).secret for _ in range(23)]
    assert database.one("SELECT count(*) FROM household_session") == 20
    assert household_of(engine, secrets[-1], utc_now())
    assert household_of(engine, secrets[0], utc_now()) is None
