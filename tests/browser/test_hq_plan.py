"""The plan on the headquarters page: read without a script, kept true by one, never old as live."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from city.staff import CONSOLE, Role
from data import mapped
from data.database import connect
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.places.siteinfo import GivenRoom, set_room
from operations.planning.planner import Planner
from operations.serving import utc_now
from shelters.place import Opening
from tests.browser.hqserver import Headquarters, headquarters
from tests.integration.databases import Server
from tests.integration.homed import load, write_homed_city
from tests.integration.small_city import box, write_features

OPERATOR = (Role.OPERATOR,)
APPROVER = (Role.OPERATOR, Role.APPROVER)
SOON = 5_000
TEXTS = """() => [...document.querySelectorAll('#plan [data-slot]:not([hidden])')].map(one => {
  const copy = one.cloneNode(true);
  copy.querySelectorAll('.ago').forEach(ago => ago.remove());
  return copy.textContent.trim();
})"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the city and the server's state are."""
    return tmp_path_factory.mktemp("hqplan")


@pytest.fixture(scope="module")
def hq(server: Server, migrated: str, folder: Path) -> Iterator[Headquarters]:
    """The small city under level 4; each place but one, of which nobody says how many it holds, has
    a room for one and an overflow room.
    """
    made = server.create(migrated)
    engine = connect(made.url)
    load(engine, write_homed_city(folder))
    rooms = {"hall": GivenRoom("体育館", 1), "upstairs": GivenRoom("2階教室", 40, overflow=True)}
    for site in ("E1", "E2", "E3"):
        for room, given in rooms.items():
            in_use = GivenRoom(given.name, given.capacity, "", given.overflow, not given.overflow)
            set_room(engine, CONSOLE, site, room, in_use, now=utc_now())
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    Planner(engine, folder / "first").catch_up()
    engine.dispose()
    with headquarters(server, (made.name, folder / "first"), folder) as found:
        yield found


@pytest.fixture(autouse=True)
def _quiet(hq: Headquarters) -> Iterator[None]:
    """Nothing of a page is refused by its policy, and nothing of it fails."""
    hq.said.clear()
    yield
    assert [line for line in hq.said if "Failed to load resource" not in line] == []


@contextmanager
def planning(hq: Headquarters, folder: Path) -> Iterator[None]:
    """A planner at work beside the server."""
    stop = threading.Event()
    planner = Planner(hq.engine, folder / "state")
    thread = threading.Thread(target=planner.run, args=(stop, lambda _: None))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def look(page: Page) -> None:
    """What a page does every 15 s."""
    page.evaluate("document.getElementById('hq').dispatchEvent(new Event('ages'))")


def drown(hq: Headquarters, folder: Path) -> None:
    """Somebody draws water over nearly all of the city."""
    path = write_features(folder / "vast.geojson", [(box(-2, -2, 9, 9), {})])
    changes.observe_water(hq.engine, path)


def test_the_plan_reads_the_same_with_and_without_its_script(
    browser: Browser, hq: Headquarters, folder: Path
) -> None:
    officer = hq.officer(*OPERATOR)
    Planner(hq.engine, folder / "state").catch_up()
    bare = hq.opened(browser, officer, java_script_enabled=False)
    live = hq.opened(browser, officer)
    first = live.locator("#overflow li").first
    expect(first).to_contain_text("人分が足りません 予備の部屋：2階教室")
    expect(first.locator("time")).to_contain_text("あと")
    expect(live.locator("#plan")).to_contain_text("最良との差")
    assumed = "収容人数のわからない避難場所 1か所（1か所50人とみなしています）"
    expect(live.locator("#plan [data-slot=unstated]")).to_have_text(assumed)
    expect(live.locator("#plan [data-slot=cause]")).to_have_text("市のデータを読み込んで最初の版")
    skipped = ("late", "late_at")
    slots = ", ".join(f"[data-slot={name}]" for name in skipped)
    before = bare.locator(f"#plan [data-slot]:not([hidden]):not({slots})").all_inner_texts()
    after = live.evaluate(TEXTS.replace(":not([hidden])", f":not([hidden]):not({slots})"))
    assert [line.strip() for line in before] == after
    assert any(line.endswith("% 以下") for line in after)
    bare.context.close()
    live.context.close()


