"""The page of places in a browser: without script, narrow, large, dark, printed; and live."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import shapely
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, WebSocketRoute, expect

from api.placespage import PLACES_POLICY
from routing.version import PlanVersion
from tests.browser.test_pages import SMALL
from tests.unit.web.ground import NOW, SITES, asks, at, box, ground, order, site, version
from tests.unit.web.test_places import AREA, a_state
from tests.unit.web.test_way_crowding import UNKNOWN
from tests.unit.web.test_way_crowding import page as way_document
from web.assets import find_asset
from web.language import translator
from web.pages import places_page
from web.placeasked import PlacesAsked
from web.places import places_view
from web.placesmap import places_image

SITE = "https://nigemichi.example"
FULL, DRY = SITES[0].id, SITES[1].id
EXTRA = tuple(
    site(name, 90 + 140 * n, 430) for n, name in enumerate(("西集会所", "高台", "港会館"))
)
HERE = ground((*SITES, *EXTRA))
ASKED = {
    "point": PlacesAsked(position=at(610, 330), kept={"lat": "35.45", "lon": "139.05"}),
    "area": PlacesAsked(area=AREA, kept={"area": AREA}),
    "city": PlacesAsked(),
}


def states() -> dict[str, dict[str, Any]]:
    """A place of each kind."""
    later = (NOW + timedelta(minutes=18)).isoformat()
    told = [
        a_state(FULL, band="full", persons=300, capacity=300, overflow=True),
        a_state(DRY, minutes=9),
        a_state(SITES[2].id, minutes=52),
        a_state(EXTRA[0].id, band="crowded", minutes=2),
        a_state(EXTRA[1].id, opening="preparing", band=None, expected_at=later),
        a_state(EXTRA[2].id, opening="closed", band=None, note="浸水のため使えません"),
    ]
    return {one["id"]: one for one in told}


@dataclass
class Served:
    """What the server says. `events` is the live stream from before the page was opened."""

    plan: PlanVersion = field(
        default_factory=lambda: version(order(4), on=HERE, water=box(700, 60, 820, 120))
    )
    states: dict[str, dict[str, Any]] = field(default_factory=states)
    events: list[dict[str, Any]] = field(default_factory=list)
    asked: PlacesAsked = ASKED["point"]
    loads: int = 0
    socket: WebSocketRoute | None = None

    def answer(self, route: Route) -> None:
        """Answer one request."""
        url = urlsplit(route.request.url)
        query = dict(parse_qsl(url.query))
        if url.path == "/places":
            self.loads += 1
            route.fulfill(
                body=self.page(query.get("lang", "ja")),
                content_type="text/html; charset=utf-8",
                headers={"content-security-policy": PLACES_POLICY},
            )
        elif url.path == "/places.svg":
            route.fulfill(body=places_image(self.plan, query), content_type="image/svg+xml")
        elif url.path.startswith("/static/"):
            asset = find_asset(url.path.removeprefix("/static/"))
            assert asset is not None
            route.fulfill(body=asset.body, content_type=asset.media_type)
        else:
            route.abort()

    def page(self, lang: str = "ja") -> str:
        """The page as of now."""
        view = places_view(
            self.plan,
            self.states,
            self.asked,
            translator(lang),
            now=NOW,
            checked_at=NOW - timedelta(seconds=30),
            stale=False,
        )
        return places_page(view, asked=dict(self.asked.kept), lang=lang, since="1:0")

    def listen(self, socket: WebSocketRoute) -> None:
        """Tell a page that follows what it does not know."""
        self.socket = socket
        for one in self.events:
            socket.send(json.dumps(one))

    def told(self, **said: Any) -> None:
        """Something that the stream tells of the place with room."""
        self.tell("sites", DRY, a_state(DRY, minutes=0) | said)

    def tell(self, topic: str, key: str, state: dict[str, Any] | None) -> None:
        """Something that the stream tells."""
        offset = len(self.events) + 1
        change = {"epoch": "1", "offset": offset, "topic": topic, "key": key, "state": state}
        self.events.append(change)
        if self.socket:
            self.socket.send(json.dumps(change))

    def ordered(self, level: int, *areas: str, number: int = 2) -> None:
        """The stream tells of an order."""
        state = {"hazard": "flood", "level": level, "area_names": list(areas)}
        self.tell("levels", f"order:{number}", state | {"since": NOW.isoformat()})


@pytest.fixture
def served() -> Served:
    """The server of a test."""
    return Served()


def opened(
    browser: Browser, served: Served, *, width: int = 390, lang: str = "ja", **context: Any
) -> Page:
    """The page in a window of that width, at the moment at which it was made."""
    page = browser.new_page(viewport={"width": width, "height": 844}, **context)
    page.route("**/*", served.answer)
    page.route_web_socket("**/api/v1/live?*", served.listen)
    page.clock.install(time=NOW)
    page.goto(f"{SITE}/places?lang={lang}")
    return page


@pytest.fixture
def live(browser: Browser, served: Served) -> Iterator[Page]:
    """The page with its script."""
    page = opened(browser, served)
    yield page
    page.close()


def row(page: Page, name: str) -> Locator:
    """A place of the list."""
    return page.locator(f'.pl[data-id="{name}"]')


@pytest.mark.parametrize("asked", ASKED)
def test_without_script_the_page_is_whole(browser: Browser, served: Served, asked: str) -> None:
    served.asked = ASKED[asked]
    page = opened(browser, served, java_script_enabled=False)
    assert page.locator(".pl").count() == 6
    for word in ("満", "空いています", "不明", "混雑", "開設準備", "閉鎖"):
        assert word in page.locator("ol.plain .band b").all_inner_texts()
    assert page.get_by_text("20:33", exact=True).count() == 1
    assert page.locator(".pm image").count() == 1
    assert page.locator(".pm g[data-pin]").count() == 6
    page.close()


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("level", [4, 5])
@pytest.mark.parametrize(("width", "letters"), [(320, 16), (390, 32), (320, 32), (1280, 16)])
def test_the_page_never_scrolls_sideways(
    browser: Browser, served: Served, width: int, letters: int, level: int, lang: str
) -> None:
    served.plan = version(order(level), on=HERE)
    page = opened(browser, served, width=width, lang=lang)
    page.evaluate(f"document.documentElement.style.fontSize = '{letters}px'")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SMALL) == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("level", [4, 5])
def test_axe_finds_nothing_on_the_page_of_places(
    browser: Browser, served: Served, level: int, lang: str, scheme: str
) -> None:
    served.plan = version(order(level), on=HERE)
    page = opened(browser, served, lang=lang, color_scheme=scheme, bypass_csp=True)
    found = Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    page.close()


def test_the_page_prints_its_list_and_its_moment_without_buttons(live: Page) -> None:
    live.emulate_media(media="print")
    expect(live.get_by_text("わたしの行き先と道を見る")).to_be_hidden()
    expect(live.get_by_text("場所を変える")).to_be_hidden()
    expect(row(live, FULL)).to_be_visible()
    expect(live.locator(".head time")).to_be_visible()


def test_a_figure_that_grows_old_on_an_open_page_reads_not_known(live: Page) -> None:
    expect(row(live, DRY).locator(".band b")).to_have_text("空いています")
    live.clock.fast_forward(timedelta(minutes=22).total_seconds() * 1000)
    expect(row(live, DRY).locator(".band b")).to_have_text("不明")
    expect(row(live, DRY)).to_contain_text("最後の報告 20:33")
    expect(row(live, DRY)).to_contain_text("行き先として使えます。")
    expect(row(live, DRY)).not_to_contain_text("61")
    number = row(live, DRY).locator(".k").inner_text()
    pin = live.locator(f'g[data-pin="{number}"]')
    expect(pin).to_have_attribute("class", "b-unknown")
    assert "空いています" not in live.locator("ol.plain").first.inner_text()


def test_a_page_from_a_cache_of_an_hour_ago_calls_nothing_empty(
    browser: Browser, served: Served
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.route("**/*", served.answer)
    page.clock.install(time=NOW + timedelta(hours=1))
    page.goto(f"{SITE}/places")
    expect(row(page, DRY).locator(".band b")).to_have_text("不明")
    expect(row(page, FULL).locator(".band b")).to_have_text("不明")
    page.close()


def test_ages_are_added_in_words(live: Page) -> None:
    expect(row(live, DRY).locator("time")).to_have_text("20:33（9分前）")


def test_a_live_figure_replaces_the_one_before(browser: Browser, served: Served) -> None:
    served.told(band="crowded", persons=350, note="体育館へ")
    page = opened(browser, served)
    expect(row(page, DRY).locator(".band b")).to_have_text("混雑")
    expect(row(page, DRY)).to_contain_text("350 ／ 400 人")
    expect(row(page, DRY)).to_contain_text("20:42")
    expect(row(page, DRY)).to_contain_text("体育館へ")
    assert served.loads == 1
    page.close()


def test_a_live_figure_that_is_old_already_is_not_shown(browser: Browser, served: Served) -> None:
    served.told(unknown_after=(NOW - timedelta(minutes=1)).isoformat())
    page = opened(browser, served)
    expect(row(page, DRY).locator(".band b")).to_have_text("不明")
    page.close()


@pytest.mark.parametrize(
    ("opening", "word"), [("closed", "閉鎖"), ("endangered", "危険"), ("preparing", "開設準備")]
)
def test_a_place_that_receives_nobody_any_more_loses_its_invitation_at_once(
    browser: Browser, served: Served, opening: str, word: str
) -> None:
    served.told(opening=opening, band=None)
    page = opened(browser, served)
    expect(row(page, DRY).locator(".band b")).to_have_text(word)
    sign = "wait" if opening == "preparing" else "stop"
    number = row(page, DRY).locator(".k").inner_text()
    expect(page.locator(f'g[data-pin="{number}"]')).to_have_attribute("class", f"b-{sign}")
    if sign == "stop":
        expect(page.locator("#never").locator(f'[data-id="{DRY}"]')).to_be_visible()
        expect(row(page, DRY)).to_contain_text("行かないでください")
        expect(row(page, DRY)).not_to_contain_text("約")
    assert served.loads == 1
    page.close()


def test_a_place_that_opens_again_invites_nobody_before_the_city_has_looked(
    browser: Browser, served: Served
) -> None:
    shut = EXTRA[2].id
    served.tell("sites", shut, a_state(shut))
    page = opened(browser, served)
    expect(row(page, shut)).to_contain_text("行かないでください")
    served.states[shut] = a_state(shut)
    served.plan = version(order(4), on=HERE, number=129)
    served.tell("plan", "version", {"number": 129})
    page.clock.run_for(4_000)
    expect(row(page, shut).locator(".band b")).to_have_text("空いています")
    expect(row(page, shut)).not_to_contain_text("行かないでください")
    page.close()


def test_a_page_read_again_takes_back_nothing_that_was_told_after_it(
    browser: Browser, served: Served
) -> None:
    page = opened(browser, served)
    served.told(opening="full", band="full", persons=400)
    expect(row(page, DRY).locator(".band b")).to_have_text("満")
    served.plan = version(order(4), on=HERE, number=129)
    served.tell("plan", "version", {"number": 129})
    page.clock.run_for(4_000)
    expect(page.locator(".foot")).to_contain_text("第129版")
    expect(row(page, DRY).locator(".band b")).to_have_text("満")
    page.close()


@pytest.mark.parametrize("areas", [(), (AREA,), ("地図で示した区域",)])
def test_rule_4_a_level_5_that_comes_takes_the_list_away_at_once(
    browser: Browser, served: Served, areas: tuple[str, ...]
) -> None:
    served.asked = ASKED["area"]
    page = opened(browser, served)
    expect(row(page, DRY)).to_be_visible()
    served.ordered(5, *areas)
    expect(page.locator("h1")).to_have_text("直ちに安全確保")
    expect(page.locator(".strip")).to_contain_text("警戒レベル5")
    expect(page.locator(".pl")).to_have_count(0)
    expect(page.locator(".pm")).to_have_count(0)
    expect(page.get_by_text("わたしの行き先と道を見る")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_text("避難情報が変わりました。読み直しています。")
    assert served.loads == 1
    # The plan that is there still does not know of it.
    with page.expect_response("**/places?*since=1*"):
        page.clock.run_for(9_000)
    expect(page.locator("h1")).to_have_text("直ちに安全確保")
    served.plan = version(replace(order(5), id=2), on=HERE, number=129)
    served.tell("plan", "version", {"number": 129})
    page.clock.run_for(20_000)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("h1")).to_have_text("直ちに安全確保")
    page.close()


def test_rule_4_a_level_5_elsewhere_hides_places_until_it_is_known_where_they_stand(
    browser: Browser, served: Served
) -> None:
    served.asked = ASKED["area"]
    page = opened(browser, served)
    served.ordered(5, "上浅瀬", number=2)
    expect(page.locator(".pl")).to_have_count(0)
    expect(page.get_by_role("alert")).to_contain_text("緊急安全確保：上浅瀬")
    expect(page.locator("h1")).to_have_count(0)
    far = replace(order(5), id=2, area=shapely.box(-9e5, -9e5, -8e5, -8e5), area_names=("上浅瀬",))
    served.plan = version(order(4), far, on=HERE, number=129)
    served.tell("plan", "version", {"number": 129})
    page.clock.run_for(20_000)
    expect(row(page, DRY)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.close()


def test_a_higher_level_stands_on_the_page_at_once_and_a_lifted_one_is_read_again(
    browser: Browser, served: Served
) -> None:
    served.plan = version(on=HERE)
    page = opened(browser, served)
    served.ordered(4)
    expect(page.locator(".strip")).to_contain_text("警戒レベル4避難指示洪水・市内全域")
    served.plan = version(replace(order(4), id=2), on=HERE, number=129)
    served.tell("plan", "version", {"number": 129})
    page.clock.run_for(20_000)
    expect(page.get_by_role("alert")).to_have_count(0)
    served.tell("levels", "order:2", None)
    expect(page.get_by_role("alert")).to_have_text("避難情報が変わりました。読み直しています。")
    expect(page.locator(".strip")).to_contain_text("避難指示")
    served.plan = version(on=HERE, number=130)
    served.tell("plan", "version", {"number": 130})
    page.clock.run_for(20_000)
    expect(page.locator(".strip")).not_to_contain_text("避難指示")
    page.close()


def test_a_page_that_hears_nothing_says_since_when(browser: Browser, served: Served) -> None:
    page = opened(browser, served)
    served.told(band="crowded", persons=350)
    expect(row(page, DRY).locator(".band b")).to_have_text("混雑")
    assert served.socket is not None
    checked = NOW - timedelta(minutes=3)
    beat = {"heartbeat": NOW.isoformat(), "checked_at": checked.isoformat()}
    served.socket.send(json.dumps(beat | {"epoch": "1", "offset": 1}))
    expect(page.locator("#behind")).to_contain_text("20:39")
    expect(page.locator("#behind")).to_contain_text("から新しい情報が届いていません。")
    served.socket.send(
        json.dumps(beat | {"checked_at": NOW.isoformat(), "epoch": "1", "offset": 1})
    )
    expect(page.locator("#behind")).to_have_count(0)
    page.close()


def test_rule_19_the_destination_on_an_open_way_page_stops_being_called_empty(
    browser: Browser,
) -> None:
    document = way_document(asks(version(order(4))), a_state(SITES[0].id))
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.route("**/*", lambda route: route.abort())
    page.route(
        "**/way", lambda route: route.fulfill(body=document, content_type="text/html;charset=utf-8")
    )
    page.clock.install(time=NOW)
    page.goto(f"{SITE}/way")
    expect(page.get_by_text("空いています")).to_be_visible()
    expect(page.get_by_text("20:38（4分前） 確認")).to_be_visible()
    page.clock.fast_forward(timedelta(minutes=27).total_seconds() * 1000)
    expect(page.get_by_text("空いています")).to_have_count(0)
    expect(page.get_by_text(UNKNOWN)).to_be_visible()
    page.close()
