"""One Chromium for the pages of a module."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium")
"""With a window's works: what draws WebGL."""
SHELL = shutil.which("chromium-headless-shell") or CHROMIUM
"""The same engine without them: a page costs it a third."""
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser that the tests of a module share."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=SHELL, args=ARGUMENTS)
        yield chromium
        chromium.close()
