"""Followers of the live stream: what is wrong with one is no reason to leave the others untold."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from api.live import follow
from api.live.follow import Crier
from api.live.follower import NOT_WANTED, Follower
from api.live.streams import Events, Socket
from data.live.outbox import LiveState, Topic
from operations.live.hub import LiveHub
from operations.live.now import LiveNow, View

AT = datetime(2026, 10, 10, 20, 42, tzinfo=UTC)
SITES = View(frozenset({Topic.SITES}))
EPOCH = "0b6a3c7e-0000-4000-8000-000000000001"


def stream(*persons: int) -> LiveNow:
    states = [
        LiveState(n, Topic.SITES, "E1", {"persons": count}, AT)
        for n, count in enumerate(persons, start=1)
    ]
    return LiveNow(EPOCH).grown(states)


async def unused(message: str, since: str) -> None:
    raise AssertionError("every message is taken at once")


async def never(*_: object) -> Any:
    await asyncio.Event().wait()


def follower(say: Callable[[str, str], Awaitable[None]] = unused) -> Follower:
    return Follower(SITES, None, say)


async def comes(holds: Callable[[], object]) -> None:
    """Wait until it does."""
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.01)


def test_a_connection_that_fails_leaves_nobody_else_untold(tmp_path: Path) -> None:
    told: list[bytes] = []
    cut: list[int] = []

    def takes(frame: bytes) -> bool:
        told.append(frame)
        return True

    def breaks(frame: bytes) -> bool:
        if b'"persons":2' in frame:
            raise RuntimeError("its transport is broken")
        return True

    async def many() -> None:
        hub = LiveHub(tmp_path, None)
        hub.now = stream(1)
        crier = Crier(hub)
        for write in (breaks, takes, breaks, takes):
            one = follower()
            one.write, one.cut = write, cut.append
            crier.add(one)
        hub.now = stream(1, 2)
        crier.wake()
        await comes(lambda: sum(b'"persons":2' in frame for frame in told) == 2)
        await crier.end()

    asyncio.run(many())
    assert cut == [NOT_WANTED, NOT_WANTED]


def test_a_connection_lost_before_it_was_written_to_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "STALLED_S", 0)
    cut: list[str] = []

    async def two() -> None:
        hub = LiveHub(tmp_path, None)
        hub.now = stream(1)
        crier = Crier(hub)
        stalled, lost = follower(never), follower(never)
        stalled.cut, lost.cut = (lambda _: cut.append("stalled")), (lambda _: cut.append("lost"))
        crier.add(stalled)
        crier.add(lost)
        crier.remove(lost)
        await comes(lambda: cut)
        await crier.end()

    asyncio.run(two())
    assert cut == ["stalled"]


def test_who_has_gone_is_told_nothing_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "BEAT_S", 1)
    told: list[Follower] = []

    async def two() -> None:
        hub = LiveHub(tmp_path, None)
        crier = Crier(hub)
        pair = follower(), follower()

        def takes_alone(me: Follower, other: Follower, frame: bytes) -> bool:
            if b'"persons"' in frame:
                told.append(me)
                crier.remove(other)
            return True

        for me, other in (pair, pair[::-1]):
            me.write = partial(takes_alone, me, other)
            crier.add(me)
        for persons in (1, 2):
            hub.now = stream(*range(persons))
            crier.wake()
            await comes(lambda persons=persons: len(told) >= persons)
        await crier.end()

    asyncio.run(two())
    assert len(told) == 2
    assert len(set(told)) == 1


class Unsaid(LiveNow):
    """A stream that cannot be put into words."""

    def message(self, view: View, offset: int | None) -> str | None:
        raise RuntimeError("it has no words")


async def by_socket(crier: Crier, sent: Callable[[Any], Awaitable[None]]) -> None:
    async def connects() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "extensions": {}}
    await Socket(scope, connects, sent).follow(crier, SITES, None)


async def by_events(crier: Crier, sent: Callable[[Any], Awaitable[None]]) -> None:
    await Events(crier, SITES, None)({"type": "http"}, never, sent)


@pytest.mark.parametrize("follows", [by_socket, by_events])
def test_a_connection_that_fails_with_its_first_message_is_told_nothing_more(
    tmp_path: Path, follows: Callable[..., Awaitable[None]]
) -> None:
    sent: list[Any] = []
    told: list[bytes] = []

    async def send(message: Any) -> None:
        sent.append(message)

    def takes(frame: bytes) -> bool:
        told.append(frame)
        return True

    async def fail() -> None:
        hub = LiveHub(tmp_path, None)
        hub.now = Unsaid(EPOCH)
        crier = Crier(hub)
        with pytest.raises(RuntimeError, match="no words"):
            await follows(crier, send)
        before = len(sent)
        hub.now = stream(1)
        other = follower()
        other.write = takes
        crier.add(other)
        for persons in (2, 3):
            hub.now = stream(*range(1, persons + 1))
            crier.wake()
            await comes(lambda persons=persons: b'"persons":%d' % persons in told[-1])
        await crier.end()
        assert len(sent) == before

    asyncio.run(fail())
