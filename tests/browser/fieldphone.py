"""A team's phone as the tests hold it: its page, its camera, what it has not sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    FilePayload,
    Page,
    ViewportSize,
    expect,
)
from sqlalchemy import text

from tests.browser.hqserver import Headquarters
from tests.integration.staffed import Signed

PHONE: ViewportSize = {"width": 390, "height": 844}
HERE = {"longitude": 135.398166, "latitude": 29.600935, "accuracy": 12}
"""A street of the fictional town."""
REPORTS = "SELECT kind FROM observation WHERE source = :source"


@contextmanager
def phone(browser: Browser, team: Signed, url: str, **values: Any) -> Iterator[BrowserContext]:
    """A phone with a disk of its own, that knows where it is unless `values` say otherwise."""
    knows = {"permissions": ["geolocation"], "geolocation": HERE}
    context = browser.new_context(**{"viewport": PHONE, "locale": "ja-JP", **knows, **values})
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": team.cookie, "value": team.token, "url": url}])
    try:
        yield context
    finally:
        context.close()


def opened(context: BrowserContext, url: str, *, kept: bool = True, tries: int = 1) -> Page:
    """The page, ready; `kept`: also for when there is no network. A poor line takes `tries`."""
    page = context.new_page()
    for left in reversed(range(tries)):
        try:
            page.goto(f"{url}/field")
            page.wait_for_selector("html[data-kept]" if kept else "html[data-ready]")
            break
        except Error:
            if not left:
                raise
    return page


def ready(page: Page) -> None:
    """Wait until it can be pressed, and says where it is."""
    page.wait_for_selector("html[data-ready]")


def choose(page: Page, kind: str, photo: bytes = b"") -> None:
    """Press what is happening, and take a photo of it."""
    page.locator(f"label:has(input[value={kind}])").click()
    if photo:
        taken: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo}
        page.locator("#camera").set_input_files(taken)
        expect(page.locator("#pictures img")).to_have_count(1)


def report(page: Page, kind: str, photo: bytes = b"") -> None:
    """Choose, and press 「報告する」."""
    expect(page.locator("#place-said")).to_contain_text("GPS")
    choose(page, kind, photo)
    page.locator("#send").click()
    expect(page.locator("#undo")).to_be_visible()


def unsent(page: Page, number: int, photos: int = 0, *, seconds: float = 10) -> None:
    """How many reports and photos wait, as the strip says."""
    expect(page.locator("#net")).to_contain_text(f"未送信 {number}件", timeout=seconds * 1000)
    if photos:
        expect(page.locator("#unsent-photos")).to_contain_text(f"写真 {photos}枚")
    else:
        expect(page.locator("#unsent-photos")).to_be_empty(timeout=seconds * 1000)


def tap(page: Page, right: float, down: float) -> None:
    """Press the map, at shares of its width and height."""
    box = page.locator("#map").bounding_box()
    assert box
    page.mouse.click(box["x"] + right * box["width"], box["y"] + down * box["height"])


def says(page: Page, words: str) -> None:
    """What is said of the drawing."""
    expect(page.locator("#editing-how")).to_contain_text(words)


def rows(hq: Headquarters, team: Signed, query: str) -> list[tuple[Any, ...]]:
    """What the city has of that phone, sorted."""
    with hq.engine.connect() as connection:
        found = connection.execute(text(query), {"source": team.caller.actor})
        return sorted(tuple(one) for one in found)


def landed(hq: Headquarters, team: Signed) -> list[str]:
    """The kinds of all that came from it."""
    return [kind for (kind,) in rows(hq, team, REPORTS)]
