"""One Chromium for the pages of all modules, one desk for headquarters' tests of alerts."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.alertserver import AlertDesk, alert_desk
from tests.integration.databases import Server

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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Started once; while no module has it, its event loop must not count as running here."""
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=SHELL, args=ARGUMENTS)
        loop = asyncio.get_running_loop()
        yield made
        asyncio._set_running_loop(loop)
        made.close()


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Iterator[Browser]:
    """The browser with nothing open, for the tests of a module."""
    asyncio._set_running_loop(chromium._loop)
    assert chromium.is_connected(), "Chromium has ended in a module before this one"
    yield chromium
    for context in chromium.contexts:
        context.close()
    asyncio._set_running_loop(None)


@pytest.fixture(scope="module")
def desk(
    server: Server, with_plan: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AlertDesk]:
    """One server for all tests of a file: each opens alerts of its own."""
    with alert_desk(server, with_plan, tmp_path_factory.mktemp("alerts")) as made:
        yield made


@pytest.fixture
def quiet(desk: AlertDesk) -> Iterator[None]:
    """Nothing of a page is refused by its policy, and nothing of it fails."""
    desk.hq.said.clear()
    yield
    assert [line for line in desk.hq.said if "Failed to load resource" not in line] == []
