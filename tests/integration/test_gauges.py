"""A gauge's readings shut what the city's rules say, once, and open nothing."""

from datetime import timedelta
from itertools import permutations
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine

from city.staff import CONSOLE
from data import waterlevels
from data.database import transaction
from data.errors import NotThere
from hazards import readings as words
from hazards.levelunits import Unit
from hazards.observation import ObservationState
from operations.errors import Refused
from operations.observing import gauges
from operations.observing.deciding import decide
from operations.observing.gaugeboard import gauges_now, silent_sensors
from operations.observing.gauges import GivenReading
from operations.observing.riverfile import take_river_file
from operations.observing.sensors import add_sensor, stop_sensor
from tests.integration.databases import Database
from tests.integration.gauged import BRIDGE, GAUGE, MINUTE, NOW, RULES, Gauged, gauged, river_file

UNDERPASS_SHUT, BRIDGE_SHUT = ("suspended", True), ("suspended", False)


@pytest.fixture
def night(engine: Engine, database: Database, tmp_path: Path) -> Gauged:
    return gauged(engine, database, tmp_path / "city")


def test_a_river_that_rises_shuts_the_underpass_and_then_the_bridge(night: Gauged) -> None:
    assert not night.send(1.5, 2.5, 2.9, 3.1).reports
    assert night.shut() == []
    assert len(night.send(3.4, begin=40).reports) == 1
    assert night.shut() == [UNDERPASS_SHUT]
    assert len(night.send(4.0, 4.1, begin=50).reports) == 1
    assert night.shut() == [BRIDGE_SHUT, UNDERPASS_SHUT]
    source = ("sensor", f"sensor:{night.sensor}", "reported", "")
    assert night.reports() == [("underpass_flooded", *source), ("bridge", *source)]
    names = "SELECT name FROM observation_street s JOIN observation o ON o.id = s.observation"
    assert night.database.rows(f"{names} ORDER BY kind") == [("3番通り",), ("4番通り",)]
    (note,) = night.database.rows("SELECT note FROM observation WHERE kind = 'bridge'")[0]
    assert note.startswith(f"小川 {GAUGE} 水位 4.10 m（市の規則: 氾濫危険水位 4.00 m 以上で橋")


def test_the_same_readings_again_change_nothing(night: Gauged) -> None:
    night.send(1.5, 3.0, 3.5, 4.0, 4.1)
    before = night.database.rows("SELECT * FROM water_reading"), night.reports(), night.shut()
    again = night.send(1.5, 3.0, 3.5, 4.0, 4.1, now=NOW + 50 * MINUTE)
    assert (again.new, again.reports) == (0, [])
    assert before == (
        night.database.rows("SELECT * FROM water_reading"),
        night.reports(),
        night.shut(),
    )


def test_whatever_comes_first_the_same_is_shut(night: Gauged) -> None:
    values = [GivenReading(NOW + 10 * n * MINUTE, 1.8 + n * 0.8) for n in range(4)]
    ends = set()
    for number, order in enumerate(permutations(values)):
        if number % 6:
            continue
        sensor, _ = add_sensor(night.engine, CONSOLE, name=f"橋{number}", gauge=GAUGE, now=NOW)
        made = [
            report
            for late, one in enumerate(order)
            for report in night.give([one], NOW + (40 + late) * MINUTE, sensor=sensor).reports
        ]
        ends.add(len(made))
    assert ends == {1}


def test_water_that_falls_opens_nothing(night: Gauged) -> None:
    night.send(1.5, 3.5, 4.1, 4.2)
    night.send(3.5, 2.5, 1.5, 1.4, begin=40)
    assert night.shut() == [BRIDGE_SHUT, UNDERPASS_SHUT]


