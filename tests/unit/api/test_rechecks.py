"""Staff who follow the live stream are let go as soon as they are staff no longer."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.live import follow, rechecks
from api.live.follow import Crier
from api.live.follower import NOT_WANTED, Follower
from data.database import connect
from data.errors import NoDatabase
from data.live.outbox import LET_IN, LiveState, Topic
from operations.live.hub import LiveHub
from operations.live.now import LiveNow, View
from operations.people.signing import Credential

ENDED = LiveNow("E").grown([LiveState(1, Topic.SERVERS, LET_IN, {}, datetime.now(UTC))])


class Book:
    """Who still is staff. A look waits while it is `shut`, and fails as often as it is told to."""

    def __init__(self) -> None:
        self.ended: set[str] = set()
        self.looks: list[set[str]] = []
        self.fails = 0
        self.open = threading.Event()
        self.open.set()

    def still_hold(
        self, engine: Engine, shown: Collection[Credential], *, now: datetime
    ) -> Collection[Credential]:
        """As `operations.people.signing` has it; ended is who was so when the look began."""
        holding = {one for one in shown if one.token_hash not in self.ended}
        self.looks.append({one.token_hash for one in shown})
        assert self.open.wait(30)
        if len(self.looks) <= self.fails:
            raise NoDatabase("away")
        return holding


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Iterator[Book]:
    """What is looked into; a turn of their own comes to followers in a quarter of an hour."""
    made = Book()
    monkeypatch.setattr(rechecks, "still_hold", made.still_hold)
    monkeypatch.setattr(follow, "BEAT_S", 900)
    yield made
    made.open.set()


async def said(*_: object) -> None:
    """Every message is taken."""


def run(tmp_path: Path, follows: Callable[[Crier], Awaitable[None]]) -> None:
    """With a crier over a database that nobody asks."""

    async def whole() -> None:
        hub = LiveHub(tmp_path, None)
        crier = Crier(hub, connect("postgresql+psycopg:///x?host=/nowhere"))
        async with asyncio.timeout(20):
            await follows(crier)
        await crier.end()

    asyncio.run(whole())


def staff(name: str) -> tuple[Follower, "asyncio.Future[int]"]:
    """Somebody whom the gate let in, and the code with which they are let go."""
    made = Follower(View(frozenset({Topic.HEADQUARTERS})), None, said)
    made.credential = Credential("session", name)
    gone: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    made.cut = gone.set_result
    return made, gone


async def comes(holds: Callable[[], object]) -> None:
    """Wait until it does."""
    while not holds():
        await asyncio.sleep(0.01)


def test_who_was_ended_while_the_gate_let_them_in_is_let_go_at_once(
    book: Book, tmp_path: Path
) -> None:
    async def follows(crier: Crier) -> None:
        crier.hub.now = ENDED
        crier.wake()
        await asyncio.sleep(0.1)
        book.ended = {"late"}
        (late, gone), (stays, still) = staff("late"), staff("stays")
        crier.add(late)
        crier.add(stays)
        assert await gone == NOT_WANTED
        assert not still.done()

    run(tmp_path, follows)


def test_a_look_that_failed_is_made_again(book: Book, tmp_path: Path) -> None:
    book.fails = 2

    async def follows(crier: Crier) -> None:
        one, gone = staff("one")
        crier.add(one)
        book.ended = {"one"}
        assert await gone == NOT_WANTED
        assert book.looks == [{"one"}] * 3

    run(tmp_path, follows)


def test_who_has_gone_is_looked_at_no_more(book: Book, tmp_path: Path) -> None:
    book.fails = 1

    async def follows(crier: Crier) -> None:
        (one, gone), (other, _) = staff("one"), staff("other")
        crier.add(one)
        crier.add(other)
        await comes(lambda: book.looks)
        crier.remove(one)
        await comes(lambda: len(book.looks) > 1)
        assert book.looks[-1] == {"other"}
        assert not gone.done()

    run(tmp_path, follows)


def test_those_who_come_during_a_look_are_looked_at_together(book: Book, tmp_path: Path) -> None:
    book.open.clear()

    async def follows(crier: Crier) -> None:
        crier.add(staff("first")[0])
        await comes(lambda: book.looks)
        names = {str(number) for number in range(5)}
        for name in names:
            crier.add(staff(name)[0])
        book.open.set()
        await comes(lambda: len(book.looks) > 1)
        assert book.looks == [{"first"}, names]

    run(tmp_path, follows)


def test_who_is_ended_waits_for_no_look_that_hangs(book: Book, tmp_path: Path) -> None:
    book.open.clear()

    async def follows(crier: Crier) -> None:
        one, gone = staff("one")
        crier.add(one)
        await comes(lambda: book.looks)
        book.ended = {"one"}
        crier.hub.now = ENDED
        crier.wake()
        await comes(lambda: len(book.looks) > 1)
        assert not gone.done()
        book.open.set()
        assert await gone == NOT_WANTED

    run(tmp_path, follows)
