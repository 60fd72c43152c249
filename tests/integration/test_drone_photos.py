"""Photos of a drone on their whole way: kept once, aimed, reported or listed for a person."""

import math
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
import shapely
from PIL import Image
from sqlalchemy import Engine, text

from city.position import Position
from city.staff import CONSOLE
from data.database import connect
from data.photos import looking
from data.photos.store import original_key, shown_key
from hazards.aiming import FLAT
from hazards.evidence import SURE_M, Effect
from hazards.flight import BadFlight, Fix, Track
from hazards.observation import ObservationKind
from hazards.plausible import OUTSIDE, TOO_OLD
from hazards.slopes import WIDENED_M
from operations.errors import Refused
from operations.observing import dronelist, dronesaying
from operations.observing.droneflight import GivenFlight
from operations.observing.dronephotos import Became
from operations.observing.dronesaying import PLACED_M
from operations.photos import keeping
from tests.integration.databases import Database, Server
from tests.integration.droned import NOW, Droned, above, metres_off
from tests.integration.observed import APPROVER, FIELD, OFFICER
from tests.integration.processes import ROOT, environment
from tests.integration.small_city import position
from tests.unit.data.dronemade import NO_SAMPLES, SAMPLES, a_photo, aimed_photo

MANY = 200


@pytest.fixture(scope="module")
def city(server: Server, with_homes: str) -> Iterator[tuple[Database, Engine]]:
    made = server.create(with_homes)
    engine = connect(made.url)
    yield made, engine
    engine.dispose()
    server.drop(made)