def test_what_headquarters_ended_is_shut_again_by_what_is_measured_after_that(
    night: Gauged,
) -> None:
    (first,) = set(night.send(1.5, 3.5, 4.1, 4.2).reports[:1])
    ended = NOW + 35 * MINUTE
    for number in night.database.rows("SELECT id FROM observation"):
        decide(night.engine, CONSOLE, number[0], ObservationState.RESOLVED, now=ended)
    assert night.shut() == []
    late = [GivenReading(NOW + 25 * MINUTE, 4.15), GivenReading(NOW + 40 * MINUTE, 4.2)]
    assert night.give(late, NOW + 45 * MINUTE).reports == []
    assert night.shut() == []
    again = night.send(4.3, begin=50)
    assert len(again.reports) == 2
    assert UUID(first) not in map(UUID, again.reports)
    assert night.shut() == [BRIDGE_SHUT, UNDERPASS_SHUT]
    assert night.send(4.3, 4.4, begin=50).reports == []


@pytest.mark.parametrize(
    ("levels_m", "reason"),
    [
        ([4.6] * 30, words.UNMOVED),
        ([1.5, 1.5, *[4.6] * 30], words.JUMPED),
        ([1.5, 4.6] * 15, words.JUMPED),
        ([420.0 + n for n in range(10)], "（cm"),
        ([14.0 + n / 10 for n in range(10)], "ft の値の疑い"),
    ],
    ids=["stuck", "jumped and stuck", "jumping", "cm", "feet"],
)
def test_a_sensor_that_is_stuck_or_jumps_or_has_another_unit_shuts_nothing(
    night: Gauged, levels_m: list[float], reason: str
) -> None:
    every = 10 if reason == words.UNMOVED else 5
    taken = night.send(*levels_m, every=every)
    assert any(one and reason in one.reason for one in taken.judged)
    assert night.reports() == []
    assert night.database.one("SELECT count(*) FROM suggestion") == 0
    said = gauges_now(night.engine, NOW + 300 * MINUTE)["gauges"][0]["sensors"][0]
    assert any(reason in one for one in said["set_aside_counts"])


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_two_hours_off_shuts_nothing(night: Gauged, hours: int) -> None:
    given = [
        GivenReading(NOW + timedelta(hours=hours) + n * MINUTE, 3.9 + n / 10) for n in range(5)
    ]
    sent_at = NOW + timedelta(hours=hours) + 5 * MINUTE
    taken = night.give(given, NOW + 5 * MINUTE, sent_at=sent_at)
    assert {one.reason for one in taken.judged if one} <= {words.FUTURE, words.SKEWED}
    assert night.reports() == []


def test_another_unit_than_the_sensors_own_is_set_aside(night: Gauged) -> None:
    given = [GivenReading(NOW + n * MINUTE, 390.0 + n, Unit.CENTIMETRE) for n in range(5)]
    taken = night.give(given, NOW + 5 * MINUTE)
    assert {one.reason for one in taken.judged if one} == {words.OTHER_UNIT}
    number, _ = add_sensor(
        night.engine, CONSOLE, name="cm", gauge=GAUGE, unit=Unit.CENTIMETRE, now=NOW
    )
    taken = night.give(given, NOW + 5 * MINUTE, sensor=number)
    assert [one.reading.level_m for one in taken.judged if one] == [3.9, 3.91, 3.92, 3.93, 3.94]
    assert len(taken.reports) == 1


def test_a_rule_without_its_bridge_on_the_map_is_a_report_that_a_person_places(
    engine: Engine, database: Database, tmp_path: Path
) -> None:
    elsewhere = RULES.replace(f"{BRIDGE[0]:.6f}", f"{BRIDGE[0] + 0.002:.6f}")
    night = gauged(engine, database, tmp_path / "city", elsewhere)
    assert len(night.send(1.5, 3.5, 4.1, 4.2).reports) == 2
    assert night.shut() == [UNDERPASS_SHUT]
    (note,) = database.rows("SELECT note FROM observation WHERE kind = 'bridge'")[0]
    assert "本部で選んでください" in note


def test_nothing_follows_from_a_sensor_that_was_stopped(night: Gauged) -> None:
    stop_sensor(night.engine, CONSOLE, night.sensor, now=NOW)
    taken = night.send(1.5, 3.5, 4.1, 4.2)
    assert {one.reason for one in taken.judged if one} == {words.STOPPED}
    assert night.reports() == []
    with pytest.raises(NotThere):
        stop_sensor(night.engine, CONSOLE, night.sensor, now=NOW)


