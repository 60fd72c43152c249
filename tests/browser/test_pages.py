"""The pages in a browser: narrow screens, large text, accessibility, one sheet of paper."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from api.headers import POLICY
from city.position import Position
from city.traveller import Dwelling, Household
from hazards.zone import ZoneLayer
from routing.ground import Ground
from routing.guidance import Guidance
from routing.steps import Step, Turn
from routing.version import PlanVersion
from shelters.place import Opening
from tests.builders import NIGHT, ask, town_version
from tests.unit.web.ground import CARD, NOW, asks, at, ground, order, version
from web.home import home_view
from web.links import joined
from web.overview import map_image
from web.pages import home_page, problem_page, way_page
from web.tapmap import SIZE, whole

ATTRIBUTIONS = (
    "道路 © OpenStreetMap contributors (ODbL)",
    "指定緊急避難場所・指定避難所：国土地理院",
    "浸水想定区域：国土数値情報 A31b-23（国土交通省、CC BY 4.0）を加工",
)
"""Those of `tests/cities/ube.toml`."""

TOWER = Household(dwelling=Dwelling.STURDY, floor=4, floors=6, supplies_h=72)
TURNS = (Turn.LEFT, Turn.STRAIGHT, Turn.BRIDGE)
PHONE = {"width": 390, "height": 844}
LARGE = ground(side=21)
KINDS = (
    "go",
    "stay_safe",
    "secure_now",
    "secure_now of who said nothing",
    "watch",
    "watch without a way",
    "stay_safe without a way",
    "home 0",
    "home 1",
    "problem",
)
NAMES = [f"{name} {lang}" for lang in ("ja", "en") for name in KINDS]
"""Of all documents, which take each worker that only looks for tests a second."""
SMALL = """() => [...document.querySelectorAll('a,button,summary,select,label.pick,'
  + 'input:not([type=hidden],[type=radio],[type=checkbox])')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && box.left >= 0 && (box.height < 47.5 || box.width < 47.5);
  }).map(one => one.outerHTML.slice(0, 80))"""


def way(guidance: Guidance, lang: str = "ja") -> str:
    """The way page, read a minute after it was made."""
    return way_page(
        guidance,
        asked={"lat": "35.45", "lon": "139.05"},
        lang=lang,
        now=NOW,
        checked_at=NOW - timedelta(minutes=1),
        stale=False,
        page_url="https://nigemichi.example/way?lat=35.45123&lon=139.05123&profile=slow",
    )


@cache
def documents() -> dict[str, str]:
    """Every page there is, in both languages."""
    here = ground()
    point = at(610, 130)
    guided = {
        "go": asks(version(order(4), on=here)),
        "stay_safe": asks(
            version(order(4), on=here),
            household=TOWER,
        ),
        "secure_now": asks(
            version(order(5), on=here), household=Household(dwelling=Dwelling.HOUSE)
        ),
        "secure_now of who said nothing": asks(version(order(5), on=here)),
        "watch": asks(version(order(3), on=here)),
        "watch without a way": asks(version(opening=Opening.CLOSED, on=here)),
        "stay_safe without a way": asks(
            version(order(4), opening=Opening.CLOSED, on=here), household=TOWER
        ),
    }
    found = {}
    for lang in ("ja", "en"):
        for name, guidance in guided.items():
            found[f"{name} {lang}"] = way(guidance, lang)
        queries = ({}, {"q": "浅瀬", "lat": str(point.lat), "lon": str(point.lon)})
        for number, query in enumerate(queries):
            view = home_view(
                version(order(4), on=here), query, lang=lang, now=NOW, checked_at=NOW, stale=True
            )
            found[f"home {number} {lang}"] = re.sub(
                r'src="/map[^"]*"', 'src="data:,"', home_page(view)
            )
        found[f"problem {lang}"] = problem_page(
            title="市の外です", detail="市の中を選んでください", card=CARD, lang=lang, status=422
        )
    return found


def test_every_page_is_looked_at() -> None:
    assert list(documents()) == NAMES


def opened(browser: Browser, html: str, width: int = 390, **context: Any) -> Page:
    """The document in a window of that width."""
    page = browser.new_page(viewport={"width": width, "height": 844}, **context)
    page.set_content(html)
    return page


@pytest.mark.parametrize("name", NAMES)
def test_page_never_scrolls_sideways(browser: Browser, name: str) -> None:
    page = opened(browser, documents()[name])
    for width, letters in ((320, 16), (390, 32), (320, 32), (1280, 16)):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(f"document.documentElement.style.fontSize = '{letters}px'")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, letters)
    page.close()


@pytest.mark.parametrize("name", NAMES)
def test_every_target_is_at_least_48_pixels(browser: Browser, name: str) -> None:
    page = opened(browser, documents()[name], 320)
    assert page.evaluate(SMALL) == []
    page.close()


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(browser: Browser, name: str) -> None:
    page = opened(browser, documents()[name])
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.response["violations"] == [], (scheme, found.generate_report())
    page.close()


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(("h", "p"))])
def test_way_page_prints_on_one_sheet(browser: Browser, name: str) -> None:
    page = opened(browser, documents()[name])
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    page.close()


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", ["watch", "stay_safe"])
def test_page_without_a_way_prints_all_that_is_on_it(
    browser: Browser, name: str, lang: str
) -> None:
    page = opened(browser, documents()[f"{name} without a way {lang}"])
    shown = "main p, main li, main h1, main h2"
    on_screen = page.locator(shown).filter(visible=True).all_inner_texts()
    page.emulate_media(media="print")
    for text in page.locator(".ago").all():
        expect(text).to_be_hidden()
    on_paper = page.locator(shown).filter(visible=True)
    assert len(on_screen) > 10
    assert on_paper.count() == len(on_screen)
    assert page.locator("main a:visible, nav:visible, .slip:visible").count() == 0
    page.close()


def test_page_reads_the_same_without_script(browser: Browser) -> None:
    page = opened(browser, documents()["go ja"], java_script_enabled=False)
    assert page.get_by_role("heading", level=1).inner_text().replace("\n", "") == "今すぐ避難"
    page.close()


def test_printed_slip_of_level_5_names_no_place(browser: Browser) -> None:
    page = opened(browser, documents()["secure_now ja"])
    page.emulate_media(media="print")
    assert "学校" not in page.inner_text("body")
    page.close()


def real(ground: Ground) -> Ground:
    """The same town, with the attributions of Ube and with names as long as a real city's."""
    card = replace(
        ground.card,
        name="宇部市",
        name_en="Ube",
        fictional=False,
        reviewed_languages=("en",),
        attributions=ATTRIBUTIONS,
    )
    sites = tuple(
        replace(one, name=f"{one.name}（上宇部小学校体育館・屋内運動場）") for one in ground.sites
    )
    names = tuple(f"県道{n}号妻崎開作小野田線" for n, _ in enumerate(ground.roads.names))
    return replace(ground, card=card, sites=sites, roads=replace(ground.roads, names=names))


