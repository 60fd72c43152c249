"""An open page whose way is shut says so at once, before anybody approves or plans anything."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from city.staff import CONSOLE
from data.database import connect
from hazards.kinds import AlertLevel, HazardKind
from hazards.observation import ObservationKind, ObservationState
from operations import changes
from operations.household.turnouts import set_turnout
from operations.planning.held import apply_held
from operations.planning.planner import Planner
from operations.serving import utc_now
from shelters.place import Opening
from tests.browser.test_household import found_nothing_wrong
from tests.browser.test_household_follows import House
from tests.integration.bridged import BRIDGE_AT, SOUTH, write_bridged_city
from tests.integration.databases import Server
from tests.integration.homed import AT, load, slips
from tests.integration.livestream import served
from tests.integration.observed import APPROVER, DRONE, Reporting, seen
from tests.integration.small_city import position

SOON_MS = 20_000
POLLED = "**/api/v1/live/changes*"
"""Without it the stream alone tells."""


@pytest.fixture(scope="module")
def house(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The south reaches open places by one bridge alone."""
    folder, made = tmp_path_factory.mktemp("bridged"), server.create(migrated)
    engine = connect(made.url)
    load(engine, write_bridged_city(folder))
    changes.set_level(engine, HazardKind.FLOOD, AlertLevel.ALL_LEAVE)
    set_turnout(engine, CONSOLE, {"level_4": 1, "zoned_level_4": 1}, reason="試験", now=utc_now())
    changes.open_site(engine, "南公園", Opening.CLOSED)
    planner = Planner(engine, folder / "state")
    planner.catch_up()
    with served(made.url, folder / "state") as api:
        yield House(api, engine, planner, slips(engine, *range(len(AT))))
    engine.dispose()
    server.drop(made)


def anybody(browser: Browser, house: House, household: int) -> Page:
    """The page of somebody who stands at a household's door, and has no slip."""
    lat, lon = position(*AT[household])
    page = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja").new_page()
    page.route(POLLED, lambda route: route.abort())
    page.goto(f"{house.api.url}/way?lat={lat}&lon={lon}")
    page.wait_for_function("document.querySelector('script[src*=\"roads\"]')")
    page.wait_for_timeout(500)
    page.evaluate("window.same = true")
    return page


def catch_up(house: House) -> None:
    while house.planner.catch_up():
        pass


def test_open_pages_say_that_the_bridge_is_shut_and_change_only_when_somebody_has_looked(
    browser: Browser, house: House
) -> None:
    here, stranger = house.opened(browser, SOUTH[0]), anybody(browser, house, SOUTH[0])
    north = house.opened(browser, 0)
    reporting = Reporting(house.engine)
    reporting.send(seen(*BRIDGE_AT, ObservationKind.BRIDGE), DRONE, photo=True)
    for page in (here, stranger):
        crossed = page.get_by_role("alert").filter(has_text="渡らないでください")
        expect(crossed).to_contain_text("橋の異常", timeout=SOON_MS)
    stranger.unroute(POLLED)
    found_nothing_wrong(here, "crossed")
    expect(north.locator("#crossed")).to_have_count(0)
    catch_up(house)
    for page in (here, stranger):
        # Nobody has to approve that they must not set out: there is no way to any open place.
        expect(page.get_by_role("heading", level=1)).to_contain_text("直ちに", timeout=SOON_MS)
    found_nothing_wrong(stranger, "crossed-cut-off")
    changes.open_site(house.engine, "南公園", Opening.OPEN)
    catch_up(house)
    expect(stranger.locator(".name").first).to_contain_text("南公園", timeout=SOON_MS)
    expect(stranger.get_by_text("新しい行き先を本部が確かめています").first).to_be_visible()
    apply_held(house.engine, [], now=utc_now(), by=APPROVER)
    catch_up(house)
    reporting.say(reporting.given[0], ObservationState.REFUTED)
    catch_up(house)
    for page in (here, stranger):
        expect(page.locator(".name").first).to_be_visible(timeout=SOON_MS)
        page.context.close()
    north.context.close()
