"""Keys are renewed, killed at any moment and resumed, and dropped once no row needs them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine
from sqlalchemy import text as sql

from alerts.kinds import ChannelKind, Status
from data import recipientseed, resealing
from data.database import connect, transaction
from data.recipientseed import ADDRESSES, Seeding
from data.sealing import CannotOpen, Sealed, Sealer
from data.sealingkeys import read_keys
from operations.cli import main
from operations.errors import Refused
from operations.registering import keys as use
from tests.integration.databases import Database, Server
from tests.integration.registered import NOW, a_sealer

ROWS = 12_000
"""Some 17,000 addresses: nine batches."""


@pytest.fixture(scope="module")
def seeded(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, bytes]:
    """The name of a template with invented recipients, and the file of their keys."""
    made = server.create(migrated)
    engine = connect(made.url)
    sealer = a_sealer(tmp_path_factory.mktemp("seeded"))
    with transaction(engine) as connection:
        recipientseed.seed(connection, sealer, ROWS, Seeding("99902", NOW))
    engine.dispose()
    return made.name, sealer.path.read_bytes()


@pytest.fixture
def house(
    server: Server,
    seeded: tuple[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[Database, Engine, Path]]:
    """A database of a test's own, and its keys, both in the environment."""
    made = server.create(seeded[0])
    path = tmp_path / "keys"
    path.touch(0o600)
    path.write_bytes(seeded[1])
    for name, value in (
        ("DATABASE_URL", made.url),
        ("NIGEMICHI_KEYS", str(path)),
        ("NIGEMICHI_STATE", str(tmp_path)),
    ):
        monkeypatch.setenv(name, value)
    engine = connect(made.url)
    yield made, engine, path
    engine.dispose()
    server.drop(made)


def used(engine: Engine) -> dict[int, int]:
    """How many rows each key opens."""
    with transaction(engine) as connection:
        return resealing.keys_in_use(connection)


def opened(database: Database, sealer: Sealer) -> list[str]:
    """All short messages' addresses, as they open."""
    rows = database.rows(
        "SELECT key_number, sealed FROM recipient_address WHERE channel = 'sms' ORDER BY lookup"
    )
    return [
        sealer.open(Sealed(number, value), ChannelKind.SMS, Status.ACTUAL) for number, value in rows
    ]


