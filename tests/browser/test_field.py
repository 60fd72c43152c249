"""The field page on a phone: with a poor network and with none, all that is pressed lands once."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from city.staff import Role
from hazards.mission import MissionStep
from operations.missions.beginning import GivenMission, begin
from operations.missions.saying import from_headquarters
from operations.serving import utc_now
from tests.browser.fieldphone import (
    PHONE,
    choose,
    landed,
    opened,
    phone,
    ready,
    report,
    rows,
    says,
    tap,
    unsent,
)
from tests.browser.hqserver import Headquarters, headquarters
from tests.integration.databases import Server
from tests.integration.processes import wait_for
from tests.integration.staffed import Signed, a_tablet
from tests.peers.lossy import Line, lossy
from tests.pictures import a_large_photo

POOR = Line(delay_s=0.02, bytes_per_s=1_000_000, resets=0.1, reset_each=65_536, seed=11)
M = timedelta(minutes=1)
KINDS = ("road_flooded", "slide", "bridge", "rescue", "fallen_tree", "water_level")
ORIGINALS = (
    "SELECT o.kind, p.original FROM observation_photo p JOIN observation o "
    "ON o.id = p.observation WHERE o.source = :source"
)
AREAS = (
    "SELECT o.kind, ST_AsText(o.geom) LIKE 'POLYGON%', ST_NPoints(o.geom), o.link,"
    " (SELECT count(*) > 1 FROM observation_street s WHERE s.observation = o.id)"
    " FROM observation o WHERE o.source = :source"
)
LINK = "https://stream.example.jp/live/7?team=2"
FULL = """() => {
  for (const name of ['add', 'put']) {
    IDBObjectStore.prototype[name] = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  }
}"""
SMALL = """() => [...document.querySelectorAll(
  'button,summary,select,textarea,.hz,.shoot')].filter(one => {
  const box = one.getBoundingClientRect();
  return box.width && (box.height < 47.5 || box.width < 47.5);
}).map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def hq(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Headquarters]:
    """The city's server."""
    with headquarters(server, with_plan, tmp_path_factory.mktemp("field")) as made:
        yield made


@pytest.fixture
def team(hq: Headquarters) -> Signed:
    """A team's phone that nobody reported from."""
    return a_tablet(hq.engine, None, Role.FIELD)


def test_what_is_reported_in_ten_minutes_without_a_network_lands_once_over_a_poor_line(
    browser: Browser, hq: Headquarters, team: Signed
) -> None:
    photos = [a_large_photo(300_000, seed) for seed in range(2)]
    port = int(hq.url.rsplit(":", 1)[1])
    with lossy(port, POOR) as line:
        url = f"http://127.0.0.1:{line.port}"
        with phone(browser, team, url) as context:
            page = opened(context, url, tries=5)
            page.clock.install()
            line.down()
            for number, kind in enumerate(KINDS):
                report(page, kind, photos[number] if number < 2 else b"")
                page.clock.fast_forward("01:50")
                unsent(page, number + 1, min(number + 1, 2))
            expect(page.get_by_role("alert").first).to_contain_text("まだ本部に届いていません")
            line.up()
            page.clock.fast_forward("01:05")
            unsent(page, 0, seconds=60)
            assert line.broken > 0
    assert landed(hq, team) == sorted(KINDS)
    sent = zip(KINDS, [hashlib.sha256(one).hexdigest() for one in photos], strict=False)
    assert rows(hq, team, ORIGINALS) == sorted(sent)


