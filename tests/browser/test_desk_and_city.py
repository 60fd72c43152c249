"""Tablets at a running server over PostGIS: what they count is in its log once."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from api.gate.credentials import DEVICE
from city.staff import CONSOLE, Role
from operations.people.devices import add_device, revoke_device
from operations.places.needs import answer_need
from operations.places.openings import change_opening
from operations.places.siteinfo import GivenRoom, set_room
from shelters.counting import CountKind, HeadCount, figure
from shelters.needs import NeedState
from shelters.place import Opening
from shelters.rooms import MeantFor
from tests.browser.hqserver import Headquarters, headquarters
from tests.integration.databases import Server
from tests.integration.processes import wait_for

BEGAN = datetime(2026, 10, 10, 11, 0, tzinfo=UTC)
MODEL = """async cases => {
  const {figureOf} = await import('/static/deskmodel.js');
  return cases.map(({state, rows}) => {
    const {persons, rooms} = figureOf(state, rows);
    return {persons, rooms: Object.fromEntries(rooms)};
  });
}"""


@pytest.fixture(scope="module")
def city(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Headquarters]:
    """One server for all tests here: each uses a place of its own."""
    with headquarters(server, with_plan, tmp_path_factory.mktemp("city")) as made:
        yield made


@dataclass
class Tablet:
    """A tablet with a disk of its own, let in at one place."""

    context: BrowserContext
    city: Headquarters
    site: str
    number: int

    def opened(self) -> Page:
        """The desk, kept for when there is no network."""
        page = self.context.new_page()
        page.goto(f"{self.city.url}/desk")
        page.wait_for_selector("html[data-kept]")
        return page

    def press(self, page: Page, *names: str) -> None:
        """Press buttons of the clicker, and see the number that they make."""
        before = page.locator("#persons").inner_text()
        for name in names:
            page.locator(f"[data-press='{name}']").click()
        counts(page, int(before.replace("—", "0")) + sum(map(int, names)))


@contextmanager
def tablet(browser: Browser, city: Headquarters, place: int, **values: Any) -> Iterator[Tablet]:
    """A tablet at the place of that number, which is open."""
    name = city.names()[place]
    site, now = city.site(name), datetime.now(UTC)
    by, before = city.officer(Role.OPERATOR).caller, now - timedelta(minutes=2)
    change_opening(city.engine, by, site, Opening.OPEN, now=before)
    number, token = add_device(
        city.engine, CONSOLE, name="受付 1", role=Role.DESK, site_id=site, now=now
    )
    window = {"width": 820, "height": 1180}
    context = browser.new_context(**{"viewport": window, "locale": "ja-JP", **values})
    context.set_default_timeout(20_000)
    context.add_cookies([{"name": DEVICE, "value": token, "url": city.url}])
    try:
        yield Tablet(context, city, site, number)
    finally:
        context.close()


def unsent(page: Page, number: int) -> None:
    """How many wait."""
    expect(page.locator("#waits")).to_have_text(f"未送信 {number}件", timeout=30_000)


def counts(page: Page, persons: int) -> None:
    """The number on the screen."""
    expect(page.locator("#persons")).to_have_text(str(persons), timeout=20_000)


def log_of(city: Headquarters, site: str) -> list[tuple[Any, ...]]:
    """Every head count of a place: kind and persons."""
    where = f"site_id = '{site}'"  # ours
    return city.database.rows(
        f"SELECT kind, persons FROM head_count WHERE {where} ORDER BY counted_at, id"  # noqa: S608
    )


def test_an_evening_offline_is_in_the_log_once(browser: Browser, city: Headquarters) -> None:
    with tablet(browser, city, 0) as one:
        page = one.opened()
        one.press(page, "5", "5")
        unsent(page, 0)
        one.context.set_offline(True)
        one.press(page, "1", "5", "-1")
        page.get_by_role("button", name="直前の −1 を取り消す").click()
        counts(page, 16)
        page.reload()
        counts(page, 16)
        unsent(page, 4)
        assert len(log_of(city, one.site)) == 2
        one.context.set_offline(False)
        unsent(page, 0)
        counts(page, 16)
        expect(page.locator("#city")).to_contain_text("市に届いている数 16 人")
        found = Axe().run(page)
        assert found.response["violations"] == [], found.generate_report()
        assert sorted(persons for _, persons in log_of(city, one.site)) == [-1, 1, 1, 5, 5, 5]


def test_a_lost_answer_changes_nothing_when_it_is_sent_again(
    browser: Browser, city: Headquarters
) -> None:
    lost: list[int] = []

    def lose_first(route: Route) -> None:
        answer = route.fetch()
        lost.append(answer.status)
        if len(lost) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    with tablet(browser, city, 1, service_workers="block") as one:
        one.context.route("**/api/v1/desk/counts", lose_first)
        page = one.context.new_page()
        page.goto(f"{city.url}/desk")
        page.wait_for_selector("html[data-ready]")
        one.press(page, "5")
        wait_for("the answer is lost", lambda: page.wait_for_timeout(50) or lost)
        unsent(page, 0)
        counts(page, 5)
        assert lost[:2] == [200, 200]
        assert log_of(city, one.site) == [("change", 5)]


def test_two_tablets_of_one_place_follow_each_other(browser: Browser, city: Headquarters) -> None:
    with tablet(browser, city, 2) as one, tablet(browser, city, 2) as other:
        here, there = one.opened(), other.opened()
        one.press(here, "5")
        expect(there.locator("#persons")).to_have_text("5", timeout=3_000)
        other.press(there, "1")
        expect(here.locator("#persons")).to_have_text("6", timeout=3_000)


def test_a_revoked_tablet_shows_what_it_counted_also_after_a_reload(
    browser: Browser, city: Headquarters
) -> None:
    with tablet(browser, city, 3) as one:
        page = one.opened()
        one.press(page, "5")
        unsent(page, 0)
        revoke_device(city.engine, CONSOLE, one.number, now=datetime.now(UTC))
        one.press(page, "1")
        expect(page.locator("#net")).to_contain_text("この端末は使えなくなっています")
        page.reload()
        expect(page.locator("#net")).to_contain_text("本部に連絡してください")
        counts(page, 6)
        unsent(page, 1)
        assert log_of(city, one.site) == [("change", 5)]


def test_rooms_needs_and_their_answers_come_to_the_desk(
    browser: Browser, city: Headquarters
) -> None:
    with tablet(browser, city, 4) as one:
        now = datetime.now(UTC)
        gym = GivenRoom("体育館", 140, MeantFor.GENERAL, overflow=False, in_use=True)
        spare = GivenRoom("予備の教室", 60, MeantFor.GENERAL, overflow=True, in_use=False)
        set_room(city.engine, CONSOLE, one.site, "gym", gym, now=now)
        set_room(city.engine, CONSOLE, one.site, "spare", spare, now=now)
        page = one.opened()
        page.get_by_role("button", name="予備の教室を開ける（60人）").click()
        expect(page.locator("#capacity")).to_contain_text("定員 200 人")
        page.get_by_label("予備の教室").check()
        one.press(page, "5")
        unsent(page, 0)
        expect(page.locator("#rooms")).to_contain_text("5 ／ 60 人")
        page.get_by_role("button", name="物資").click()
        page.get_by_label("ひとことで").fill("毛布 30枚")
        page.get_by_role("button", name="市に知らせる").click()
        expect(page.locator("#needs")).to_contain_text("市に届きました")
        need = city.database.one(f"SELECT id FROM site_need WHERE site_id = '{one.site}'")  # noqa: S608
        by = city.officer(Role.OPERATOR).caller
        later = now + timedelta(minutes=40)
        answer_need(city.engine, by, need, NeedState.ACCEPTED, expected_at=later, now=now)
        expect(page.locator("#needs")).to_contain_text("市が受け付けました", timeout=10_000)
        expect(page.locator("#needs")).to_contain_text("到着の見込み")
        page.locator("#say-full").click()
        page.locator("#say-full").click()
        expect(page.locator("#opening")).to_have_text("満員")


def test_a_code_counts_once_and_nothing_has_changed_changes_no_number(
    browser: Browser, city: Headquarters
) -> None:
    code = "nigemichi:in:0a1b2c3d-0000-4000-8000-000000000003:4"
    with tablet(browser, city, 5) as one, tablet(browser, city, 5) as other:
        for each, said in ((one, "4人 入りました。"), (other, "このコードは受付ずみです。")):
            page = each.opened()
            page.get_by_label("読み取り機はここに").fill(code)
            page.keyboard.press("Enter")
            expect(page.locator("#code-said")).to_have_text(said)
            counts(page, 4)
        other.press(page, "5")
        unsent(page, 0)
        other.context.set_offline(True)
        page.locator("#still").click()
        unsent(page, 1)
        one.press(one.context.pages[0], "1")
        other.context.set_offline(False)
        unsent(page, 0)
        counts(page, 10)
        assert log_of(city, one.site)[2:] == [("still", 9), ("change", 1)]


def _counts(random_: random.Random, number: int, minutes: int) -> list[HeadCount]:
    """Counts one minute apart, as an evening brings them."""
    made = []
    for at in range(number):
        kind = random_.choice(
            [CountKind.CHANGE, CountKind.CHANGE, CountKind.TOTAL, CountKind.STILL]
        )
        persons = (
            random_.choice([-1, 1, 5]) if kind is CountKind.CHANGE else random_.randint(30, 90)
        )
        room = random_.choice([None, "gym", "hall"])
        made.append(
            HeadCount(
                f"{minutes + at}", kind, persons, BEGAN + timedelta(minutes=minutes + at), room
            )
        )
    return made


def _rows(own: list[HeadCount]) -> list[dict[str, Any]]:
    """What a tablet keeps of counts that it has not sent."""
    return [
        {
            "to": "counts",
            "status": "queued",
            "body": {
                "kind": one.kind,
                "persons": one.persons,
                "room": one.room,
                "at": one.counted_at.isoformat(),
            },
        }
        for one in own
    ]


def _reckoned(browser: Browser, city: Headquarters, cases: list[dict[str, Any]]) -> Any:
    """What a tablet makes of each case: a state of the city and its own rows."""
    page = browser.new_page(bypass_csp=True)
    page.goto(f"{city.url}/checkin")
    found = page.evaluate(MODEL, cases)
    page.close()
    return found


def test_the_tablet_reckons_as_the_city_does(browser: Browser, city: Headquarters) -> None:
    random_ = random.Random(4)
    first = HeadCount("first", CountKind.TOTAL, 200, BEGAN)
    gym = HeadCount("gym", CountKind.TOTAL, 60, BEGAN, "gym")
    hall = HeadCount("hall", CountKind.TOTAL, 40, BEGAN, "hall")
    cases, wanted = [], []
    for _ in range(300):
        known = [gym, hall, first, *_counts(random_, random_.randint(0, 6), 10)]
        own = _counts(random_, random_.randint(1, 6), 60)
        before, after = figure(known), figure([*known, *own])
        state = {
            "raw_persons": before.persons,
            "rooms": [{"room": one, "persons": before.in_room(one)} for one in before.rooms],
        }
        cases.append({"state": state, "rows": _rows(own)})
        rooms = {one: after.in_room(one) for one in after.rooms}
        wanted.append({"persons": after.persons, "rooms": rooms})
    assert _reckoned(browser, city, cases) == wanted


def test_the_tablet_reckons_as_the_city_does_where_nobody_counted_before(
    browser: Browser, city: Headquarters
) -> None:
    random_ = random.Random(7)
    rooms: dict[str, int | None] = dict.fromkeys(("gym", "hall"))
    state = {"raw_persons": None, "rooms": [{"room": one, "persons": None} for one in rooms]}
    cases, wanted = [], []
    for _ in range(300):
        own = _counts(random_, random_.randint(1, 8), 10)
        after = figure(own)
        none = after.persons is None
        cases.append({"state": state, "rows": _rows(own)})
        wanted.append({"persons": None if none else after.raw, "rooms": rooms | dict(after.rooms)})
    assert _reckoned(browser, city, cases) == wanted
