"""Headquarters' maps of an alert: its area fills them in its level's colour, numbers are readable,
and nothing is offered of what is over.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, Route, expect

from alerts.kinds import Status, Step
from city.staff import Role
from hazards.kinds import AlertLevel
from tests.browser.alertserver import AlertDesk

pytestmark = pytest.mark.usefixtures("quiet")

COLOURS = {"live": "rgb(170, 0, 170)", "drill": "rgb(11, 93, 74)"}
PROGRESS: list[dict[str, Any]] = [
    {"channel": name, "queued": 1200, "in_flight": 20, "accepted": 3400, "delivered": 3100}
    | {"refused": 3, "given_up": 1, "not_needed": 12, "perhaps": 2}
    for name in ("line", "sms", "mail")
]
SHARE = """(map) => {
  const [area, all] = [map.querySelector('.reach'), map].map(one => one.getBoundingClientRect());
  return Math.max(area.width / all.width, area.height / all.height);
}"""


def changed(page: Page, url: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """The page reads a changed answer; one that was asked for before a reload has none."""

    def answer(route: Route) -> None:
        with suppress(Error):
            found = route.fetch()
            route.fulfill(response=found, json=change(found.json()))

    page.route(url, answer)


def sent(desk: AlertDesk, **changes: Any) -> int:
    writer = desk.hq.officer(Role.OPERATOR)
    return desk.sent(writer, desk.hq.officer(Role.OPERATOR, Role.APPROVER), **changes)


def opened(desk: AlertDesk, browser: Browser, number: int, **context: Any) -> Page:
    return desk.opened(browser, desk.hq.officer(Role.OPERATOR), at=f"#{number}", **context)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("kind", list(COLOURS))
def test_rule_16_maps_are_framed_around_the_area_in_its_colour_or_the_drill_s(
    browser: Browser, desk: AlertDesk, kind: str, width: int
) -> None:
    status = Status.EXERCISE if kind == "drill" else Status.ACTUAL
    number = sent(desk, status=status)
    size = {"width": width, "height": 900}
    page = opened(desk, browser, number, viewport=size, color_scheme="light")
    for name in ("#reach-map", "#cells"):
        page.locator(f"{name} .reach").wait_for()
        expect(page.locator(f"{name} .reach")).to_have_css("fill", COLOURS[kind])
        expect(page.locator(f"{name} .corner-map")).to_have_count(1)
        assert page.locator(name).evaluate(SHARE) > 0.4
    number_box = page.locator("#cells .cell-number").first.bounding_box()
    assert number_box is not None
    assert number_box["height"] >= 14
    page.context.close()


def test_what_is_over_has_no_colour_of_a_level_and_is_not_updated(
    browser: Browser, desk: AlertDesk
) -> None:
    desk.hq.database.rows("DELETE FROM evacuation_order RETURNING 1")
    first = sent(desk, level=AlertLevel.ALL_LEAVE)
    last = sent(desk, alert=int(desk.whole(first)["alert"]), step=Step.ALL_CLEAR)
    page = opened(desk, browser, last, color_scheme="light")
    expect(page.locator("#reach-map .reach")).to_have_css("fill", "rgb(20, 23, 26)")
    expect(page.locator("#decisions")).to_contain_text("この配信は終わりました")

    # The list holds the newest alone: what ended may be missing in it.
    def without_last(told: dict[str, Any]) -> dict[str, Any]:
        return told | {"alerts": [one for one in told["alerts"] if one["number"] != last]}

    changed(page, "**/api/v1/headquarters/alerts", without_last)
    page.goto(f"{desk.hq.url}/hq/alerts#{first}")
    page.reload()
    page.locator("#alerts[data-ready]").wait_for()
    expect(page.locator("#decisions")).to_contain_text("この配信は終わりました")
    expect(page.get_by_role("button", name="更新する")).to_have_count(0)
    page.context.close()


def test_progress_of_all_channels_fits_on_a_narrow_screen(
    browser: Browser, desk: AlertDesk
) -> None:
    number = sent(desk, status=Status.EXERCISE)
    page = desk.opened(
        browser, desk.hq.officer(Role.OPERATOR), viewport={"width": 390, "height": 844}
    )

    here = f"**/api/v1/headquarters/alerts/{number}"
    changed(page, here, lambda told: told | {"progress": PROGRESS})
    page.goto(f"{desk.hq.url}/hq/alerts#{number}")
    page.reload()
    box = page.locator("#progress .wide")
    expect(box).to_contain_text("3,400")
    expect(box.locator("thead th")).to_have_count(4)
    assert box.evaluate("one => one.scrollWidth <= one.clientWidth")
    page.context.close()