def command(*words: str) -> str:
    """What a command says; it must not fail."""
    done = CliRunner().invoke(main, ["keys", *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_all_rows_are_sealed_by_a_new_key_and_open_as_before(
    house: tuple[Database, Engine, Path],
) -> None:
    database, engine, path = house
    before = opened(database, Sealer(path))
    lookups = database.rows(
        "SELECT recipient_id, channel, lookup FROM recipient_address ORDER BY 1, 2"
    )
    said = command("rotate")
    assert "key 2 seals (a new key)" in said
    assert list(used(engine)) == [2]
    assert opened(database, Sealer(path)) == before
    query = "SELECT recipient_id, channel, lookup FROM recipient_address ORDER BY 1, 2"
    assert database.rows(query) == lookups
    assert command("drop-old") == "dropped: 1\n"
    assert command("drop-old") == "dropped: none\n"
    assert list(read_keys(path).seal) == [2]
    actions = "SELECT action, subject FROM audit_entry ORDER BY number"
    assert database.rows(actions) == [("keys.rotated", "key:2"), ("keys.dropped", "")]


def test_a_rotation_that_was_killed_goes_on_and_adds_no_second_key(
    house: tuple[Database, Engine, Path],
) -> None:
    database, engine, path = house
    before = opened(database, Sealer(path))
    with engine.connect() as blocker, blocker.begin():
        # A row in the middle is held, so that the rotation is surely alive when it is killed.
        blocker.execute(sql("SELECT FROM recipient_address WHERE recipient_id = 6000 FOR UPDATE"))
        rotating = subprocess.Popen([sys.executable, "-m", "operations.cli", "keys", "rotate"])
        for _ in range(1200):
            if used(engine).get(2):
                break
            time.sleep(0.05)
        os.kill(rotating.pid, signal.SIGKILL)
        assert rotating.wait(30) == -signal.SIGKILL
    counts = used(engine)
    assert counts[1] > 0
    assert counts[2] > 0
    assert opened(database, Sealer(path)) == before
    assert command("drop-old") == "dropped: none\n"
    said = command("rotate")
    assert "key 2 seals (an earlier rotation, finished)" in said
    assert f"{counts[1]:,} sealed anew" in said
    assert list(used(engine)) == [2]
    assert opened(database, Sealer(path)) == before


def test_killed_between_the_key_and_the_first_row_it_goes_on_too(
    house: tuple[Database, Engine, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, engine, path = house

    def dies(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(resealing, "reseal", dies)
        with pytest.raises(KeyboardInterrupt):
            use.rotate(engine, path, lambda _: None)
    assert list(used(engine)) == [1]
    done = use.rotate(engine, path, lambda _: None)
    assert (done.number, done.added) == (2, False)


def test_an_older_copy_of_the_keys_neither_rotates_nor_drops(
    house: tuple[Database, Engine, Path],
) -> None:
    _, engine, path = house
    older = path.read_bytes()
    use.rotate(engine, path, lambda _: None)
    path.write_bytes(older)
    for work in (
        lambda: use.rotate(engine, path, lambda _: None),
        lambda: use.drop_old(engine, path),
    ):
        with pytest.raises(Refused, match="rows need key 2"):
            work()
    assert path.read_bytes() == older


def test_no_key_is_dropped_while_somebody_seals_by_it(
    house: tuple[Database, Engine, Path],
) -> None:
    database, engine, path = house
    slow = Sealer(path)
    with engine.connect() as registering, registering.begin():
        from data import recipients, recipientways

        recipients.hold_keys(registering)
        sealed = slow.seal("+81700999999", ChannelKind.SMS, Status.ACTUAL)
        use.rotate(engine, path, lambda _: None)
        dropping = subprocess.Popen(
            [sys.executable, "-m", "operations.cli", "keys", "drop-old"], stdout=subprocess.PIPE
        )
        for _ in range(600):
            if database.one("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                break
            time.sleep(0.05)
        recipientways.put_address(registering, 1, ChannelKind.MAIL, sealed, b"x" * 32, NOW)
    out, _ = dropping.communicate(timeout=60)
    assert out == b"dropped: none\n"
    assert sorted(used(engine)) == [1, 2]


def test_a_lost_key_is_said_by_its_number_alone(
    house: tuple[Database, Engine, Path],
) -> None:
    database, _, path = house
    with pytest.raises(CannotOpen, match="key 9 is not in"):
        Sealer(path).open(Sealed(9, b"x" * 40), ChannelKind.SMS, Status.ACTUAL)
    assert database.one("SELECT count(*) FROM recipient") == ROWS


def test_invented_recipients_have_the_addresses_of_their_numbers(
    house: tuple[Database, Engine, Path],
) -> None:
    database, _, path = house
    sealer = Sealer(path)
    lookup = sealer.lookup(ADDRESSES[ChannelKind.LINE](5), ChannelKind.LINE, Status.ACTUAL)
    row = database.rows(
        f"SELECT recipient_id FROM recipient_address WHERE lookup = '\\x{lookup.hex()}'"  # noqa: S608
    )
    assert len(row) == 1
    stages = database.rows(
        "SELECT channel, stage, count(*) FROM recipient_address GROUP BY 1, 2 ORDER BY 1, 2"
    )
    each = ROWS // 5
    assert stages == [
        ("line", 0, 2 * each),
        ("mail", 0, each),
        ("mail", 1, each),
        ("sms", 0, 2 * each),
        ("sms", 1, each),
    ]


def test_a_second_seeding_gets_numbers_of_its_own(
    house: tuple[Database, Engine, Path],
) -> None:
    database, engine, path = house
    seeding = Seeding("99902", NOW, first=ROWS, area_names=("北町一丁目",))
    with transaction(engine) as connection:
        numbers = recipientseed.seed(connection, Sealer(path), 10, seeding)
    assert len(numbers) == 10
    assert database.one("SELECT count(DISTINCT id) FROM recipient") == ROWS + 10
    assert database.one("SELECT nextval('recipient_id_seq')") >= numbers.stop


@pytest.mark.parametrize("words", [("new",), ("rotate",), ("drop-old",)])
def test_without_a_place_for_keys_commands_say_so(
    house: tuple[Database, Engine, Path], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.delenv("NIGEMICHI_KEYS")
    done = CliRunner().invoke(main, ["keys", *words])
    assert done.exit_code == 2
    assert "NIGEMICHI_KEYS is not set" in done.output


def test_new_keys_are_made_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", database.url)
    monkeypatch.setenv("NIGEMICHI_STATE", str(tmp_path))
    monkeypatch.setenv("NIGEMICHI_KEYS", str(tmp_path / "other"))
    assert "new keys, readable by you alone" in command("new")
    done = CliRunner().invoke(main, ["keys", "new"])
    assert done.exit_code == 2
    assert "is there already" in done.output