def sheets(browser: Browser, html: str) -> int:
    """How many sheets of paper the page takes."""
    page = opened(browser, html)
    paper = page.pdf(prefer_css_page_size=True)
    page.close()
    return len(re.findall(rb"/Type\s*/Page\b", paper))


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("named", ["short", "long"])
def test_longest_way_of_the_town_prints_on_one_sheet(
    browser: Browser, named: str, lang: str
) -> None:
    town = town_version()
    if named == "long":
        town = PlanVersion.of(1, real(town.ground), town.picture)
    corners = town.ground.roads.junction_xy[::40].tolist()
    guided = [ask(town, (x + 10, y + 10), when=NIGHT) for x, y in corners]
    longest = max(guided, key=lambda one: len(one.second.steps) if one.second else 0)
    shortest = min(guided, key=lambda one: len(one.second.steps) if one.second else 99)
    for guidance in (longest, shortest):
        assert sheets(browser, way(guidance, lang)) == 1


def walked(guidance: Guidance, first: int, second: int, street: str) -> Guidance:
    """The same guidance, its ways of so many steps along such a street."""
    assert guidance.first
    assert guidance.second
    ways = []
    for advice, count in ((guidance.first, first), (guidance.second, second)):
        turns = [Step(TURNS[n % 3], n * 3 % 8, street, 20.0 + n) for n in range(count - 1)]
        ways.append(replace(advice))
        vars(ways[-1])["steps"] = (*turns, Step(Turn.ARRIVE, 0, "", 30.0))
    return replace(guidance, first=ways[0], second=ways[1])


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("street", ["本町通り", "県道3号妻崎開作小野田線"])
def test_slip_of_any_length_is_laid_out_as_it_fits(
    browser: Browser, street: str, lang: str
) -> None:
    """With the longest words around it, and names and sources as long as a real city's."""
    here = ground(unknown=(ZoneLayer.COLLAPSE,))
    here = replace(
        here,
        card=replace(here.card, attributions=ATTRIBUTIONS),
        sites=tuple(replace(one, name=f"{one.name}（上宇部小学校体育館）") for one in here.sites),
    )
    told = asks(version(order(4), on=here))
    fullest: dict[str, str] = {}
    for steps in range(4, 46):
        html = way(walked(told, steps, steps // 2, street), lang)
        (layout,) = re.findall('<main class="([a-z]+)"', html)
        fullest[layout] = html
    assert list(fullest) == ["beside", "many", "long"]
    assert [sheets(browser, fullest[name]) for name in fullest] == [1, 1, 2]


def test_long_slip_keeps_every_step_and_says_where_it_is(browser: Browser) -> None:
    told = walked(asks(version(order(4))), 80, 50, "県道3号妻崎開作小野田線")
    page = opened(browser, way(told))
    page.emulate_media(media="print")
    assert page.locator(".s-places li:visible").count() == 130
    assert "浅瀬第三小学校に着く" in page.inner_text("body")
    assert "道順は、次の紙にあります。" in page.inner_text("body")
    page.close()


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith("en")])
def test_paper_in_english_says_that_nobody_reviewed_it(browser: Browser, name: str) -> None:
    page = opened(browser, documents()[name])
    page.emulate_media(media="print")
    mark = page.get_by_text("Draft translation: not yet reviewed by the city")
    assert mark.filter(visible=True).count() >= 1
    page.close()


