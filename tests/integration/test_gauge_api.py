"""Sensors over HTTP and at the console: a token of their own, and what headquarters sees."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from api.app import create
from city.staff import Role
from hazards.waterstate import BELOW_ALL
from operations.cli import main
from operations.observing.gauges import MOST
from operations.serving import utc_now
from tests.integration.databases import Database
from tests.integration.gauged import GAUGE, MINUTE, Gauged, gauged, river_file
from tests.integration.staffed import a_tablet, signed_in
from tests.unit.api.served import TestClient

READINGS, GAUGES = "/api/v1/sensors/readings", "/api/v1/headquarters/gauges"


@pytest.fixture
def night(engine: Engine, database: Database, tmp_path: Path) -> Gauged:
    return gauged(engine, database, tmp_path / "city")


@pytest.fixture
def client(night: Gauged, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create(tmp_path / "state", night.database.url)) as made:
        yield made


@pytest.fixture
def _console(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("operations.commands.gauge.engine", lambda: engine)


def value(ago_min: float, level: float, **more: Any) -> dict[str, Any]:
    return {"at": (utc_now() - ago_min * MINUTE).isoformat(), "level": level, **more}


def send(client: TestClient, token: str, *readings: dict[str, Any], **more: Any) -> Any:
    body = {"readings": list(readings), **more}
    return client.post(READINGS, json=body, headers={"authorization": f"Bearer {token}"})


def seen(client: TestClient, engine: Engine) -> Any:
    answer = client.get(GAUGES, headers=signed_in(engine, Role.OPERATOR).headers())
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    return answer.json()


def test_a_sensors_readings_shut_its_bridge_and_headquarters_sees_why(
    client: TestClient, night: Gauged
) -> None:
    rising = [value(40 - 10 * n, 1.6 + n * 0.7) for n in range(5)]
    answer = send(client, night.token, *rising, value(1, 455, unit="cm"))
    assert answer.status_code == 200
    told = answer.json()
    assert [one["status"] for one in told["results"]] == ["taken"] * 5 + ["set_aside"]
    assert told["new"] == 6
    assert night.shut() == [("suspended", True)]
    assert send(client, night.token, *rising, value(0, 4.5)).json()["new"] == 1
    assert night.shut() == [("suspended", False), ("suspended", True)]
    (gauge,) = seen(client, night.engine)["gauges"]
    (sensor,) = gauge["sensors"]
    assert (sensor["state"], sensor["word"], sensor["level_m"]) == (
        "danger",
        "氾濫危険水位以上",
        4.5,
    )
    assert sensor["trend_m_h"] == pytest.approx(4.2, abs=0.3)
    assert 0 <= sensor["age_s"] < 60
    assert sensor["silent_since"] is None
    assert [one["level_m"] for one in sensor["set_aside"]] == [4.55]
    assert [one["reached_lately"] for one in gauge["rules"]] == [True, True]


def test_headquarters_sees_silence_and_that_no_level_means_nothing(
    client: TestClient, night: Gauged
) -> None:
    send(client, night.token, value(41, 1.2))
    (sensor,) = seen(client, night.engine)["gauges"][0]["sensors"]
    assert sensor["word"] == BELOW_ALL
    since = datetime.fromisoformat(sensor["silent_since"])
    assert timedelta(minutes=41) <= utc_now() - since < timedelta(minutes=42)


def test_nobody_but_a_sensor_sends_readings(client: TestClient, night: Gauged) -> None:
    assert send(client, "x" * 43, value(0, 4.1)).status_code == 401
    tablet = a_tablet(night.engine, None, Role.FIELD)
    assert send(client, tablet.token, value(0, 4.1)).status_code == 403
    for path in (GAUGES, "/api/v1/desk/site", "/account"):
        headers = {"authorization": f"Bearer {night.token}"}
        assert client.get(path, headers=headers).status_code == 403
    assert night.database.one("SELECT count(*) FROM water_reading") == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"level_m": 1.0},
        {"level": None},
        {"level": "4.1"},
        {"level": 1e9},
        {"unit": "mile"},
        {"at": "2026-10-10T12:00:00"},
        {"at": "1900-10-10T12:00:00Z"},
        {"name": "x"},
        {"level": None, "level_m": 1.0, "unit": "cm"},
    ],
    ids=str,
)
def test_a_body_that_is_not_understood_is_refused_whole(
    client: TestClient, night: Gauged, wrong: dict[str, Any]
) -> None:
    answer = send(client, night.token, value(5, 4.1), value(0, 4.1) | wrong)
    assert answer.status_code == 422
    assert night.database.one("SELECT count(*) FROM water_reading") == 0


def test_a_level_out_of_all_bounds_by_its_unit_is_refused(
    client: TestClient, night: Gauged
) -> None:
    assert send(client, night.token, value(0, 20_000, unit="m")).status_code == 422
    assert send(client, night.token, *[value(0, 1)] * (MOST + 1)).status_code == 422
    assert send(client, night.token).status_code == 422


def run(*said: str) -> Result:
    return CliRunner().invoke(main, ["gauge", *said])


@pytest.mark.usefixtures("_console")
def test_a_sensor_of_the_console_has_a_token_that_is_shown_once(
    client: TestClient, night: Gauged
) -> None:
    made = run("add", "橋脚", "--gauge", GAUGE, "--unit", "cm", "--purpose", "橋を止める")
    assert made.exit_code == 0
    token = made.stdout.strip()
    assert send(client, token, value(1, 120)).json()["results"][0]["status"] == "taken"
    stored = night.database.rows("SELECT * FROM sensor, device WHERE device.id = device")
    assert token not in str(stored)
    assert "1.20 m" in run("list").stdout
    assert run("stop", "2").exit_code == 0
    assert send(client, token, value(1, 120)).status_code == 401
    assert "止めてあります" in run("list").stdout
    assert run("stop", "2").exit_code == 2


@pytest.mark.usefixtures("_console", "night")
def test_files_are_read_in_any_order_and_a_broken_one_stops_no_other(tmp_path: Path) -> None:
    at = (utc_now() - 5 * MINUTE).isoformat()
    sound = river_file(tmp_path, {"obsTime": at, "level": 1.2})
    broken = tmp_path / "broken.json"
    broken.write_bytes(sound.read_bytes()[:-9])
    done = run("read", str(broken), str(sound), str(sound), str(tmp_path / "none.json"))
    assert done.exit_code == 2
    assert "broken.json: no JSON" in done.stderr
    assert "none.json: cannot be opened" in done.stderr
    assert done.stdout.splitlines() == [
        "river.json: 1 new, 0 known already, 0 of gauges that the city has not",
        "river.json: 0 new, 1 known already, 0 of gauges that the city has not",
    ]


@pytest.mark.usefixtures("_console", "night")
def test_a_sensor_at_a_gauge_that_the_city_has_not_is_refused() -> None:
    refused = run("add", "橋脚", "--gauge", "どこか")
    assert refused.exit_code == 2
    assert "今の市のデータにありません" in refused.stderr
    assert run("add", "1", "--gauge", GAUGE, "--code", "4021100001").stdout == ""
    twice = run("add", "2", "--gauge", GAUGE, "--code", "4021100001")
    assert "番号 4021100001 の機器はもうあります" in twice.stderr
