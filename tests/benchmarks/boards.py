"""Headquarters' board: soon useful, calm under a flood of updates, quick to keys, never growing."""

import random
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
from playwright.sync_api import Browser, Page, Request, WebSocket

from tests.benchmarks.boardnight import CLOSED, Night, night, settle
from tests.benchmarks.boardpage import chromium, cpu_s, noted, opened, press, signed, size, wait
from tests.benchmarks.loads import Loaded
from tests.benchmarks.machine import busy
from tests.benchmarks.table import Table
from tests.browser.conftest import CHROMIUM

WARM: Final = 5
ASKED: Final = 100
RATE: Final = 60
SECONDS: Final = 20
SEED: Final = 20191012
LINES: Final = 20
FILLING: Final = 15
"""Turns until every list is at its limit."""
TURNS: Final = 60
APART: Final = 4
"""Turns of the night, and how many apart it is measured."""
THIRD: Final = TURNS // APART // 3
"""Medians of the first and the last third are compared: one heap alone says little."""
GROWS_MUST: Final = 5.0
GROWS_STRETCH: Final = 2.0
"""Per cent: what ages say differs in length, and the engine compiles what runs often."""
BOARD: Final = "/api/v1/headquarters/board"


def board_figures(table: Table, city: Loaded, scratch: Path) -> None:
    """Everybody is told to leave, streets are shut, teams are late: an officer looks."""
    table.subject("board", "planner, server, PostGIS and Chromium (software WebGL) on these cores")
    if CHROMIUM is None:
        return table.remark("not measured: there is no Chromium")
    with night(city, scratch) as made, chromium() as browser:
        for measure in (_openings, _answers, _updates, _growth):
            before = busy()
            measure(table, made, browser)
            table.remark(f"{busy()}, before: {before}")
            settle(made)
    return None


def _openings(table: Table, made: Night, browser: Browser) -> None:
    """From a profile that has opened nothing, then from its cache."""
    found = []
    with signed(browser, made) as context:
        for _ in range(1 + WARM):
            page = opened(context, made)
            found.append(noted(page))
            page.close()
    useful, tiles = ([one[what] / 1000 for one in found] for what in ("useful", "tiles"))
    table.times("board useful, opened first", useful[:1], must=5000, stretch=2000)
    table.times("board useful, opened again", useful[1:], must=5000, stretch=2000)
    if not all(tiles):
        return table.remark("the map's tiles did not come: its plain ground was drawn")
    return table.times("  its ground drawn as tiles", tiles[1:])


def _answers(table: Table, made: Night, _: Browser) -> None:
    """The API alone, one question after the other."""
    seconds = []
    with httpx.Client(base_url=made.url, headers=made.officer.headers(made.url)) as web:
        web.get(BOARD).raise_for_status()
        for _turn in range(ASKED):
            began = time.perf_counter()
            answer = web.get(BOARD)
            seconds.append(time.perf_counter() - began)
            answer.raise_for_status()
    state = answer.json()["state"]
    assert len(state["closures"]) >= CLOSED, len(state["closures"])
    some = ("orders", "alerts", "closures", "decisions", "sites", "teams")
    _percentiles(table, f"GET {BOARD}", seconds)
    said = ", ".join(f"{len(state[name])} {name}" for name in some)
    table.remark(f"{len(answer.content) / 1000:,.0f} kB: {said}")


def _updates(table: Table, made: Night, browser: Browser) -> None:
    """Every place counts on and on, and an officer goes through the decisions."""
    with signed(browser, made) as context:
        page = opened(context, made)
        reads, heard = _watched(page)
        with made.counting(RATE, SECONDS + 4) as told:
            page.wait_for_timeout(2000)
            reads.clear()
            heard.clear()
            began, cpu = time.perf_counter(), cpu_s(browser)
            press(page, SECONDS, random.Random(SEED))
            took = time.perf_counter() - began
            found, read, came = noted(page), [one.timing for one in reads], sum(heard)
            cores = {name: (used - cpu[name]) / took for name, used in cpu_s(browser).items()}
        page.close()
    accepted = told["statuses"].get("200", 0) / told["seconds"]
    note = f"{accepted:.0f}/s accepted, {came / took:.0f}/s states told to the page"
    note += "".join(f"; {name} {used:.2f} cores" for name, used in cores.items())
    table.remark(f"{RATE} counts a second for {took:.0f} s: {note}")
    apart = np.diff([one["startTime"] for one in read if one["startTime"] > 0])
    least = f"(never within {apart.min():.0f} ms)"
    table.row("board read again", 1000 / float(apart.mean()), "Hz", must=2.0, note=least)
    _redrawn(table, found)