def test_a_report_can_be_taken_back_and_outlasts_a_reload_without_a_network(
    browser: Browser, hq: Headquarters, team: Signed
) -> None:
    with phone(browser, team, hq.url) as context:
        page = opened(context, hq.url)
        context.set_offline(True)
        report(page, "slide", a_large_photo(40_000))
        page.locator("#undo").click()
        unsent(page, 0)
        expect(page.locator("input[value=slide]")).to_be_checked()
        expect(page.locator("#send")).to_have_text("報告する（道を止める）")
        page.locator("#send").click()
        unsent(page, 1, 1)
        page.reload()
        ready(page)
        unsent(page, 1, 1)
        assert landed(hq, team) == []
        context.set_offline(False)
        unsent(page, 0, seconds=20)
        expect(page.locator("#mine")).to_contain_text("道を止めています")
    assert landed(hq, team) == ["slide"]


def test_a_disk_that_is_full_is_said_and_loses_no_report(
    browser: Browser, hq: Headquarters, team: Signed
) -> None:
    with phone(browser, team, hq.url) as context:
        page = opened(context, hq.url, kept=False)
        page.evaluate(FULL)
        photo = a_large_photo(40_000)
        report(page, "bridge", photo)
        expect(page.get_by_role("alert").first).to_contain_text("この端末に保存できません")
        expect(page.locator("#said")).to_contain_text("全員の案内から外しました", timeout=20_000)
        unsent(page, 0)
    assert rows(hq, team, ORIGINALS) == [("bridge", hashlib.sha256(photo).hexdigest())]


def test_whoever_denies_gps_sets_the_place_by_keyboard(
    browser: Browser, hq: Headquarters, team: Signed
) -> None:
    denied: dict[str, Any] = {"permissions": [], "geolocation": None}
    with phone(browser, team, hq.url, reduced_motion="reduce", **denied) as context:
        page = opened(context, hq.url, kept=False)
        expect(page.locator("#place-said")).to_contain_text("「地図で直す」で場所を選んで")
        choose(page, "rescue")
        page.locator("#send").click()
        expect(page.locator("#said")).to_contain_text("場所が分かりません")
        unsent(page, 0)
        page.keyboard.press("Enter")
        for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowUp"):
            page.keyboard.press(key)
        expect(page.locator("#place-said")).to_contain_text("地図で選んだ場所")
        assert page.evaluate(SMALL) == []
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
        assert found.violations_count == 0, found.generate_report()
        page.set_viewport_size({"width": 320, "height": 568})
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert page.evaluate(wide) is False
        page.set_viewport_size(PHONE)
        page.keyboard.press("Escape")
        page.locator("#send").click()
        expect(page.locator("#said")).to_contain_text("届きました", timeout=15_000)
    assert landed(hq, team) == ["rescue"]


def test_an_area_and_a_link_made_without_a_network_land_once(
    browser: Browser, hq: Headquarters, team: Signed
) -> None:
    with phone(browser, team, hq.url) as context:
        page = opened(context, hq.url)
        expect(page.locator("#map .road[d*=L]")).to_be_attached()
        context.set_offline(True)
        choose(page, "road_flooded", a_large_photo(40_000))
        page.locator("#edit").click()
        page.locator("#as-area").click()
        tap(page, 0.2, 0.4)
        tap(page, 0.7, 0.3)
        page.locator("#close-line").click()
        says(page, "角が3つ以上要ります。地図を、あと1か所押してください")
        tap(page, 0.75, 0.7)
        tap(page, 0.5, 0.1)
        says(page, "線が交わります。外側を順に")
        tap(page, 0.9, 0.4)
        page.locator("#close-line").click()
        says(page, "閉じる線が交わります")
        page.locator("#step-back").click()
        tap(page, 0.3, 0.8)
        page.locator("#send").click()
        expect(page.locator("#said")).to_contain_text("区域をまだ囲み終わっていません")
        tap(page, 0.2, 0.4)
        says(page, "角4つで囲みました")
        expect(page.locator("#does")).to_contain_text("囲んだ区域にかかる道（およそ")
        page.locator("#more-link summary").click()
        page.locator("#link").fill("http://stream.example.jp/live")
        page.locator("#send").click()
        expect(page.locator("#said")).to_contain_text("https:// で始まるものだけ")
        expect(page.locator("#link")).to_be_focused()
        unsent(page, 0, 0)
        page.locator("#link").fill(LINK)
        page.locator("#send").click()
        page.locator("#undo").click()
        expect(page.locator("#place-said")).to_contain_text("地図で囲んだ区域（角4つ")
        page.locator("#send").click()
        page.reload()
        ready(page)
        expect(page.locator("#waiting")).to_contain_text(f"リンク {LINK}")
        expect(page.locator("#waiting")).to_contain_text("地図で囲んだ区域（角4つ")
        context.set_offline(False)
        expect(page.locator("#mine")).to_contain_text("道を止めています", timeout=20_000)
        unsent(page, 0, 0)
    assert rows(hq, team, AREAS) == [("road_flooded", True, 5, LINK, True)]