def test_a_plan_that_nobody_checks_any_more_is_not_shown_as_live(
    browser: Browser, hq: Headquarters, folder: Path
) -> None:
    page = hq.opened(browser, hq.officer(*OPERATOR))
    late = page.locator("[data-part=late]")
    mapped.say_checked(mapped.home(folder / "state"), utc_now())
    look(page)
    expect(late).to_be_hidden()
    mapped.say_checked(mapped.home(folder / "state"), utc_now() - timedelta(minutes=12))
    look(page)
    expect(late).to_contain_text("割当の更新が止まっています。最後の確認")
    expect(late).to_contain_text("12分前")
    expect(page.locator("#plan")).to_have_attribute("data-old", "")
    page.route("**/headquarters/plan", lambda route: route.abort())
    look(page)
    expect(late).to_contain_text("割当を読み直せません")
    page.context.close()


def test_a_new_version_is_shown_as_soon_as_it_is_published(
    browser: Browser, hq: Headquarters, folder: Path
) -> None:
    page = hq.opened(browser, hq.officer(*OPERATOR))
    before = page.locator("#plan [data-slot=version]").inner_text()
    with planning(hq, folder):
        changes.open_site(hq.engine, "E1", Opening.CLOSED)
        cause = page.locator("#plan [data-slot=cause]")
        expect(cause).to_contain_text("避難場所の開設状況（閉鎖）", timeout=SOON)
        assert page.locator("#plan [data-slot=version]").inner_text() != before
        expect(page.locator("[data-part=late]")).to_be_hidden()
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_waits_is_loud_and_an_approver_alone_applies_it(
    browser: Browser, hq: Headquarters, folder: Path, scheme: str
) -> None:
    mine = hq.opened(browser, hq.officer(*APPROVER), color_scheme=scheme)
    theirs = hq.opened(browser, hq.officer(*OPERATOR))
    with planning(hq, folder):
        drown(hq, folder)
        box_here, box_there = mine.locator("#waits"), theirs.locator("#waits")
        expect(box_there).to_contain_text("何もしないと：この浸水がないものとして", timeout=SOON)
        expect(box_there).to_contain_text("承認者が確かめて適用します。")
        expect(box_there.get_by_role("button")).to_have_count(0)
        box_here.get_by_role("button", name="適用する").focus()
        mine.keyboard.press("Enter")
        expect(mine.get_by_role("button", name="やめる")).to_be_focused()
        found = Axe().run(mine)
        assert found.response["violations"] == [], found.generate_report()
        mine.keyboard.press("Tab")
        mine.keyboard.press("Enter")
        expect(box_here.locator(".said")).to_contain_text("適用しました")
        expect(box_there).to_be_hidden(timeout=SOON)
        unplaced = theirs.locator("#plan [data-slot=reasons]")
        expect(unplaced).to_have_text("道がない 6・空きがない 0", timeout=SOON)
        mine.locator("#filter").click()
        expect(box_here).to_be_hidden(timeout=20_000)
        changes.remove_water(hq.engine, ())
    mine.context.close()
    theirs.context.close()


@pytest.mark.parametrize(("width", "letters"), [(390, "16px"), (780, "32px"), (1440, "32px")])
def test_the_plan_never_scrolls_sideways(
    browser: Browser, hq: Headquarters, folder: Path, width: int, letters: str
) -> None:
    drown(hq, folder)
    Planner(hq.engine, folder / "state").catch_up()
    page = hq.opened(browser, hq.officer(*APPROVER), viewport={"width": width, "height": 900})
    page.locator("#waits").get_by_role("button", name="適用する").click()
    # Set by script: the page's policy lets in no style that is not a file's.
    page.evaluate(f"document.documentElement.style.setProperty('font-size', '{letters}')")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(media="print")
    expect(page.locator("#held form")).to_be_hidden()
    expect(page.locator("#waits")).to_be_visible()
    changes.remove_water(hq.engine, ())
    page.context.close()
