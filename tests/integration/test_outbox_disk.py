"""Only marks wait for the disk: what a crash of PostgreSQL may take back, and what it may not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, make_url

from alerts.channels.port import Batch, Handed
from alerts.kinds import ChannelKind
from data.database import connect
from tests.integration.databases import Database
from tests.integration.outbox import Counting, Outbox

MARKS = "UPDATE delivery SET state = 1"
CLAIMS = "FOR UPDATE OF c SKIP LOCKED"
SETTLES = "tries = tries + 1, why"
HANDED_OVER = "handed over"


@dataclass
class Watched:
    """What happened, in order: commits, with their statements and PostgreSQL's own setting."""

    seen: list[tuple[str, str]] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)

    def of(self, part: str) -> list[str]:
        """The setting at the commit of each transaction with such a statement."""
        return [setting for statements, setting in self.seen if part in statements]


class Noting(Counting):
    """A carrier whose calls are seen among the commits."""

    watched: Watched

    def hand_over(self, batch: Batch) -> Sequence[Handed]:
        self.watched.seen.append((HANDED_OVER, ""))
        return super().hand_over(batch)


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def outbox(database: Database, tmp_path: Path, watched: Watched) -> Iterator[Outbox]:
    """Its sessions wait for the disk unless they are told not to, as PostgreSQL does by itself."""
    waits = make_url(database.url).update_query_dict({"options": "-csynchronous_commit=on"})
    engine = connect(waits.render_as_string(hide_password=False))

    @event.listens_for(engine, "begin")
    def begins(_: Connection) -> None:
        watched.begun.clear()

    @event.listens_for(engine, "before_cursor_execute")
    def executes(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        watched.begun.append(statement)

    @event.listens_for(engine, "commit")
    def commits(connection: Connection) -> None:
        cursor = connection.connection.cursor()
        cursor.execute("SHOW synchronous_commit")
        (setting,) = cursor.fetchone() or ("",)
        cursor.close()
        watched.seen.append(("\n".join(watched.begun), setting))

    yield Outbox(engine, tmp_path)
    engine.dispose()


def hand_over(outbox: Outbox, watched: Watched, remembers_s: float) -> None:
    """A hundred letters, in windows of fifty where no repetition is noticed."""
    outbox.register(100, ChannelKind.SMS)
    outbox.approve()
    outbox.expand()
    carrier = Noting(ChannelKind.SMS, remembers_s=remembers_s)
    carrier.watched = watched
    slot = outbox.slot(carrier)
    watched.seen.clear()
    outbox.work_off(slot)
    assert set(carrier.taken.values()) == {1}
    assert len(carrier.taken) == 100


def test_what_marks_rows_in_flight_waits_for_the_disk_before_anything_is_handed_over(
    outbox: Outbox, watched: Watched
) -> None:
    hand_over(outbox, watched, remembers_s=0.0)
    assert watched.of(MARKS) == ["on", "on"], "a window each"
    order = [part for done, _ in watched.seen for part in (MARKS, HANDED_OVER) if part in done]
    assert order == [MARKS, HANDED_OVER] * 2


@pytest.mark.parametrize("remembers_s", [0.0, 86_400.0])
def test_what_claims_and_what_settles_waits_for_no_disk(
    outbox: Outbox, watched: Watched, remembers_s: float
) -> None:
    hand_over(outbox, watched, remembers_s)
    assert set(watched.of(CLAIMS)) == {"off"}
    assert set(watched.of(SETTLES)) == {"off"}


def test_nothing_is_marked_where_a_repetition_is_noticed(outbox: Outbox, watched: Watched) -> None:
    hand_over(outbox, watched, remembers_s=86_400.0)
    assert watched.of(MARKS) == []
