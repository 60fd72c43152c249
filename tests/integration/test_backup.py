"""A drill: a backup is made while the city is at work, the database is lost, and put back."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from city.staff import CONSOLE, Role
from data.database import migrate, transaction
from data.live.outbox import Topic, epoch, since
from data.rows import current_load
from hazards.kinds import AlertLevel, HazardKind
from operations import pgtools
from operations.backup import backup, restore
from operations.changes import lift_level, open_site, set_level
from operations.errors import Refused
from operations.people.devices import revoke_device
from operations.people.links import DeadLink, find_code, password_code
from operations.people.signing import caller_of_device, caller_of_session
from operations.planning.planner import Planner
from shelters.place import Opening
from tests.integration.databases import Connects, Database, Server
from tests.integration.processes import nigemichi
from tests.integration.staffed import a_person, a_tablet, signed_in

FLOOD = HazardKind.FLOOD
IN_FORCE = (
    "SELECT 'order', hazard FROM evacuation_order WHERE ended_at IS NULL UNION ALL"
    " SELECT site_id, opening FROM site_opening WHERE ended_at IS NULL ORDER BY 1"
)


@pytest.fixture
def site(town_database: Database) -> str:
    """A site of the town by its id."""
    return str(town_database.one("SELECT id FROM evacuation_site ORDER BY number LIMIT 1"))


def test_what_was_in_force_comes_back_in_a_new_database(
    server: Server,
    town_database: Database,
    town_engine: Engine,
    site: str,
    tmp_path: Path,
    connects: Connects,
) -> None:
    set_level(town_engine, FLOOD, AlertLevel.ALL_LEAVE)
    open_site(town_engine, site, Opening.OPEN)
    before = town_database.rows(IN_FORCE)
    entries = town_database.one("SELECT count(*) FROM audit_entry")
    kept = tmp_path / "night.backup"
    assert backup(town_database.url, kept) > 1000
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600

    empty = server.create()
    restore(empty.url, kept)
    assert empty.rows(IN_FORCE) == before
    engine = connects(empty.url)
    assert Planner(engine, tmp_path / "state").catch_up()
    with transaction(engine) as connection:
        assert current_load(connection).code
    engine.dispose()
    verified = nigemichi(empty.url, tmp_path / "state", "audit", "verify").stdout
    assert verified.startswith(f"{entries + 1} ")
    server.drop(empty)


def test_a_restore_over_data_must_be_meant_and_ends_every_session(
    town_database: Database, town_engine: Engine, tmp_path: Path
) -> None:
    set_level(town_engine, FLOOD, AlertLevel.ALL_LEAVE)
    before = town_database.rows(IN_FORCE)
    town_database.rows(
        "WITH s AS (INSERT INTO staff (login, name, roles) VALUES ('a', 'A', '{operator}')"
        " RETURNING id) INSERT INTO staff_session (token_hash, staff_id) SELECT 'x', id FROM s"
        " RETURNING 1"
    )
    kept = tmp_path / "night.backup"
    backup(town_database.url, kept)
    with transaction(town_engine) as connection:
        first = epoch(connection)
    lift_level(town_engine, FLOOD)

    with pytest.raises(Refused, match="--replace"):
        restore(town_database.url, kept)
    assert ("order", "flood") not in town_database.rows(IN_FORCE)
    restore(town_database.url, kept, replace=True)
    assert town_database.rows(IN_FORCE) == before
    with transaction(town_engine) as connection:
        assert epoch(connection) != first
    assert town_database.one("SELECT count(*) FROM staff_session WHERE ended_at IS NULL") == 0
    last = "SELECT action FROM audit_entry ORDER BY number DESC LIMIT 1"
    assert town_database.one(last) == "backup.restored"


def test_nobody_who_was_shut_out_since_comes_back_with_a_restore(
    town_database: Database, town_engine: Engine, site: str, tmp_path: Path
) -> None:
    now, tablet = datetime.now(UTC), a_tablet(town_engine, site)
    number = a_person(town_engine, Role.OPERATOR)
    code = password_code(town_engine, CONSOLE, number, now=now)
    kept = tmp_path / "night.backup"
    backup(town_database.url, kept)
    assert tablet.caller.id is not None
    revoke_device(town_engine, CONSOLE, tablet.caller.id, now=now)
    said = nigemichi(town_database.url, tmp_path, "restore", str(kept), "--replace")
    assert "register every tablet again" in said.stdout
    assert "disable again whom you disabled since" in said.stdout
    town_engine.dispose()
    assert caller_of_device(town_engine, tablet.token, now=now) is None
    with pytest.raises(DeadLink):
        find_code(town_engine, code, now=now)
    assert nigemichi(town_database.url, tmp_path, "audit", "verify").returncode == 0


def test_rule_19_no_number_that_a_page_may_know_is_given_again(
    town_database: Database, town_engine: Engine, tmp_path: Path
) -> None:
    planner, kept = Planner(town_engine, tmp_path / "state"), tmp_path / "night.backup"
    planner.catch_up()
    backup(town_database.url, kept)
    plans, orders = [0], [0]
    for _ in range(3):
        for _ in range(2):
            orders.append(set_level(town_engine, FLOOD, AlertLevel.ALL_LEAVE))
            planner.catch_up()
            assert planner.standing is not None
            plans.append(planner.standing.number)
        with transaction(town_engine) as connection:
            (told,) = (one.state for one in since(connection, 0) if one.topic is Topic.PLAN)
        assert told == {"number": plans[-1]}
        town_engine.dispose()
        restore(town_database.url, kept, replace=True)
    for given in (plans, orders):
        assert given == sorted(set(given))


def test_the_tables_of_a_backup_are_those_of_the_database_or_it_is_empty(
    server: Server, tmp_path: Path, connects: Connects
) -> None:
    made, empty, kept = server.create(), server.create(), tmp_path / "night.backup"
    engine = connects(made.url)
    migrate(engine, "0004")
    backup(made.url, kept)
    migrate(engine)
    signed_in(engine, Role.OPERATOR)
    with pytest.raises(Refused, match=r"version 0004, the database's \d{4}"):
        restore(made.url, kept, replace=True)
    assert made.one("SELECT count(*) FROM staff_session WHERE ended_at IS NULL") == 1
    restore(empty.url, kept)
    assert empty.one("SELECT action FROM audit_entry") == "backup.restored"
    engine.dispose()
    for database in (made, empty):
        server.drop(database)


def test_a_restore_that_is_killed_leaves_nobody_let_in(
    town_database: Database,
    town_engine: Engine,
    site: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, now = tmp_path / "night.backup", datetime.now(UTC)
    tablet, person = a_tablet(town_engine, site), signed_in(town_engine, Role.OPERATOR)
    backup(town_database.url, kept)
    with transaction(town_engine) as connection:
        first = epoch(connection)
    town_engine.dispose()

    def killed(_: Engine) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("operations.backup.migrate", killed)
    with pytest.raises(KeyboardInterrupt):
        restore(town_database.url, kept, replace=True)
    assert caller_of_session(town_engine, person.token, now=now) is None
    assert caller_of_device(town_engine, tablet.token, now=now) is None
    with transaction(town_engine) as connection:
        assert epoch(connection) != first


def test_a_restore_waits_for_nobody_for_ever(
    town_database: Database, town_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_level(town_engine, FLOOD, AlertLevel.ALL_LEAVE)
    before, kept = town_database.rows(IN_FORCE), tmp_path / "night.backup"
    backup(town_database.url, kept)
    monkeypatch.setattr(pgtools, "PATIENCE", "-c lock_timeout=100ms")
    with transaction(town_engine) as connection:
        current_load(connection)
        with pytest.raises(Refused, match="lock timeout"):
            restore(town_database.url, kept, replace=True)
    assert town_database.rows(IN_FORCE) == before


def test_a_broken_backup_leaves_the_database_as_it_is(
    town_database: Database, town_engine: Engine, tmp_path: Path
) -> None:
    set_level(town_engine, FLOOD, AlertLevel.ALL_LEAVE)
    before = town_database.rows(IN_FORCE)
    kept = tmp_path / "night.backup"
    backup(town_database.url, kept)
    kept.write_bytes(kept.read_bytes()[: kept.stat().st_size // 2])
    with pytest.raises(Refused, match="pg_restore"):
        restore(town_database.url, kept, replace=True)
    assert town_database.rows(IN_FORCE) == before


def test_a_backup_overwrites_nothing_and_leaves_no_half_file(
    town_database: Database, tmp_path: Path
) -> None:
    kept = tmp_path / "night.backup"
    kept.write_text("older")
    with pytest.raises(Refused, match="exists already"):
        backup(town_database.url, kept)
    assert kept.read_text() == "older"
    with pytest.raises(Refused, match="pg_dump"):
        backup(town_database.url.replace("nigemichi_test", "no_such"), tmp_path / "other.backup")
    assert [path.name for path in tmp_path.iterdir()] == ["night.backup"]