@pytest.fixture
def drone(city: tuple[Database, Engine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Droned:
    """Pictures are looked at in this process: another file tests that they are apart."""
    monkeypatch.setattr(keeping, "look_apart", looking.look)
    database, engine = city
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "TRUNCATE observation, closure, observation_photo, photo, drone_photo, flight CASCADE"
        )
        connection.exec_driver_sql("UPDATE junction SET elevation_m = NULL")
    (tmp_path / "card").mkdir()
    return Droned(engine, database, tmp_path / "card")


def the_list(drone: Droned) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = dronelist.photos(drone.engine, NOW)["photos"]
    return rows


@pytest.mark.skipif(not SAMPLES.is_dir(), reason=NO_SAMPLES)
def test_photos_of_a_real_drone_far_from_the_city_keep_target_and_footprint_and_say_outside(
    drone: Droned,
) -> None:
    found = drone.read("bridge", SAMPLES)
    photos = [one for one in found if one.sha256]
    assert [one.name for one in photos] == ["DJI_0018.JPG", "DJI_0034.JPG"]
    assert [one.name for one in found if one.became is Became.REFUSED] == ["flight_track.csv"]
    rows = {row["name"]: row for row in the_list(drone)}
    for one in photos:
        row = rows[one.name]
        assert (one.became, one.why, row["why_not"]) == (Became.SET_ASIDE, OUTSIDE, OUTSIDE)
        assert shapely.Polygon(row["footprint"]).contains(shapely.Point(row["target"]))
        assert row["kind"] == "bridge"
        assert row["report"] is None
        content = (SAMPLES / one.name).read_bytes()
        assert drone.store[original_key(one.sha256)] == content
        assert drone.store[shown_key(one.sha256)]
    assert drone.count("observation") == 0
    for (held,) in drone.database.rows("SELECT held FROM photo WHERE held IS NOT NULL"):
        small = Image.open(BytesIO(held))
        assert len(held) <= 30_000
        assert max(small.size) == 480
        assert not small.getexif()


def test_two_hundred_photos_land_once_each_within_the_error_that_they_state(
    drone: Droned,
) -> None:
    drawn, meant = Random(3), {}
    for at in range(MANY):
        height, pitch = drawn.uniform(30, 120), drawn.uniform(-80, -30)
        yaw, (lat, lon) = -180 + 360 * at / MANY, position(drawn.uniform(2, 4), drawn.uniform(2, 4))
        far = (height - drawn.gauss(0, FLAT.ground_m)) / math.tan(math.radians(-pitch))
        name = drone.put(_from(drawn, (lat, lon), height, yaw, pitch), f"DJI_{at:04}.JPG")
        north, east = far * math.cos(math.radians(yaw)), far * math.sin(math.radians(yaw))
        meant[name] = (lat + north / 110_850, lon + east / 96_850)
    assert {one.became for one in drone.read()} == {Became.WAITS}
    assert {one.became for one in drone.read()} == {Became.KNOWN}
    rows = the_list(drone)
    assert len(rows) == drone.count("drone_photo") == MANY
    assert drone.count("flight") == 1
    originals = "SELECT count(DISTINCT original) FROM observation_photo WHERE thumbnail <> ''"
    assert drone.database.one(originals) == drone.count("observation_photo") == MANY
    shares = []
    for row in rows:
        (lon, lat), widened = row["target"], "広げました" in row["reckoned"]
        assert row["reckoned"].startswith("平らな地面として計算")
        assert shapely.Polygon(row["footprint"]).contains(shapely.Point(row["target"]))
        own = row["error_m"] - (WIDENED_M if widened else 0)
        shares.append(metres_off((lat, lon), meant[row["name"]]) / own)
    assert 0.62 <= sum(share <= 1 for share in shares) / MANY <= 0.85
    assert sum(share <= 2 for share in shares) / MANY >= 0.95


def _from(drawn: Random, at: tuple[float, float], height: float, yaw: float, pitch: float) -> bytes:
    """What a drone there writes: with the noise of its receiver, barometer, compass and gimbal."""
    return aimed_photo(
        at[0] + drawn.gauss(0, FLAT.position_m) / 110_850,
        at[1] + drawn.gauss(0, FLAT.position_m) / 96_850,
        height + drawn.gauss(0, FLAT.height_m),
        yaw + drawn.gauss(0, FLAT.yaw),
        pitch + drawn.gauss(0, FLAT.tilt),
    )


def test_a_photo_of_which_the_crew_says_what_it_shows_suspends_its_street_once(
    drone: Droned,
) -> None:
    drone.put(above(2.5, 3.0), "a.jpg")
    (one,) = drone.read("bridge", by=FIELD, note="橋げたが落ちている")
    assert one.became is Became.REPORTED
    assert one.report is not None
    assert one.report.effect is Effect.SUSPENDED
    (again,) = drone.read("bridge", by=FIELD)
    assert (again.became, again.report) == (Became.KNOWN, None)
    found = drone.database.rows("SELECT kind, source_kind, source, photo, note FROM observation")
    assert found == [("bridge", "drone", FIELD.actor, True, "橋げたが落ちている")]
    (row,) = the_list(drone)
    assert row["report"]["id"] == str(one.report.id)
    right = "許可番号 東空運第1号、捜索・救助の特例（航空法132条の92）・依頼 浅瀬消防署"
    assert row["flight"]["right"] == right
    assert row["age_s"] == 600


def test_a_photo_read_without_a_word_is_reported_when_somebody_says_what_it_shows(
    drone: Droned,
) -> None:
    drone.put(above(2.5, 3.0))
    assert [one.became for one in drone.read()] == [Became.WAITS]
    assert [one.became for one in drone.read("slide")] == [Became.REPORTED]
    assert drone.count("observation") == drone.count("drone_photo") == 1


KILLED = """
import os, signal
import operations.observing.dronephotos as photos
photos.{} = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
from operations.cli import main
main()
"""


@pytest.mark.parametrize("before", ["report", "keep_thumbnail"])
def test_killed_anywhere_each_photo_lands_exactly_once(
    drone: Droned, tmp_path: Path, before: str
) -> None:
    drone.put(above(2.5, 3.0, timed=False))
    words = ["drone", "read", str(drone.folder), "--kind", "slide"]
    done = subprocess.run(
        [sys.executable, "-c", KILLED.format(before), *words],
        env=environment(drone.database.url, tmp_path / "state"),
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    assert done.returncode == -9, done.stderr
    assert drone.count("observation") == 0
    assert drone.count("drone_photo") == (1 if before == "report" else 0)
    (one,) = drone.read("slide")
    assert one.became is Became.REPORTED
    assert drone.count("observation") == drone.count("drone_photo") == 1
    assert drone.count("observation_photo") == 1


def test_a_photo_without_gps_waits_with_its_reason_until_a_person_places_it(
    drone: Droned,
) -> None:
    drone.put(a_photo(place={}), "a.jpg")
    (one,) = drone.read("slide")
    assert one.became is Became.SET_ASIDE
    assert "位置情報（GPS）がありません" in one.why
    (row,) = the_list(drone)
    assert (row["target"], row["error_m"], row["picture"]) == (None, None, True)
    slide, at = ObservationKind.SLIDE, Position(*position(2.5, 3.0))
    with pytest.raises(Refused, match="地図で場所を"):
        dronesaying.say(drone.engine, OFFICER, one.sha256, slide, now=NOW)
    done = dronesaying.say(drone.engine, OFFICER, one.sha256, slide, now=NOW, at=at)
    assert done.effect is Effect.SUSPENDED
    same = dronesaying.say(drone.engine, OFFICER, one.sha256, slide, now=NOW, at=at)
    assert not same.is_new
    with pytest.raises(Refused, match="もう報告に"):
        dronesaying.say(drone.engine, APPROVER, one.sha256, slide, now=NOW, at=at)
    with pytest.raises(Refused, match="もう報告に"):
        dronesaying.say_nothing(drone.engine, OFFICER, one.sha256, now=NOW)
    ((source, error_m),) = drone.database.rows("SELECT source, error_m FROM observation")
    assert (source, error_m) == (OFFICER.actor, PLACED_M)
    assert drone.count("observation_photo") == 1


def test_a_person_reports_a_photo_at_its_target_and_what_shows_nothing_waits_no_longer(
    drone: Droned,
) -> None:
    drone.put(above(2.5, 3.0), "slide.jpg")
    drone.put(above(3.5, 3.0), "empty.jpg")
    drone.read()
    shas = {row["name"]: row["sha256"] for row in the_list(drone)}
    assert dronelist.photos(drone.engine, NOW)["waiting"] == 2
    slide = ObservationKind.SLIDE
    dronesaying.say(drone.engine, OFFICER, shas["slide.jpg"], slide, now=NOW)
    dronesaying.say_nothing(drone.engine, OFFICER, shas["empty.jpg"], now=NOW)
    assert dronelist.photos(drone.engine, NOW)["waiting"] == 0
    lonlat = "SELECT ST_Y(geom), ST_X(geom) FROM observation"
    ((lat, lon),) = drone.database.rows(lonlat)
    assert metres_off((lat, lon), position(2.5, 3.0)) < 0.5


def test_a_photo_of_days_ago_that_shows_nothing_is_listed_as_long_as_one_of_today(
    drone: Droned,
) -> None:
    drone.put(above(3.5, 3.0), "empty.jpg")
    (one,) = drone.read()
    said = NOW + dronelist.DONE + timedelta(hours=1)
    dronesaying.say_nothing(drone.engine, OFFICER, one.sha256, now=said)
    later = said + dronelist.DONE
    assert [row["name"] for row in dronelist.photos(drone.engine, later)["photos"]] == ["empty.jpg"]
    assert dronelist.photos(drone.engine, later + timedelta(minutes=1))["photos"] == []


def test_flat_ground_beside_a_landslide_zone_widens_the_error_and_suspends_nothing_alone(
    drone: Droned,
) -> None:
    drone.put(above(2.5, 3.0), "plain.jpg")
    drone.put(above(5.5, 6.0), "slope.jpg")  # its zone begins at (6.5, 6.5)
    plain, slope = sorted(drone.read("slide"), key=lambda one: one.name)
    assert plain.report is not None
    assert slope.report is not None
    assert (plain.report.effect, slope.report.effect) == (Effect.SUSPENDED, Effect.DOUBTED)
    rows = {row["name"]: row for row in the_list(drone)}
    assert rows["plain.jpg"]["reckoned"] == "平らな地面として計算"
    assert "誤差を30m広げました" in rows["slope.jpg"]["reckoned"]
    assert rows["slope.jpg"]["error_m"] - rows["plain.jpg"]["error_m"] == pytest.approx(30, abs=0.2)
    assert rows["slope.jpg"]["error_m"] > SURE_M


def test_heights_of_junctions_count_where_it_is_known_where_the_drone_took_off(
    drone: Droned,
) -> None:
    rises = "UPDATE junction SET elevation_m = CASE WHEN ST_Y(geom) > 29.6045 THEN 50 ELSE 10 END"
    with drone.engine.begin() as connection:
        connection.exec_driver_sql(rises)
    lat, lon = position(3, 4)
    drone.put(aimed_photo(lat, lon, 100, 0, -45))
    start = Position(*position(3, 1))
    # Level ground: 100 m ahead. On the hill, 40 m higher, 60 m ahead.
    (one,) = drone.read(takeoff=start)
    (row,) = the_list(drone)
    assert row["reckoned"] == "交差点の標高で計算"
    assert (row["target"][1] - lat) * 110_850 == pytest.approx(60, abs=1)
    drone.put(aimed_photo(lat, lon + 1e-6, 100, 0, -45))
    high = Track((Fix(0, start, 60.0), Fix(1, start, 60.0)), NOW)
    drone.read(track=high)  # it began in the air: nobody knows from where
    drone.put(aimed_photo(lat, lon + 2e-6, 100, 0, -45))
    drone.read(track=Track((Fix(0, start, 0.0), Fix(1, start, 5.0)), NOW))
    told = [row["reckoned"].split("、")[0] for row in the_list(drone)]
    assert sorted(told) == ["交差点の標高で計算"] * 2 + ["平らな地面として計算"]
    assert one.became is Became.WAITS


def test_a_bomb_and_a_program_are_set_aside_and_nothing_else_is_lost(
    drone: Droned, tmp_path: Path
) -> None:
    files = {
        "1.jpg": above(2.5, 3.0) + Random(1).randbytes(300_000),
        "2.jpg": a_photo()[:-2] + bytes(30_000_000) + b"\xff\xd9",
        "exe.jpg": b"MZ" + bytes(900),
        "../3.jpg": above(2.5, 3.2),
        "4.jpg": above(3.5, 3.0),
        "5.jpg": above(3.5, 3.0),
    }
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    found = {one.name: one for one in drone.read(path=tmp_path / "a.zip")}
    assert found.keys() == files.keys()
    told = {name: one.became.value for name, one in found.items()}
    refused = dict.fromkeys(("2.jpg", "exe.jpg", "../3.jpg"), "refused")
    assert told == {"1.jpg": "waits", "4.jpg": "waits", "5.jpg": "known"} | refused
    assert "展開すると大きくなりすぎます" in found["2.jpg"].why
    assert "実行ファイル" in found["exe.jpg"].why
    assert drone.count("drone_photo") == 2


def test_a_picture_that_nobody_can_look_at_keeps_its_target_and_is_no_evidence(
    drone: Droned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_PIXELS", 1_000)
    drone.put(above(2.5, 3.0))
    (one,) = drone.read("slide")
    assert one.became is Became.SET_ASIDE
    assert "画素" in one.why
    (row,) = the_list(drone)
    assert row["target"]
    assert not row["picture"]
    assert drone.count("photo") == drone.count("observation") == 0


def test_a_photo_of_last_week_waits_and_says_why(drone: Droned) -> None:
    drone.put(above(2.5, 3.0))
    later = NOW.replace(day=9)
    (one,) = drone.read("slide", now=later)
    assert (one.became, one.why) == (Became.SET_ASIDE, TOO_OLD)


def test_a_flight_is_what_its_mission_says_and_needs_somebody_who_answers_for_it(
    drone: Droned,
) -> None:
    with pytest.raises(BadFlight, match="操縦者"):
        drone.begin(flight=GivenFlight(drone="JU1"))
    assert drone.begin(flight=GivenFlight()).flight is None
    team = "INSERT INTO field_team VALUES (DEFAULT, '99902', '班', '無線1', '{}') RETURNING id"
    ((team_id,),) = drone.database.rows(team)
    facts = '{"drone": "JU2", "operator": "甲", "permit": "", "asked_by": "消防"}'
    out = (
        "INSERT INTO mission (city_code, team_id, members, what, area_names, flight, started_at,"
        " started_by, withdraw_at, check_in_every_s) VALUES (:code, :team, '{}', '', '{}', :facts,"
        " now(), 'console', now() + interval '1 hour', 600) RETURNING id"
    )
    said = {"code": "99902", "team": team_id, "facts": facts}
    with drone.engine.begin() as connection:
        mission = connection.execute(text(out), said).scalar_one()
    flight = drone.begin(flight=GivenFlight(mission=mission)).flight
    assert flight is not None
    assert (flight.drone, flight.mission) == ("JU2", mission)
    drone.put(above(2.5, 3.0))
    drone.read("slide", flight=GivenFlight(mission=mission))
    assert drone.database.one("SELECT mission_id FROM observation") == mission


def test_each_photo_is_one_deed_of_the_audit_log_and_names_no_place(drone: Droned) -> None:
    drone.put(above(2.7, 3.1))
    drone.read()
    (one,) = drone.read()
    deeds = "SELECT actor, details::text, subject FROM audit_entry WHERE action = 'drone.photo'"
    rows = [row for row in drone.database.rows(deeds) if row[2] == one.sha256]
    assert [actor for actor, _, _ in rows] == [CONSOLE.actor]
    assert "135" not in rows[0][1]
