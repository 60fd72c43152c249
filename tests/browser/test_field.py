"""The field page on a phone: with a poor network and with none, all that is pressed lands once."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from sqlalchemy import text

from city.staff import Role
from hazards.mission import MissionStep
from operations.missions.beginning import GivenMission, begin
from operations.missions.saying import from_headquarters
from operations.serving import utc_now
from tests.browser.fieldphone import PHONE, choose, opened, phone, ready, report, unsent
from tests.browser.hqserver import Headquarters, headquarters
from tests.integration.databases import Server
from tests.integration.processes import wait_for
from tests.integration.staffed import Signed, a_tablet
from tests.peers.lossy import Line, lossy
from tests.pictures import a_large_photo

POOR = Line(delay_s=0.02, bytes_per_s=1_000_000, resets=0.1, reset_each=65_536, seed=11)
M = timedelta(minutes=1)
KINDS = ("road_flooded", "slide", "bridge", "rescue", "fallen_tree", "water_level")
REPORTS = "SELECT kind FROM observation WHERE source = :source"
ORIGINALS = (
    "SELECT o.kind, p.original FROM observation_photo p JOIN observation o "
    "ON o.id = p.observation WHERE o.source = :source"
)
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


def rows(hq: Headquarters, team: Signed, query: str) -> list[tuple[str, ...]]:
    """What the city has of that phone, sorted."""
    with hq.engine.connect() as connection:
        found = connection.execute(text(query), {"source": team.caller.actor})
        return sorted(tuple(one) for one in found)


def landed(hq: Headquarters, team: Signed) -> list[str]:
    """The kinds of all that came from it."""
    return [kind for (kind,) in rows(hq, team, REPORTS)]


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
