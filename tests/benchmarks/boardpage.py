"""Headquarters' board in a Chromium that draws WebGL, with its own clock beside it."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.benchmarks.boardnight import Night
from tests.browser.conftest import ARGUMENTS, CHROMIUM

SOFTWARE: Final = (
    *("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
    "--disable-gpu-compositing",
)
"""As where there is no graphics card: WebGL by SwiftShader, all else painted by the processor."""
SCREEN: Final = {"width": 1920, "height": 1080}
PATIENCE_MS: Final = 120_000
CLOCK: Final = """
(() => {
  const bench = window.bench = {useful: 0, tiles: 0, keys: [], draws: []};
  const has = what => document.querySelector(what);
  const isUseful = () => ['#board[data-ready]', '#decisions > li', '#sites tbody tr',
    '#levels [data-level="4"]', '#board-map [data-part=closures] *',
    '#board-map :is([data-part=ground] *, canvas)'].every(has);
  const look = () => {
    if (!bench.useful && isUseful()) {
      bench.useful = performance.now();
      document.documentElement.dataset.useful = '';
    }
    if (!bench.tiles && has('#board-map[data-ground=tiles]')) bench.tiles = performance.now();
    if (!bench.useful || !has('#board-map[data-ground]')) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  addEventListener('DOMContentLoaded', () => {
    const drawn = () => bench.draws.push(performance.now());
    if (has('#board-map')) {
      new MutationObserver(drawn).observe(has('#board-map'), {attributeFilter: ['data-drawn']});
    }
  });
  addEventListener('keydown', event => {
    const before = document.activeElement;
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => {
      bench.keys.push([performance.now() - event.timeStamp, document.activeElement !== before]);
    };
    requestAnimationFrame(() => port2.postMessage(0));
  }, true);
})();
"""
"""A key's effect is there when the frame after it is drawn: a message comes after that."""
TWO_FRAMES: Final = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass(frozen=True, slots=True)
class Size:
    """What an open page holds, once all that is no longer used is gone."""

    nodes: int
    listeners: int
    heap_mb: float


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser; it draws WebGL without a graphics card, as slowly as that is."""
    arguments = [one for one in ARGUMENTS if one != "--disable-gpu"]
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=CHROMIUM, args=[*arguments, *SOFTWARE])
        try:
            yield made
        finally:
            made.close()


@contextmanager
def signed(browser: Browser, made: Night) -> Iterator[BrowserContext]:
    """A profile that has opened nothing yet, signed in."""
    context = browser.new_context(viewport=SCREEN, locale="ja-JP")  # type: ignore[arg-type]
    who = made.officer
    context.add_cookies([{"name": who.cookie, "value": who.token, "url": made.url}])
    context.add_init_script(CLOCK)
    try:
        yield context
    finally:
        context.close()


def opened(context: BrowserContext, made: Night) -> Page:
    """The board, once it is useful and its ground is there."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{made.url}/hq", wait_until="commit")
    wait(page)
    return page


def wait(page: Page) -> None:
    """Until all of it is there, and its clock has seen that."""
    for what in ("html[data-useful]", "#board-map[data-ground]", "#board[data-live-now]"):
        page.locator(what).wait_for()
    page.evaluate(TWO_FRAMES)


def press(page: Page, seconds: float, rng: random.Random) -> None:
    """J and K, up and down some decisions, at no even pace: redrawing has one."""
    steps = min(page.locator("#decisions > li").count() - 1, 6)
    assert steps > 0
    page.keyboard.press("j")
    keys = "j" * steps + "k" * steps
    page.evaluate("bench.keys = []; bench.draws = []; bench.began = performance.now()")
    number = 0
    while page.evaluate("performance.now() - bench.began") < 1000 * seconds:
        page.keyboard.press(keys[number % len(keys)])
        page.wait_for_timeout(rng.uniform(40, 160))
        number += 1


def noted(page: Page) -> dict[str, Any]:
    """What the page's clock says, in ms since it was asked for."""
    found: dict[str, Any] = page.evaluate("bench")
    return found


def size(page: Page) -> Size:
    """After a forced collection of garbage."""
    asks = page.context.new_cdp_session(page)
    for _ in range(3):
        asks.send("HeapProfiler.collectGarbage")
    found = asks.send("Memory.getDOMCounters")
    heap = asks.send("Runtime.getHeapUsage")["usedSize"]
    asks.detach()
    return Size(found["nodes"], found["jsEventListeners"], heap / 1e6)


def cpu_s(browser: Browser) -> dict[str, float]:
    """Seconds that the pages' processes have computed, and the one that draws for them."""
    asks = browser.new_browser_cdp_session()
    found: dict[str, float] = {}
    for one in asks.send("SystemInfo.getProcessInfo")["processInfo"]:
        found[one["type"]] = found.get(one["type"], 0.0) + one["cpuTime"]
    asks.detach()
    return {"page": found.get("renderer", 0.0), "drawing": found.get("GPU", 0.0)}