def test_a_gauge_suggests_to_a_person_once_and_orders_nothing(night: Gauged) -> None:
    night.send(1.5, 3.5, 4.1, 4.2)
    night.send(4.1, 4.2, 4.3, begin=20)
    assert night.database.rows("SELECT criterion, level, state FROM suggestion") == [
        (f"{GAUGE}-4", 4, "waiting")
    ]
    assert night.database.one("SELECT count(*) FROM evacuation_order") == 0


def test_silence_is_noticed_and_a_sensor_that_was_stopped_is_not_silent(night: Gauged) -> None:
    night.send(1.5, 1.6)
    assert silent_sensors(night.engine, NOW + 40 * MINUTE) == []
    (silent,) = silent_sensors(night.engine, NOW + 41 * MINUTE)
    assert (silent.sensor, silent.gauge) == (night.sensor, GAUGE)
    assert silent.since == NOW + 10 * MINUTE
    stop_sensor(night.engine, CONSOLE, night.sensor, now=NOW)
    assert silent_sensors(night.engine, NOW + 41 * MINUTE) == []


def test_old_readings_are_thinned_to_the_highest_and_then_erased(night: Gauged) -> None:
    night.send(*[2.0 + n / 100 for n in range(20)], every=1)
    night.send(99.0, begin=3)
    with transaction(night.engine, latest=True) as connection:
        waterlevels.erase_old(connection, NOW + timedelta(days=1))
    assert night.database.one("SELECT count(*) FROM water_reading") == 21
    with transaction(night.engine, latest=True) as connection:
        waterlevels.erase_old(connection, NOW + timedelta(days=3))
    assert night.database.rows("SELECT level_m FROM water_reading ORDER BY measured_at") == [
        (99.0,),
        (2.19,),
    ]
    with transaction(night.engine, latest=True) as connection:
        waterlevels.erase_old(connection, NOW + timedelta(days=31))
    assert night.database.one("SELECT count(*) FROM water_reading") == 0


def test_too_many_readings_are_refused(night: Gauged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gauges, "MOST_LOOKED_AT", 5)
    night.send(1.5, 1.6, 1.7)
    with pytest.raises(Refused, match="値が多すぎます"):
        night.send(1.8, 1.9, 2.0, begin=40)
    assert night.database.one("SELECT count(*) FROM water_reading") == 3


def test_a_river_file_is_of_the_citys_gauges_by_name_and_place(
    night: Gauged, tmp_path: Path
) -> None:
    at = (NOW.isoformat(), (NOW + 10 * MINUTE).isoformat(), (NOW + 20 * MINUTE).isoformat())
    rows = [{"obsTime": at[0], "level": 1.9}, *({"obsTime": one, "level": 4.2} for one in at[1:])]
    rows[2]["level"] = 4.25
    far = {"obsTime": at[0], "level": 9.0, "code": "7", "latitude": 43.1, "longitude": 141.3}
    file = river_file(tmp_path, *reversed(rows), far, {"obsTime": at[0], "level": None})
    taken = take_river_file(night.engine, CONSOLE, file, NOW + 25 * MINUTE)
    assert (taken.new, taken.known, taken.elsewhere, len(taken.faults)) == (3, 0, 1, 1)
    assert night.shut() == [BRIDGE_SHUT, UNDERPASS_SHUT]
    again = take_river_file(night.engine, CONSOLE, file, NOW + 30 * MINUTE)
    assert (again.new, again.known) == (0, 3)
    assert night.database.rows("SELECT code, unit FROM sensor WHERE code IS NOT NULL") == [
        ("4021100001", "m")
    ]


def test_a_river_file_of_another_day_shuts_nothing(night: Gauged, tmp_path: Path) -> None:
    rows = [
        {"obsTime": (NOW + 10 * n * MINUTE).isoformat(), "level": 3.6 + n / 5} for n in range(4)
    ]
    file = river_file(tmp_path, *rows)
    taken = take_river_file(night.engine, CONSOLE, file, NOW + timedelta(days=2))
    assert any(words.TOO_LATE in line for line in taken.lines)
    assert night.reports() == []
