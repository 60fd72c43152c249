"""People of drills are apart from all who registered (`safety.md` 16)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from alerts.channels.errors import WrongAddress
from alerts.kinds import ChannelKind, Status
from city.staff import CONSOLE
from data.errors import NotThere
from data.sealing import CannotOpen, Sealed, Sealer
from data.sealingkeys import create_keys
from operations.errors import Refused
from operations.registering import drilling
from tests.integration.alerted import AREA
from tests.integration.databases import Database

NOW = datetime(2026, 9, 1, tzinfo=UTC)
SMS = {ChannelKind.SMS: "070-1234-5678"}


@pytest.fixture
def sealer(tmp_path: Path) -> Sealer:
    create_keys(tmp_path / "keys")
    return Sealer(tmp_path / "keys")


def test_a_phone_of_drills_is_sealed_for_drills_alone(
    town_engine: Engine, town_database: Database, sealer: Sealer
) -> None:
    drilling.add(town_engine, sealer, CONSOLE, AREA, SMS, NOW)
    ((status, area, sealed, number),) = town_database.rows(
        "SELECT r.status, r.area_name, a.sealed, a.key_number FROM recipient r"
        " JOIN recipient_address a ON a.recipient_id = r.id WHERE r.confirmed_at IS NOT NULL"
    )
    assert (status, area) == ("Exercise", AREA)
    there = Sealed(number, bytes(sealed))
    assert sealer.open(there, ChannelKind.SMS, Status.EXERCISE) == "+817012345678"
    with pytest.raises(CannotOpen):
        sealer.open(there, ChannelKind.SMS, Status.ACTUAL)


def test_what_cannot_be_named_is_refused_and_nobody_is_kept(
    town_engine: Engine, town_database: Database, sealer: Sealer
) -> None:
    with pytest.raises(Refused):
        drilling.add(town_engine, sealer, CONSOLE, AREA, {}, NOW)
    with pytest.raises(NotThere):
        drilling.add(town_engine, sealer, CONSOLE, "どこにもない町", SMS, NOW)
    with pytest.raises(WrongAddress):
        drilling.add(town_engine, sealer, CONSOLE, AREA, {ChannelKind.SMS: "050-1234-5678"}, NOW)
    assert town_database.one("SELECT count(*) FROM recipient") == 0
    drilling.add(town_engine, sealer, CONSOLE, AREA, SMS, NOW)
    with pytest.raises(Refused):
        drilling.add(town_engine, sealer, CONSOLE, AREA, SMS, NOW)
    assert town_database.one("SELECT count(*) FROM recipient") == 1


def test_after_a_drill_everybody_of_it_is_forgotten(
    town_engine: Engine, town_database: Database, sealer: Sealer
) -> None:
    drilling.add(town_engine, sealer, CONSOLE, AREA, SMS, NOW)
    assert drilling.clear(town_engine, CONSOLE, NOW) == 1
    assert town_database.one("SELECT count(*) FROM recipient_address") == 0
    assert drilling.clear(town_engine, CONSOLE, NOW) == 0
