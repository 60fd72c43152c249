"""Followers of the live stream: what is wrong with one is no reason to leave the others untold."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from api.live.follow import NOT_WANTED, Crier, Follower
from data.live.outbox import LiveState, Topic
from operations.live.hub import LiveHub
from operations.live.now import LiveNow, View

AT = datetime(2026, 10, 10, 20, 42, tzinfo=UTC)
EPOCH = "0b6a3c7e-0000-4000-8000-000000000001"


def stream(*persons: int) -> LiveNow:
    states = [
        LiveState(n, Topic.SITES, "E1", {"persons": count}, AT)
        for n, count in enumerate(persons, start=1)
    ]
    return LiveNow(EPOCH).grown(states)


async def unused(message: str, since: str) -> None:
    raise AssertionError("every message is taken at once")


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

    async def follow() -> None:
        hub = LiveHub(tmp_path, None)
        hub.now = stream(1)
        crier = Crier(hub)
        for write in (breaks, takes, breaks, takes):
            follower = Follower(View(frozenset({Topic.SITES})), None, unused)
            follower.write, follower.cut = write, cut.append
            crier.add(follower)
        hub.now = stream(1, 2)
        crier.wake()
        async with asyncio.timeout(10):
            while sum(b'"persons":2' in frame for frame in told) < 2:
                await asyncio.sleep(0.01)
        await crier.end()

    asyncio.run(follow())
    assert cut == [NOT_WANTED, NOT_WANTED]
