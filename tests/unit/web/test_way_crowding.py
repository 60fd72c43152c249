"""How full the destination is, on the way page: with its moment, and never as a choice."""

import re
from datetime import timedelta
from typing import Any

import pytest

from routing.guidance import Guidance
from shelters.place import Opening
from tests.unit.web.ground import NOW, SITES, asks, order, version
from tests.unit.web.test_places import a_state
from web.pages import way_page

UNKNOWN = "混み具合は分かりません。行き先として使えます。"
FIRST = SITES[0].id


def page(guidance: Guidance, *states: dict[str, Any], lang: str = "ja") -> str:
    """The way page with these states known."""
    return way_page(
        guidance,
        asked={"lat": "35.45", "lon": "139.05"},
        lang=lang,
        now=NOW,
        checked_at=NOW - timedelta(minutes=1),
        stale=False,
        page_url="https://nigemichi.example/way",
        states={one["id"]: one for one in states},
    )


def crowding(html: str) -> str:
    """What stands under 混み具合."""
    found = re.search(r"<dt>混み具合</dt>(<dd.*?</dd>)", html, re.S)
    assert found is not None
    return found.group(1)


def test_a_known_figure_is_shown_with_persons_and_moment() -> None:
    said = crowding(page(asks(version(order(4))), a_state(FIRST, band="some")))
    assert "やや混雑" in said
    assert "61 ／ 400 人" in said
    assert "20:38</time> 確認" in said


@pytest.mark.parametrize(
    "states", [(), (a_state(FIRST, minutes=31),), (a_state(FIRST, band=None),)]
)
def test_an_old_or_missing_figure_is_not_known(states: tuple[dict[str, Any], ...]) -> None:
    said = crowding(page(asks(version(order(4))), *states))
    assert UNKNOWN in said
    assert "空いています" not in said


def test_a_figure_says_what_it_becomes_when_it_grows_old() -> None:
    said = crowding(page(asks(version(order(4))), a_state(FIRST)))
    assert f'data-then="{UNKNOWN}"' in said
    assert 'data-until="2026-10-10T12:08:00+00:00"' in said


def test_a_full_destination_refuses_nobody() -> None:
    plan = version(order(4), opening=Opening.FULL)
    said = crowding(page(asks(plan), a_state(FIRST, opening="full", overflow=True)))
    assert "満員です。来た人は断りません。" in said
    assert "予備の部屋を使っています。" in said
    assert "data-until" not in said


def test_how_full_it_is_never_changes_which_place_is_shown() -> None:
    guidance = asks(version(order(4)))
    full = page(guidance, a_state(FIRST, band="full"), a_state(SITES[1].id))
    for html in (page(guidance), full):
        assert f'<p class="name">{FIRST}</p>' in html


def test_level_5_shows_no_figure() -> None:
    assert "混み具合" not in page(asks(version(order(5))), a_state(FIRST)).partition("<main")[2]


def test_the_way_page_leads_to_the_places_by_its_area_and_in_its_language() -> None:
    (there,) = re.findall(r'href="(/places[^"]+)"', page(asks(version(order(4))), lang="en"))
    assert there.endswith("&amp;lang=en")
    assert "area=" in there
    assert "lat" not in there


def test_a_full_destination_is_open_and_says_so() -> None:
    html = page(asks(version(order(4), opening=Opening.FULL)), a_state(FIRST, opening="full"))
    assert "開いています" in html
    assert "開設状況未確認" not in html


@pytest.mark.parametrize(("opening", "word"), [("endangered", "危険"), ("closed", "閉鎖")])
def test_a_destination_that_was_shut_a_moment_ago_is_not_called_usable(
    opening: str, word: str
) -> None:
    """The stream is quicker than the plan, and goes on where the planner does not."""
    since = (NOW - timedelta(seconds=2)).isoformat()
    shut = a_state(FIRST, opening=opening, opening_since=since, receives=False, band=None)
    said = crowding(page(asks(version(order(4))), shut))
    assert f"「{word}」と知らせがありました" in said
    assert "行き先として使えます" not in said
