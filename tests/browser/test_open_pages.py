"""Pages that stay open: their ages grow, a new plan comes by itself, what is old says so."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from api.headers import MAP_POLICY, POLICY
from routing.version import PlanVersion
from tests.unit.web.ground import NOW, asks, ground, order, version
from web import pages
from web.home import home_view
from web.moving import is_on
from web.pages import home_page, way_page

HERE = ground()
CALM = version(order(4), on=HERE)
WORSE = version(order(5), on=HERE, number=129)
SITE = "https://nigemichi.example"
LATE = re.compile("市の最新情報を確認できません。この案内を確認したのは")
STATIC = Path(pages.__file__).parent / "static"
LOOK = 30_000
"""Milliseconds after which a page looks for a new plan."""


@dataclass
class Site:
    """What the server says while a page is open. `silent` paths fail, `hanging` ones never end."""

    plan: PlanVersion = CALM
    now: datetime = NOW
    stale: bool = False
    silent: tuple[str, ...] = ()
    hanging: tuple[str, ...] = ()
    hung: list[Route] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        """Answer one request."""
        url = urlsplit(route.request.url)
        if route.request.is_navigation_request():
            self.loads.append(url.path)
        if url.path in self.silent:
            route.abort()
        elif url.path in self.hanging:
            self.hung.append(route)
        elif url.path == "/readyz":
            route.fulfill(body=self.ready(), content_type="application/json")
        elif url.path in ("/", "/way"):
            page = self.page(url.path, dict(parse_qsl(url.query)))
            route.fulfill(
                body=page,
                content_type="text/html; charset=utf-8",
                headers={"content-security-policy": MAP_POLICY if is_on(page) else POLICY},
            )
        elif url.path == "/static/roads.js":
            route.fulfill(path=STATIC / "roads.js", content_type="text/javascript")
        elif url.path == "/api/v1/live/events":
            route.fulfill(status=204)
        elif url.path == "/map.svg":
            route.fulfill(body="<svg/>", content_type="image/svg+xml")

    def ready(self) -> str:
        """The answer of `/readyz`."""
        checked = self.now.isoformat(timespec="seconds")
        number = self.plan.number
        table = {"ready": True, "plan_version": number, "checked_at": checked, "stale": self.stale}
        return json.dumps(table)

    def page(self, path: str, query: dict[str, str]) -> str:
        """The home page or the way page as of now."""
        checked = self.now - timedelta(minutes=1)
        lang = query.get("lang", "ja")
        if path == "/":
            view = home_view(
                self.plan, query, lang=lang, now=self.now, checked_at=checked, stale=self.stale
            )
            return home_page(view)
        return way_page(
            asks(self.plan),
            asked=query,
            lang=lang,
            now=self.now,
            checked_at=checked,
            stale=self.stale,
            page_url=f"{SITE}/way",
        )


@dataclass
class Reader:
    """A page somebody keeps open, and the site behind it."""

    page: Page
    site: Site
    complaints: list[str]

    def open(self, path: str = "/way") -> None:
        """Load a page."""
        self.page.goto(SITE + path)

    def wait(self, milliseconds: int) -> None:
        """Let time go by, at the site as well."""
        self.site.now += timedelta(milliseconds=milliseconds)
        self.page.clock.run_for(milliseconds)

    def look(self) -> None:
        """Wait until the page has looked for a new plan and heard of it."""
        with self.page.expect_event("requestfinished", lambda one: "/readyz" in one.url):
            self.wait(LOOK)

    def look_in_vain(self) -> None:
        """Wait until the page has looked and heard nothing."""
        with self.page.expect_event("requestfailed"):
            self.wait(LOOK)

    @property
    def status(self) -> Locator:
        """Where the page says that it is late."""
        return self.page.get_by_role("status").first

    def reads(self, text: str) -> bool:
        """Whether the page says so, at any place that is shown."""
        return text in self.page.inner_text("body")


@pytest.fixture
def reader(browser: Browser) -> Iterator[Reader]:
    """A phone at 20:42."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_default_timeout(10_000)
    site, complaints = Site(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(f"Content Security Policy? {error}"))
    page.route("**/*", site.answer)
    page.clock.install(time=NOW)
    yield Reader(page, site, complaints)
    assert [text for text in complaints if "Content Security Policy" in text] == []
    page.close()


@pytest.mark.parametrize("path", ["/", "/way"])
def test_age_stands_beside_every_time_and_grows(reader: Reader, path: str) -> None:
    reader.open(path)
    assert reader.reads("20:30（12分前） 市長が発令")
    assert reader.reads("20:41（1分前） 現在の案内")
    reader.site.silent = ("/readyz",)
    reader.wait(60_000)
    assert reader.reads("20:30（13分前） 市長が発令")
    reader.wait(60 * 60_000)
    assert reader.reads("20:30（1時間13分前） 市長が発令")
    assert "（" in reader.page.locator("time").last.inner_text()


def test_age_does_not_wait_for_the_site(reader: Reader) -> None:
    reader.open("/way")
    moment = (NOW - timedelta(seconds=50)).isoformat()
    reader.page.evaluate("at => document.querySelector('time').dateTime = at", moment)
    reader.wait(20_000)
    assert reader.page.locator("time").first.locator(".ago").inner_text() == "（1分前）"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-5, "たった今"),
        (0.9, "たった今"),
        (1, "1分前"),
        (59, "59分前"),
        (60, "1時間前"),
        (112, "1時間52分前"),
        (60 * 24, "1日前"),
        (60 * 50, "2日前"),
    ],
)
def test_age_is_said_in_words(reader: Reader, minutes: float, words: str) -> None:
    reader.open("/way")
    moment = (NOW - timedelta(minutes=minutes)).isoformat()
    reader.page.evaluate("at => document.querySelector('time').dateTime = at", moment)
    reader.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert reader.page.locator("time").first.locator(".ago").inner_text() == f"（{words}）"


