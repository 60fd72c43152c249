"""A lost file of keys is said before anybody relies on it; new keys are made on purpose alone."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from alerts.kinds import ChannelKind
from city.staff import CONSOLE
from data.sealing import Sealer
from data.sealingkeys import BrokenKeys, create_keys, locked, replace_keys, with_another
from operations.cli import main
from operations.delivery.handing import hand_over_next
from operations.delivery.opening import SealedAddresses
from operations.registering import drilling, keyring
from tests.integration.alerted import ALERTS, AREA, Headquarters, headquarters
from tests.integration.databases import Database
from tests.integration.outbox import Counting, Outbox
from tests.integration.test_drill_people import NOW, SMS

SMS_WAY = ChannelKind.SMS


@pytest.fixture
def outbox(
    database: Database, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Outbox:
    """Two people who registered by the keys that belong to the database."""
    made = Outbox(engine, tmp_path)
    made.register(2, SMS_WAY)
    monkeypatch.setenv("DATABASE_URL", database.url)
    monkeypatch.setenv("NIGEMICHI_STATE", str(tmp_path))
    monkeypatch.setenv("NIGEMICHI_KEYS", str(made.sealer.path))
    assert keys("ready").exit_code == 0
    return made


def keys(*words: str) -> Result:
    return CliRunner().invoke(main, ["keys", *words])


def lose(outbox: Outbox) -> bytes:
    """What was in the file that is gone."""
    before = outbox.sealer.path.read_bytes()
    outbox.sealer.path.unlink()
    return before


def people(outbox: Outbox) -> int:
    with outbox.engine.connect() as connection:
        return keyring.count_lost(connection)


def test_a_first_start_makes_keys_and_a_second_leaves_them(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys"
    monkeypatch.setenv("DATABASE_URL", database.url)
    monkeypatch.setenv("NIGEMICHI_STATE", str(tmp_path))
    monkeypatch.setenv("NIGEMICHI_KEYS", str(path))
    assert "new keys" in keys("ready").output
    made = path.read_bytes()
    assert (keys("ready").output, path.read_bytes()) == ("", made)
    path.unlink()
    assert keys("ready").exit_code == 2, "a restored database may need them"


@pytest.mark.parametrize("word", ["ready", "new"])
def test_no_new_keys_are_made_in_place_of_lost_ones(outbox: Outbox, word: str) -> None:
    lose(outbox)
    said = keys(word)
    assert said.exit_code == 2
    assert "bring the copy of the file back" in said.output
    assert "--lose-addresses" in said.output
    assert not outbox.sealer.path.exists()


def test_keys_of_another_database_start_nothing(outbox: Outbox) -> None:
    before = lose(outbox)
    create_keys(outbox.sealer.path)
    assert "not those of the addresses" in keys("ready").output
    assert people(outbox) == 2
    outbox.sealer.path.write_bytes(before)
    assert keys("ready").exit_code == 0
    assert people(outbox) == 0


def test_a_database_older_than_identities_takes_only_keys_that_open_it(outbox: Outbox) -> None:
    outbox.execute("DELETE FROM sealing_identity")
    before = lose(outbox)
    create_keys(outbox.sealer.path)
    assert keys("ready").exit_code == 2
    outbox.sealer.path.write_bytes(before)
    assert keys("ready").exit_code == 0


def test_an_older_copy_is_refused_too(outbox: Outbox) -> None:
    path = outbox.sealer.path
    older = path.read_bytes()
    with locked(path) as held:
        replace_keys(path, with_another(held))
    outbox.register(3, SMS_WAY)
    assert keys("ready").exit_code == 0
    path.write_bytes(older)
    assert "an older copy: 3 people" in keys("ready").output
    assert people(outbox) == 3


def test_by_other_keys_nobody_is_refused_and_all_go_when_the_copy_is_back(
    outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    path = outbox.sealer.path
    identity = keyring.identity_here(outbox.engine, path)
    before = lose(outbox)
    create_keys(path)
    with pytest.raises(BrokenKeys):
        Sealer(path, identity)
    outbox.sealer = Sealer(path, identity, may_come=True)
    opens = SealedAddresses(outbox.sealer)
    revision = outbox.approve()
    outbox.expand()
    carrier = Counting(SMS_WAY)
    slot = outbox.slot(carrier)
    with caplog.at_level(logging.ERROR):
        keyring.say_lost(outbox.engine)
        assert hand_over_next(slot)
    assert "鍵がありません：登録者 2 人に送れません" in caplog.records[0].message
    assert outbox.counts(revision) == {"sms": {"queued": 2}}
    assert not opens.has_keys()
    path.write_bytes(before)
    outbox.pass_time(10)
    outbox.work_off(slot)
    assert outbox.counts(revision) == {"sms": {"accepted": 2}}


def test_on_purpose_new_keys_are_made_and_whose_address_is_lost_has_left(outbox: Outbox) -> None:
    assert keys("new", "--lose-addresses").exit_code == 2, "nothing is lost"
    lose(outbox)
    said = keys("new", "--lose-addresses")
    assert (said.exit_code, "2 people were erased" in said.output) == (0, True)
    assert keys("ready").exit_code == 0
    with outbox.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT count(*) FILTER (WHERE left_at IS NULL), count(*) FROM recipient"
        )
        assert tuple(rows.one()) == (0, 2)
        done = connection.exec_driver_sql("SELECT action, details FROM audit_entry")
        assert [tuple(one) for one in done] == [("keys.given_up", {"people": 2})]
    assert people(outbox) == 0


@pytest.fixture
def hq(
    town_engine: Engine,
    town_database: Database,
    with_plan: tuple[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Headquarters]:
    """Its server has keys from its start on: it compares them in a thread of its own."""
    create_keys(tmp_path / "keys")
    monkeypatch.setenv("NIGEMICHI_KEYS", str(tmp_path / "keys"))
    with headquarters(town_engine, town_database, with_plan[1]) as made:
        yield made


def test_headquarters_reads_of_lost_keys_and_counts_nobody_by_them(
    hq: Headquarters, tmp_path: Path
) -> None:
    path = tmp_path / "keys"
    drilling.add(hq.engine, Sealer(path), CONSOLE, AREA, SMS, NOW)
    keyring.identity_here(hq.engine, path)
    drill = {"status": "Exercise"}
    assert hq.get(ALERTS)["keys_lost"] == 0
    assert hq.draft(**drill)["blast"]["recipients"]
    path.unlink()
    assert hq.get(ALERTS)["keys_lost"] == 1
    assert hq.draft(**drill)["blast"]["recipients"] == []