def test_an_area_is_drawn_by_keyboard_alone(
    browser: Browser, hq: Headquarters, team: Signed
) -> None:
    with phone(browser, team, hq.url) as context:
        page = opened(context, hq.url, kept=False)
        choose(page, "fallen_tree")
        page.locator("#edit").press("Enter")
        page.locator("#as-area").press("Enter")
        page.locator("#map").focus()
        for keys in ("Enter", "Enter", *6 * ("ArrowUp",), "Enter", *4 * ("ArrowRight",), "Enter"):
            page.keyboard.press(keys)
        says(page, "角3つ")
        assert page.evaluate(SMALL) == []
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
        assert found.violations_count == 0, found.generate_report()
        page.keyboard.press("Enter")
        says(page, "角3つで囲みました")
        expect(page.locator("#does")).to_contain_text("写真をとる")
        page.keyboard.press("Backspace")
        page.locator("#clear-line").press("Enter")
        expect(page.locator("#place-said")).to_contain_text("GPS")
        page.locator("#step-back").press("Enter")
        page.locator("#edited").press("Enter")
        expect(page.locator("#place-said")).to_contain_text("地図で囲んだ区域（角3つ・東西20 m")
        expect(page.locator("#edit")).to_be_focused()
        page.keyboard.press("Enter")
        page.locator("#clear-line").press("Enter")
        page.locator("#map").focus()
        for keys in (
            *4 * ("ArrowUp",),
            "Enter",
            *2 * ("ArrowRight",),
            "Enter",
            *2 * ("ArrowUp",),
            "Enter",
            "Enter",
        ):
            page.keyboard.press(keys)
        says(page, "角3つで囲みました")
        expect(page.locator("#does")).to_contain_text(
            "道を指していません。本部が道を選ぶまで、道は止まりません"
        )


def test_a_team_that_is_recalled_reads_it_and_confirms_without_a_network(
    browser: Browser, hq: Headquarters, team: Signed
) -> None:
    by, now = hq.officer(Role.OPERATOR).caller, utc_now()
    given = GivenMission("第2現地班", "無線2", (team.caller.actor,), "見回り", now + 48 * M)
    number = begin(hq.engine, by, given, now=now - 20 * M)
    from_headquarters(hq.engine, by, number, MissionStep.RECALL, now=now, why="警戒レベル5")
    with phone(browser, team, hq.url) as context:
        page = opened(context, hq.url)
        expect(page.locator("#recall")).to_contain_text("読んだら「撤収します」を押してください")
        expect(page.locator("#withdraw-left")).to_contain_text("あと")
        context.set_offline(True)
        page.get_by_role("button", name="撤収します").click()
        expect(page.locator("#recall-said")).to_contain_text("まだ届いていません")
        unsent(page, 1)
        context.set_offline(False)
        expect(page.locator("#recall-said")).to_contain_text("本部に届きました", timeout=20_000)
        confirmed = "SELECT recall_confirmed_at IS NOT NULL FROM mission WHERE id = "
        wait_for("it counts", lambda: hq.database.one(f"{confirmed}{number}"))
