"""Sensors over HTTP and at the console: a token of their own, and what headquarters sees."""

import json
import math
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


def send_text(client: TestClient, token: str, body: Any) -> Any:
    """As a sensor writes it that knows NaN."""
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    return client.post(READINGS, content=json.dumps(body), headers=headers)


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


BAD_ROWS: dict[str, tuple[Any, str]] = {
    "two levels": ({"level_m": 1.0}, "どちらか一つ"),
    "no level": ({"level": None}, "どちらか一つ"),
    "a text": ({"level": "4.1"}, "数ではありません"),
    "a truth": ({"level": True}, "数ではありません"),
    "nan": ({"level": math.nan}, "数ではありません"),
    "endless": ({"level": math.inf}, "数ではありません"),
    "huge": ({"level": 10**400}, "数ではありません"),
    "a unit": ({"unit": "mile"}, "単位"),
    "no offset": ({"at": "2026-10-10T12:00:00"}, "時刻"),
    "long ago": ({"at": "1900-10-10T12:00:00Z"}, "時刻"),
    "more": ({"name": "x"}, "知らない項目"),
    "metres in cm": ({"level": None, "level_m": 1.0, "unit": "cm"}, "メートル"),
}


def test_rows_that_cannot_be_read_are_set_aside_and_the_others_are_taken(
    client: TestClient, night: Gauged
) -> None:
    bad = [value(10, 4.1) | more for more, _ in BAD_ROWS.values()] + [None, 4.1, "4.1", [], {}]
    rows = [value(20, 4.0), *bad, value(0, 4.1)]
    answer = send_text(client, night.token, {"readings": rows})
    assert answer.status_code == 200
    first, *set_aside, last = answer.json()["results"]
    assert {(one["status"], one["kept"]) for one in set_aside} == {("set_aside", False)}
    assert all("保存していません" in one["reason"] for one in set_aside)
    for (name, (_, reason)), one in zip(BAD_ROWS.items(), set_aside, strict=False):
        assert reason in one["reason"], name
    assert [(one["kept"], one["status"] == "taken") for one in (first, last)] == [
        (True, False),  # the first value of all was not seen to move
        (True, True),
    ]
    assert answer.json()["new"] == 2
    assert night.database.one("SELECT count(*) FROM water_reading") == 2


def test_a_batch_of_which_no_row_can_be_read_is_answered_row_by_row(
    client: TestClient, night: Gauged
) -> None:
    """Else a device would send it again for ever, and nothing after it."""
    answer = send_text(client, night.token, {"readings": [value(0, math.nan)]})
    assert (answer.status_code, answer.json()["new"]) == (200, 0)
    assert [one["status"] for one in answer.json()["results"]] == ["set_aside"]


def test_a_level_beyond_all_bounds_is_kept_and_set_aside_and_the_others_are_taken(
    client: TestClient, night: Gauged
) -> None:
    """The bridge is shut by the two that are believed, as without it."""
    sound = [value(40, 1.8), value(30, 2.9), value(20, 3.9), value(10, 4.1), value(0, 4.2)]
    rows = [*sound[:3], value(15, 20_000), value(14, -1e9), value(13, 1e300), *sound[3:]]
    told = send(client, night.token, *rows).json()
    statuses = [one["status"] for one in told["results"]]
    assert statuses == ["taken"] * 3 + ["set_aside"] * 3 + ["taken"] * 2
    assert "10000 m" in told["results"][3]["reason"]
    assert all(one["kept"] for one in told["results"])
    assert night.shut() == [("suspended", False), ("suspended", True)]
    (sensor,) = seen(client, night.engine)["gauges"][0]["sensors"]
    assert {one["level_m"] for one in sensor["set_aside"]} == {20_000, -1e9, 1e300}
    assert send(client, night.token, *rows).json()["new"] == 0


def test_levels_beyond_all_bounds_shut_nothing(client: TestClient, night: Gauged) -> None:
    told = send(client, night.token, *[value(40 - 10 * n, 1e6 + n) for n in range(5)]).json()
    assert {one["status"] for one in told["results"]} == {"set_aside"}
    assert night.shut() == []


def test_a_body_without_a_list_of_readings_is_refused_whole(
    client: TestClient, night: Gauged
) -> None:
    headers = {"authorization": f"Bearer {night.token}", "content-type": "application/json"}
    for body in ("", "{", "[]", "4", '{"readings": {}}', '{"readings": []}', "{}"):
        assert client.post(READINGS, content=body, headers=headers).status_code in (400, 422)
    assert night.database.one("SELECT count(*) FROM water_reading") == 0


def test_more_readings_than_may_be_sent_at_once_are_refused(
    client: TestClient, night: Gauged
) -> None:
    assert send(client, night.token, *[value(0, 1)] * (MOST + 1)).status_code == 422


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