def test_slip_of_a_real_city_names_its_sources_and_holds_no_link(browser: Browser) -> None:
    town = town_version()
    town = PlanVersion.of(1, real(town.ground), town.picture)
    x, y = town.ground.roads.junction_xy[400].tolist()
    page = opened(browser, way(ask(town, (x + 10, y + 10), when=NIGHT)))
    page.emulate_media(media="print")
    text = page.inner_text("body")
    assert [one for one in ATTRIBUTIONS if one not in text] == []
    assert page.locator("main a:visible, .foot a:visible").count() == 0
    page.close()


def serve(route: Route) -> None:
    """Answer as the site does, under its policy."""
    plan = version(order(4), on=LARGE)
    url = urlsplit(route.request.url)
    query = joined(parse_qsl(url.query))
    if url.path == "/map.svg":
        route.fulfill(body=map_image(plan, query), content_type="image/svg+xml")
        return
    view = home_view(plan, query, lang="ja", now=NOW, checked_at=NOW, stale=False)
    body = "<h1>/way</h1>" if url.path == "/way" else home_page(view)
    route.fulfill(
        body=body,
        content_type="text/html; charset=utf-8",
        headers={"content-security-policy": POLICY},
    )


def test_point_is_found_by_tapping_without_script(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.route("**/*", serve)
    page.goto("http://nigemichi.example/")
    page.get_by_label("車いすの人がいる").check()
    page.locator("input.tap").click(position={"x": 150, "y": 140})
    page.locator("input.tap").click(position={"x": 144, "y": 144})
    marked = dict(parse_qsl(urlsplit(page.url).query))
    assert marked["profile"] == "wheelchair"
    page.get_by_role("button", name="ここで見る").click()
    asked = dict(parse_qsl(urlsplit(page.url).query))
    x, y = LARGE.metres.of(Position(float(asked["lat"]), float(asked["lon"])))
    box = whole(LARGE)
    assert (x, y) == pytest.approx(box.at(150, 140), abs=2 * box.side / SIZE)
    context.close()


def test_basement_and_several_hazards_are_said_without_script(browser: Browser) -> None:
    here = at(610, 130)
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.route("**/*", serve)
    page.goto(f"http://nigemichi.example/?lat={here.lat}&lon={here.lon}")
    page.get_by_label("いまいる階").select_option(label="地下1階")
    page.get_by_text("もしもの時を確かめる").click()
    hazards = page.get_by_role("group", name="災害")
    for word in ("洪水", "地震"):
        hazards.get_by_label(word).check()
    page.get_by_role("button", name="さがす").click()
    assert page.get_by_label("いまいる階").input_value() == "-1"
    for word in ("洪水", "地震"):
        expect(hazards.get_by_label(word)).to_be_checked()
    expect(hazards.get_by_label("津波")).not_to_be_checked()
    page.get_by_role("button", name="ここで見る").click()
    asked = parse_qsl(urlsplit(page.url).query)
    assert [value for key, value in asked if key == "hazard"] == ["flood", "earthquake"]
    assert dict(asked)["floor"] == "-1"
    context.close()


def test_phone_location_marks_the_point_under_the_policy(browser: Browser) -> None:
    here = at(610, 130)
    context = browser.new_context(
        viewport=PHONE,
        geolocation={"latitude": here.lat, "longitude": here.lon},
        permissions=["geolocation"],
    )
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.route("**/*", serve)
    page.goto("https://nigemichi.example/")
    page.get_by_role("button", name="スマホの現在地を使う").click()
    page.get_by_role("button", name="ここで見る").wait_for()
    assert "下浅瀬二丁目" in page.inner_text("main")
    assert [text for text in refused if "policy" in text.lower()] == []
    context.close()
