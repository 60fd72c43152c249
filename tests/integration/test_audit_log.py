"""The audit log is only added to, and tells when somebody changed it all the same."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from city.staff import CONSOLE, PUBLIC, Caller, CallerKind, Role
from data.database import transaction
from data.people import audit
from operations.people import auditing
from operations.people.audithead import note_head
from operations.people.auditing import EACH_MINUTE, Refusals, verify
from tests.integration.databases import Connects, Database, plain
from tests.integration.processes import commanded, wait_for

OPERATOR = Caller(CallerKind.STAFF, 7, "架空 太郎", frozenset({Role.OPERATOR}))
_TAMPER = (
    ("UPDATE audit_entry SET details = '{\"level\": 3}' WHERE number = 4", 4),
    ("UPDATE audit_entry SET actor = 'staff:8' WHERE number = 2", 2),
    ("UPDATE audit_entry SET at = at - interval '1 hour' WHERE number = 3", 3),
    ("DELETE FROM audit_entry WHERE number = 5", 5),
    ("DELETE FROM audit_entry WHERE number = 1", 1),
    ("UPDATE audit_entry SET number = number + 10 WHERE number > 6", 7),
    ("UPDATE audit_entry SET previous = repeat('0', 64) WHERE number = 6", 6),
)


def write(engine: Engine, count: int) -> None:
    for level in range(count):
        with transaction(engine, latest=True) as connection:
            audit.record(connection, OPERATOR, "order.proposed", f"order:{level}", level=4, at=1.5)


def as_owner(database: Database, statement: str) -> None:
    """What whoever owns the database can do: switch the triggers off."""
    with psycopg.connect(plain(database.url), autocommit=True) as connection:
        connection.execute("ALTER TABLE audit_entry DISABLE TRIGGER only_added")
        connection.execute(statement.encode())
        connection.execute("ALTER TABLE audit_entry ENABLE TRIGGER only_added")


def test_a_log_that_nobody_touched_is_whole(engine: Engine) -> None:
    assert verify(engine).entries == 0
    write(engine, 3)
    found = verify(engine)
    assert (found.entries, found.broken) == (3, None)
    assert len(found.head) == 64


@pytest.mark.parametrize(("statement", "broken"), _TAMPER)
def test_one_row_changed_by_the_databases_owner_is_named(
    engine: Engine, database: Database, statement: str, broken: int
) -> None:
    write(engine, 8)
    as_owner(database, statement)
    found = verify(engine)
    assert found.broken == broken
    assert found.why


@pytest.mark.parametrize(
    "gone", ["DELETE FROM audit_entry WHERE number > 5", "DELETE FROM audit_entry"]
)
def test_entries_cut_off_at_the_end_show_against_the_head_that_was_noted(
    engine: Engine, database: Database, tmp_path: Path, gone: str
) -> None:
    write(engine, 8)
    note_head(engine, tmp_path)
    write(engine, 1)
    assert commanded(database.url, tmp_path, "audit", "verify").returncode == 0
    as_owner(database, gone)
    # The next minute's note does not cover it up.
    assert not note_head(engine, tmp_path)
    found = commanded(database.url, tmp_path, "audit", "verify")
    assert found.returncode == 1
    assert "entries are gone" in found.stderr


def test_a_row_rewritten_with_its_own_hash_breaks_the_next(
    engine: Engine, database: Database
) -> None:
    write(engine, 4)
    with transaction(engine) as connection:
        second = list(audit.entries(connection))[1]
    forged = audit.Entry(
        second.number,
        second.at,
        "staff:9",
        second.action,
        second.subject,
        second.details,
        second.previous,
        "",
    )
    right = audit._hash(forged.previous, forged._said())
    as_owner(
        database,
        f"UPDATE audit_entry SET actor = 'staff:9', hash = '{right}' WHERE number = 2",  # noqa: S608
    )
    assert verify(engine).broken == 3


def test_cut_off_entries_show_against_a_head_noted_elsewhere(
    engine: Engine, database: Database
) -> None:
    write(engine, 4)
    noted = verify(engine).head
    write(engine, 2)
    assert verify(engine, noted).broken is None
    as_owner(database, "DELETE FROM audit_entry WHERE number > 3")
    assert verify(engine).broken is None
    assert verify(engine, noted).broken == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'console'",
        "DELETE FROM audit_entry WHERE number = 1",
        "TRUNCATE audit_entry",
    ],
)
def test_the_database_refuses_what_is_no_addition(
    engine: Engine, database: Database, statement: str
) -> None:
    write(engine, 2)
    with (
        psycopg.connect(plain(database.url)) as connection,
        pytest.raises(psycopg.errors.RaiseException, match="only ever added"),
    ):
        connection.execute(statement.encode())
    assert verify(engine).entries == 2


def test_many_who_write_at_once_make_one_chain(engine: Engine) -> None:
    threads = [threading.Thread(target=write, args=(engine, 10)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = verify(engine)
    assert (found.entries, found.broken) == (40, None)


def test_the_command_prints_the_head_and_names_what_is_broken(
    engine: Engine, database: Database, tmp_path: Path
) -> None:
    write(engine, 3)
    whole = commanded(database.url, tmp_path, "audit", "verify")
    head = verify(engine).head
    assert (whole.returncode, whole.stdout) == (0, f"3 entries, head {head}\n")
    listed = commanded(database.url, tmp_path, "audit", "list", "--last", "1")
    assert "staff:7 order.proposed order:2" in listed.stdout
    assert commanded(database.url, tmp_path, "audit", "verify", "--head", head).returncode == 0
    as_owner(database, "UPDATE audit_entry SET subject = 'order:9' WHERE number = 2")
    broken = commanded(database.url, tmp_path, "audit", "verify")
    assert broken.returncode == 1
    assert "entry 2" in broken.stderr


def test_the_first_start_prints_a_link_once_and_no_password(
    database: Database, tmp_path: Path
) -> None:
    made = commanded(
        database.url, tmp_path, "staff", "first-admin", "--address", "https://shi.example"
    )
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("https://shi.example/signin/link#")
    unknown = commanded(database.url, tmp_path, "staff", "link", "nobody")
    assert unknown.returncode == 2
    assert "nigemichi staff list" in unknown.stderr


class _Clock:
    def __init__(self) -> None:
        self.now_s = 600.0

    def __call__(self) -> float:
        return self.now_s


def test_refusals_of_the_public_are_bounded_and_counted(engine: Engine) -> None:
    clock = _Clock()
    refusals = Refusals(engine, clock)
    for _ in range(1000):
        refusals.note(PUBLIC, "/hq", status=401, why="no-session")
    refusals.note(OPERATOR, "/admin", status=403, why="not-yours")
    refusals.close()
    entries = auditing.last_entries(engine, 1000)
    assert len(entries) == EACH_MINUTE + 2
    counted = [dict(entry.details) for entry in entries if "more" in entry.details]
    assert counted == [{"more": 1000 - EACH_MINUTE, "from": "public"}]
    assert [entry.subject for entry in entries if entry.actor == "staff:7"] == ["/admin"]
    assert verify(engine).broken is None


def test_a_refusal_is_written_soon(engine: Engine) -> None:
    refusals = Refusals(engine)
    refusals.note(PUBLIC, "/hq", status=401, why="no-session")
    wait_for("it is in the log", lambda: auditing.last_entries(engine, 1))
    (entry,) = auditing.last_entries(engine, 10)
    assert (entry.actor, entry.action, entry.subject) == ("public", "refused", "/hq")
    assert dict(entry.details) == {"status": 401, "why": "no-session"}
    assert abs(entry.at - datetime.now(UTC)).total_seconds() < 60
    refusals.close()


def test_refusals_hold_up_nobody_while_the_database_is_away(connects: Connects) -> None:
    refusals = Refusals(connects("postgresql://nobody@127.0.0.1:1/none"))
    for _ in range(100):
        refusals.note(CONSOLE, "/hq", status=401, why="no-session")
    refusals.close()
