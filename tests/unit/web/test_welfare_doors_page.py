"""The welfare role's page of door lists as it comes: all words, no list, nothing kept."""

import re
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from alerts.doors import DoorOutcome
from alerts.registration import AccessNeed
from city.staff import Caller, CallerKind, Role
from tests.unit.web.ground import CARD
from web.staff.phone import phone_page
from web.staff.signin import home_of
from web.staff.welfaredoors import doors_page

NOW = datetime(2026, 10, 12, 17, 14, tzinfo=UTC)
STATIC = Path(__file__).parents[3] / "web" / "static"
SCRIPTS = sorted([*STATIC.glob("welfaredoor*.js"), STATIC / "doorlists.js"])


def caller(*roles: Role) -> Caller:
    return Caller(CallerKind.STAFF, 3, "架空 花子", frozenset(roles))


def test_everything_that_a_door_can_say_has_a_word() -> None:
    page = doors_page(caller=caller(Role.WELFARE), csrf="c", card=CARD, now=NOW)
    found = re.search(r'data-words="([^"]*)"', page)
    assert found is not None
    words = orjson.loads(found[1].replace("&#34;", '"'))
    assert set(words["outcome"]) == set(DoorOutcome)
    assert set(words["need"]) == set(AccessNeed)


def test_before_there_is_a_city_the_page_comes_too() -> None:
    assert "戸別の一覧" in doors_page(caller=caller(Role.WELFARE), csrf="c", card=None, now=NOW)


def test_the_welfare_role_begins_there_and_every_page_of_theirs_leads_there() -> None:
    link = '<a href="/welfare/doors">'
    assert home_of(caller(Role.WELFARE)) == "/welfare/doors"
    assert home_of(caller(Role.WELFARE, Role.OPERATOR)) == "/hq"
    for roles, has in (((Role.PHONE, Role.WELFARE), True), ((Role.PHONE,), False)):
        page = phone_page(caller=caller(*roles), csrf="c", card=CARD, now=NOW)
        assert (link in page) is has


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_script_of_it_takes_markup_or_keeps_a_door(file: Path) -> None:
    text = file.read_text("utf-8")
    assert not re.search("innerHTML|insertAdjacentHTML|outerHTML|document.write", text)
    assert not re.search("localStorage|sessionStorage|indexedDB|caches|history|cookie", text)
    assert text.count("\n") < 200