def test_age_is_said_in_english(reader: Reader) -> None:
    reader.open("/way?lang=en")
    assert reader.reads("Issued by the mayor at 20:30 (12 min ago)")


def test_phone_whose_clock_is_slow_makes_nothing_younger(reader: Reader) -> None:
    reader.page.clock.set_system_time(NOW - timedelta(hours=3))
    reader.open("/way")
    assert reader.reads("20:30（12分前）")
    reader.wait(60_000)
    assert reader.reads("20:30（13分前）")


def test_new_plan_loads_the_page_once(reader: Reader) -> None:
    reader.open("/way")
    reader.look()
    reader.look()
    assert reader.site.loads == ["/way"]
    reader.site.plan = WORSE
    with reader.page.expect_navigation():
        reader.wait(LOOK)
    assert reader.page.inner_text("h1").replace("\n", "") == "直ちに安全確保"
    reader.look()
    reader.look()
    assert reader.site.loads == ["/way", "/way"]
    expect(reader.status).to_be_empty()


def test_new_plan_reaches_the_home_page_and_keeps_what_was_typed(reader: Reader) -> None:
    reader.open("/?lang=ja")
    reader.page.get_by_label("車いすの人がいる").check()
    reader.page.get_by_label("建物の階数").fill("3")
    reader.site.plan = WORSE
    with reader.page.expect_navigation():
        reader.wait(LOOK)
    assert reader.reads("警戒レベル5 緊急安全確保")
    expect(reader.page.get_by_label("車いすの人がいる")).to_be_checked()
    expect(reader.page.get_by_label("建物の階数")).to_have_value("3")
    reader.look()
    assert reader.site.loads == ["/", "/"]


@pytest.mark.parametrize("path", ["/", "/way"])
def test_page_without_news_stays_and_says_since_when(reader: Reader, path: str) -> None:
    reader.open(path)
    reader.look()
    expect(reader.status).to_be_empty()
    reader.site.silent = ("/readyz", path)
    reader.look_in_vain()
    expect(reader.status).to_contain_text(LATE)
    expect(reader.status).to_contain_text("たった今です。")
    reader.wait(12 * 60_000)
    expect(reader.status).to_contain_text("12分前です。")
    expect(reader.status.locator("p")).to_be_visible()
    assert reader.site.loads == [path]
    assert reader.reads("20:30（")


def test_notice_goes_when_the_site_answers_again_and_nothing_changed(reader: Reader) -> None:
    reader.open("/way")
    reader.site.silent = ("/readyz",)
    reader.look_in_vain()
    expect(reader.status).to_contain_text(LATE)
    reader.site.silent = ()
    reader.look()
    expect(reader.status).to_be_empty()
    assert reader.site.loads == ["/way"]


def test_answer_that_never_ends_is_no_answer(reader: Reader) -> None:
    reader.open("/way")
    reader.site.hanging = ("/readyz",)
    with reader.page.expect_request("**/readyz"):
        reader.wait(LOOK)
    expect(reader.status).to_be_empty()
    reader.wait(9_000)
    expect(reader.status).to_contain_text(LATE)


def test_stale_plan_is_said_to_be_old(reader: Reader) -> None:
    reader.open("/way")
    reader.site.stale = True
    reader.look()
    expect(reader.status).to_contain_text(LATE)
    reader.site.stale = False
    reader.look()
    expect(reader.status).to_be_empty()


def test_page_that_came_stale_says_so_once_and_until_it_is_confirmed(reader: Reader) -> None:
    reader.site.stale = True
    reader.open("/way")
    reader.look()
    text = reader.status.inner_text()
    assert re.fullmatch(r"20:41（1分前） から市の最新情報を確認できていません。.*", text)
    reader.site.stale = False
    reader.look()
    expect(reader.status).to_be_empty()


def test_page_is_not_given_up_for_one_that_does_not_come(reader: Reader) -> None:
    reader.open("/way")
    reader.site.plan = WORSE
    reader.site.silent = ("/way",)
    reader.look_in_vain()
    expect(reader.status).to_contain_text(LATE)
    assert reader.site.loads == ["/way"]
    assert reader.page.inner_text("h1").replace("\n", "") == "今すぐ避難"
    reader.site.silent = ()
    with reader.page.expect_navigation():
        reader.wait(LOOK)
    assert reader.page.inner_text("h1").replace("\n", "") == "直ちに安全確保"


@pytest.mark.parametrize("letters", [16, 32])
def test_notice_stays_in_sight_and_leaves_room_to_read(reader: Reader, letters: int) -> None:
    reader.open("/way")
    reader.page.evaluate(f"document.documentElement.style.fontSize = '{letters}px'")
    reader.site.silent = ("/readyz",)
    reader.look_in_vain()
    reader.page.locator("#steps").scroll_into_view_if_needed()
    box = reader.status.bounding_box()
    assert box
    assert 0 <= box["y"] < 1
    assert box["height"] < 844 / 3
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_paper_holds_no_age(reader: Reader) -> None:
    reader.open("/way")
    reader.site.silent = ("/readyz",)
    reader.look_in_vain()
    reader.page.emulate_media(media="print")
    assert not re.search("前）|前です", reader.page.inner_text("body"))