def _redrawn(table: Table, found: dict[str, Any]) -> None:
    """What the page's own clock saw meanwhile."""
    draws = found["draws"]
    hertz = (len(draws) - 1) / (draws[-1] - draws[0]) * 1000
    least = float(np.diff(draws).min())
    table.row("map redrawn", hertz, "Hz", must=2.0, note=f"(never within {least:.0f} ms)")
    moved = [one / 1000 for one, has_moved in found["keys"] if has_moved]
    still = len(found["keys"]) - len(moved)
    _percentiles(table, "key to its effect", moved, must=100)
    table.remark(f"{len(moved)} keys" + (f"; {still} moved nothing" if still else ""))


def _watched(page: Page) -> tuple[list[Request], list[int]]:
    """Each question of the page for the board, and how many states each message tells it.

    It is opened once more, for its socket is seen only from its beginning.
    """
    reads: list[Request] = []
    heard: list[int] = []

    def asked(request: Request) -> None:
        if request.url.partition("?")[0].endswith(BOARD):
            reads.append(request)

    def follow(socket: WebSocket) -> None:
        socket.on("framereceived", lambda text: heard.append(str(text).count('"topic"')))

    page.on("request", asked)
    page.on("websocket", follow)
    page.reload(wait_until="commit")
    wait(page)
    page.wait_for_timeout(2000)
    return reads, heard


def _growth(table: Table, made: Night, browser: Browser) -> None:
    """A page that is left open: full lists first, then hours of a night in a minute or two."""
    numbers = count()
    with signed(browser, made) as context:
        page = opened(context, made)
        _turns(page, made, numbers, FILLING)
        began = time.perf_counter()
        sizes = [_after(page, made, numbers) for _ in range(TURNS // APART)]
        took = time.perf_counter() - began
        page.close()
    for what, found in (
        ("DOM nodes", [one.nodes for one in sizes]),
        ("listeners", [one.listeners for one in sizes]),
        ("JS heap, MB", [one.heap_mb for one in sizes]),
    ):
        one, other = float(np.median(found[:THIRD])), float(np.median(found[-THIRD:]))
        grown, note = 100 * (other / one - 1), f"({one:,.1f} to {other:,.1f})"
        table.row(
            f"left open, more {what}", grown, "%", must=GROWS_MUST, stretch=GROWS_STRETCH, note=note
        )
    heaps = ", ".join(f"{one.heap_mb:.1f}" for one in sizes)
    said = f"{TURNS * LINES:,} lines, {TURNS} turns of places and streets in {took:.0f} s"
    table.remark(f"{said}; MB meanwhile: {heaps}")


def _after(page: Page, made: Night, numbers: "count[int]") -> Any:
    _turns(page, made, numbers, APART)
    return size(page)


def _turns(page: Page, made: Night, numbers: "count[int]", times: int) -> None:
    for _ in range(times):
        words = made.turn(next(numbers), LINES)
        page.locator("#entries tbody tr").filter(has_text=words).first.wait_for()


def _percentiles(
    table: Table, what: str, seconds: Sequence[float], must: float | None = None
) -> None:
    p50, p95 = np.percentile([1000 * one for one in seconds], [50, 95]).tolist()
    table.row(f"{what}, p50", p50, "ms")
    note = f"({1000 * max(seconds):.0f} at most)"
    table.row(f"{what}, p95", p95, "ms", note=note, must=must)
