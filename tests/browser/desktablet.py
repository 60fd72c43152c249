"""A tablet at a desk, as the tests hold it: its page, its buttons, its clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.deskserver import DeskServer

WINDOW = {"width": 820, "height": 1180}
CODE = "nigemichi:in:0a1b2c3d-0000-4000-8000-000000000001:4"
WALL = """{
  const True = Date, ahead = () => Number(localStorage.getItem('ahead'));
  globalThis.Date = class extends True {
    constructor(...said) { said.length ? super(...said) : super(True.now() + ahead()); }
    static now() { return True.now() + ahead(); }
  };
}"""
"""A wall clock that a test sets; the page's own clock goes on as it did."""


@contextmanager
def tablet(browser: Browser, **values: Any) -> Iterator[BrowserContext]:
    """A tablet with a disk of its own."""
    context = browser.new_context(**{"viewport": WINDOW, "locale": "ja-JP", **values})
    context.set_default_timeout(15_000)
    try:
        yield context
    finally:
        context.close()


def opened(
    context: BrowserContext, server: DeskServer, *, kept: bool = False, site: str = ""
) -> Page:
    """The desk, ready; `kept`: also for when there is no network."""
    page = context.new_page()
    page.goto(f"{server.url}/desk" + (f"?site={site}" if site else ""))
    ready(page)
    if kept:
        page.wait_for_selector("html[data-kept]")
    return page


def ready(page: Page) -> None:
    """Wait until the desk counts."""
    page.wait_for_selector("html[data-ready]")


def press(page: Page, *names: str) -> None:
    """Press buttons of the clicker (-1, 1, 5), and see the number that they make."""
    before = page.locator("#persons").inner_text()
    for name in names:
        page.locator(f"[data-press='{name}']").click()
    counts(page, max(0, int(before.replace("—", "0")) + sum(map(int, names))))


def counts(page: Page, persons: int) -> None:
    """The number on the screen."""
    expect(page.locator("#persons")).to_have_text(str(persons))


def unsent(page: Page, number: int, *, seconds: float = 5) -> None:
    """How many wait, in the list and at the top."""
    expect(page.locator("#waits")).to_have_text(f"未送信 {number}件", timeout=seconds * 1000)
    expect(page.locator("#net-word")).to_contain_text(f"未送信 {number}件")


def recount(page: Page, persons: str, paper: str = "") -> None:
    """Type a number that was counted anew."""
    page.get_by_role("button", name="数え直す", exact=True).click()
    page.get_by_label("人数", exact=True).fill(persons)
    if paper:
        page.get_by_label("紙から写すときは").fill(paper)
    page.get_by_role("button", name="この人数にする").click()


def scan(page: Page, code: str) -> None:
    """Scan a code."""
    page.get_by_label("読み取り機はここに").fill(code)
    page.keyboard.press("Enter")


def turn_clock(page: Page, ahead: timedelta) -> None:
    """Set the tablet's clock so far ahead of the true time."""
    page.evaluate("ms => localStorage.setItem('ahead', ms)", ahead.total_seconds() * 1e3)
