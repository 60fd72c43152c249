"""The ways in for a drone's photos: sent from the field, read at the console, watched for."""

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from api.app import create
from city.staff import Role
from data.database import connect
from data.photos import looking
from operations.photos import keeping
from tests.integration.databases import Database, Server
from tests.integration.droned import above
from tests.integration.processes import commanded, started, wait_for
from tests.integration.small_city import position
from tests.integration.staffed import Signed, a_tablet, signed_in
from tests.integration.tusclient import Sent
from tests.unit.api.served import TestClient
from tests.unit.data.dronemade import a_photo

FLOWN = {"drone": "JU0123456789", "operator": "第2班", "permit": "", "asked_by": "浅瀬消防署"}


@dataclass
class Way:
    """The app over the small city; who flies, and headquarters."""

    client: TestClient
    database: Database
    engine: Engine
    state: Path
    pilot: Signed
    officer: Signed

    def sent(self, content: bytes, by: Signed | None = None) -> str:
        """An original in pieces; returns its photo's number."""
        upload = Sent(self.client, by or self.pilot, content)
        upload.whole(100_000)
        return str(upload.photo)

    def post(self, path: str, status: int = 200, by: Signed | None = None, **body: Any) -> Any:
        """Say something."""
        headers = (by or self.pilot).headers()
        found = self.client.post(f"/api/v1/{path}", json=body, headers=headers)
        assert found.status_code == status, found.text
        return found.json()

    def listed(self) -> list[dict[str, Any]]:
        """Headquarters' list."""
        path = "/api/v1/headquarters/dronephotos"
        found = self.client.get(path, headers=self.officer.headers())
        assert found.headers["cache-control"] == "no-store"
        rows: list[dict[str, Any]] = found.json()["photos"]
        return rows


@pytest.fixture(scope="module")
def app(
    server: Server, homes_plan: tuple[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Way]:
    made, state = server.create(homes_plan[0]), tmp_path_factory.mktemp("drone") / "state"
    engine = connect(made.url)
    with TestClient(create(state, made.url)) as client:
        pilot, officer = a_tablet(engine, None, Role.FIELD), signed_in(engine, Role.OPERATOR)
        yield Way(client, made, engine, state, pilot, officer)
    engine.dispose()
    server.drop(made)


@pytest.fixture
def way(app: Way, monkeypatch: pytest.MonkeyPatch) -> Way:
    """The same with nothing in it."""
    monkeypatch.setattr(keeping, "look_apart", looking.look)
    with app.engine.begin() as connection:
        connection.exec_driver_sql(
            "TRUNCATE observation, closure, observation_photo, photo, photo_upload, drone_photo,"
            " flight CASCADE"
        )
    return app


def test_an_original_that_a_tablet_sent_in_pieces_lands_as_a_drones_photo_once(way: Way) -> None:
    photo = way.sent(above(2.5, 3.0, timed=False))
    told = way.post("field/dronephotos", photo=photo, kind="bridge", flight=FLOWN)
    assert (told["became"], told["effect"]) == ("reported", "suspended")
    assert told["reckoned"] == "平らな地面として計算"
    again = way.post("field/dronephotos", photo=photo, kind="bridge", flight=FLOWN)
    assert again["became"] == "known"
    (row,) = way.listed()
    assert row["flight"]["right"] == "捜索・救助の特例（航空法132条の92）・依頼 浅瀬消防署"
    assert row["target"] == told["target"]
    found = way.database.rows("SELECT source_kind, source FROM observation")
    assert found == [("drone", way.pilot.caller.actor)]
    shown = way.client.get(
        f"/api/v1/headquarters/photos/{row['sha256']}", headers=way.officer.headers()
    )
    assert shown.headers["content-type"] == "image/jpeg"


def test_what_another_sent_or_nobody_sent_is_no_photo_of_a_drone(way: Way) -> None:
    other = a_tablet(way.engine, None, Role.FIELD)
    photo = way.sent(above(2.5, 3.0, timed=False), other)
    for number in (photo, str(uuid4())):
        told = way.post("field/dronephotos", 404, photo=number)
        assert "送り終えてから" in told["detail"]
    way.post("field/dronephotos", 422, photo=photo, kind="aliens")
    mine = way.sent(above(2.6, 3.0, timed=False))
    told = way.post("field/dronephotos", 422, photo=mine, flight={"drone": "JU1"})
    assert "操縦者" in told["detail"]
    way.post("field/dronephotos", 404, photo=mine, mission=9)
    assert way.listed() == []


def test_headquarters_says_what_a_photo_shows_and_where(way: Way) -> None:
    photo = way.sent(a_photo(place={}, tags={}))
    told = way.post("field/dronephotos", photo=photo)
    assert told["became"] == "set_aside"
    (row,) = way.listed()
    assert row["flight"] == {"number": None, "right": "飛行の記載なし"}
    path, by = f"headquarters/dronephotos/{row['sha256']}", way.officer
    assert "地図で場所を" in way.post(path, 409, by, kind="slide")["detail"]
    lat, lon = position(2.5, 3.0)
    at = {"lat": lat, "lon": lon}
    done = way.post(path, 200, by, kind="slide", note="道をふさぐ", at=at)
    assert (done["status"], done["effect"]) == ("taken", "suspended")
    assert way.post(path, 200, by, kind="slide", at=at)["status"] == "known"
    assert way.post(path, 409, by, kind="bridge", at=at)["type"].endswith("refused")
    (row,) = way.listed()
    assert row["report"]["words"] == "未確認"
    way.post(f"headquarters/dronephotos/{'0' * 64}", 404, by, kind="nothing")
    board = way.client.get("/api/v1/headquarters/reports", headers=by.headers()).json()
    assert [one["photos"] for one in board["reports"]] != [[]]


def test_a_photo_that_shows_nothing_waits_no_longer(way: Way) -> None:
    way.post("field/dronephotos", photo=way.sent(above(2.5, 3.0, timed=False)))
    (row,) = way.listed()
    path = f"headquarters/dronephotos/{row['sha256']}"
    lost = way.post(path, 409, way.officer, kind="nothing", note="人はいない")
    assert "メモも場所も付けられません" in lost["detail"]
    assert way.listed()[0]["nothing_at"] is None
    way.post(path, 200, way.officer, kind="nothing")
    (row,) = way.listed()
    assert row["nothing_at"]
    assert row["report"] is None
    way.post(path, 403, kind="nothing")


def test_the_console_reads_a_folder_and_says_in_a_line_what_became_of_each(
    way: Way, tmp_path: Path
) -> None:
    card = tmp_path / "card"
    card.mkdir()
    (card / "a.jpg").write_bytes(above(2.5, 3.0, timed=False))
    (card / "b.jpg").write_bytes(a_photo(place={}, tags={}))
    (card / "exe.jpg").write_bytes(b"MZ" + bytes(900))
    (card / "flight.csv").write_text("time,latitude,longitude\n1,35.0,135.0\n")
    words = ["drone", "read", str(card), "--kind", "bridge", "--drone", "JU1", "--operator", "甲"]
    done = commanded(way.database.url, way.state, *words, "--exempt-by", "消防")
    assert done.returncode == 0, done.stderr
    flight, one, two, three, four = done.stdout.splitlines()
    assert flight == "飛行: JU1 捜索・救助の特例（航空法132条の92）・依頼 消防"
    assert one.startswith("a.jpg: 報告　29.60")
    assert "平らな地面として計算" in one
    assert "橋の異常" in one
    assert "案内から外しました" in one
    assert two.startswith("b.jpg: 場所は人が決めます")
    assert "GPS" in two
    assert three.startswith("exe.jpg: 取り込めません　実行ファイル")
    assert four.startswith("flight.csv: 取り込めません　飛行記録のようです")
    assert "写真 2枚を読みました。読めなかったファイル 2個" in done.stderr
    again = commanded(way.database.url, way.state, *words, "--exempt-by", "消防")
    assert "a.jpg: 取り込みずみ" in again.stdout
    wrong = commanded(way.database.url, way.state, *words[:3], "--permit", "1")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "機体の登録記号" in wrong.stderr


def test_a_track_places_photos_without_gps_and_tells_where_the_drone_took_off(
    way: Way, tmp_path: Path
) -> None:
    lat, lon = position(2.5, 2.9)
    card, track = tmp_path / "card", tmp_path / "track.csv"
    card.mkdir()
    (card / "a.jpg").write_bytes(a_photo(place={}))
    rows = [f"2026-09-01T11:00:0{at}+09:00,{lat},{lon + at * 1e-7},100" for at in range(3)]
    track.write_text("\n".join(["time,latitude,longitude,height_m", *rows]) + "\n")
    done = commanded(way.database.url, way.state, "drone", "read", str(card), "--track", str(track))
    (line,) = done.stdout.splitlines()
    assert line.startswith("a.jpg: 場所は人が決めます　29.60"), line
    assert "48時間より前" in line
    beside = track.rename(card / "track.csv")
    words = ["drone", "read", str(card), "--track", str(beside)]
    done = commanded(way.database.url, way.state, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1:] == ["track.csv: 飛行記録として使いました"]


def test_a_folder_of_which_nothing_can_be_read_is_an_error(way: Way, tmp_path: Path) -> None:
    card = tmp_path / "card"
    card.mkdir()
    empty = commanded(way.database.url, way.state, "drone", "read", str(card))
    assert (empty.returncode, empty.stdout) == (2, "")
    assert "写真が1枚もありません" in empty.stderr
    (card / "flight.csv").write_text("time,latitude,longitude\n1,35.0,135.0\n")
    none = commanded(way.database.url, way.state, "drone", "read", str(card))
    assert none.returncode == 2
    assert "--track" in none.stdout
    assert "写真が1枚もありません" in none.stderr


def test_a_watched_directory_is_read_as_photos_come_until_it_is_told_to_stop(
    way: Way, tmp_path: Path
) -> None:
    card, log = tmp_path / "card", tmp_path / "log"
    card.mkdir()
    words = ["drone", "watch", str(card), "--kind", "slide", "--every", "0.05"]
    (card / "a.jpg").write_bytes(above(2.5, 3.0, timed=False))

    def said(what: str) -> bool:
        return what in log.read_text("utf-8")

    with started(way.database.url, way.state, *words, log=log) as process:
        wait_for("the first", lambda: said("a.jpg: 報告"))
        (card / "b.jpg").write_bytes(above(3.5, 3.0, timed=False))
        wait_for("the second", lambda: said("b.jpg: 報告"))
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert said("終わりました")
    with started(way.database.url, way.state, *words, log=log) as process:
        (card / "c.jpg").write_bytes(above(4.5, 3.0, timed=False))
        wait_for("the third", lambda: said("c.jpg: 報告"))
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    assert not said("a.jpg")
    assert way.database.one("SELECT count(*) FROM observation") == 3


def test_a_watcher_waits_for_a_store_that_is_away_and_loses_nothing(
    way: Way, tmp_path: Path
) -> None:
    card, log, photos = tmp_path / "card", tmp_path / "log", tmp_path / "photos"
    card.mkdir()
    photos.write_text("a file stands here")
    (card / "a.jpg").write_bytes(above(2.5, 3.0, timed=False))
    words = ["drone", "watch", str(card), "--every", "0.05"]
    more = {"NIGEMICHI_PHOTOS": str(photos)}
    with started(way.database.url, way.state, *words, log=log, more=more):
        wait_for("it waits", lambda: "待っています" in log.read_text("utf-8"))
        photos.unlink()
        wait_for("it landed", lambda: "a.jpg: 本部の判断待ち" in log.read_text("utf-8"))
    assert way.database.one("SELECT count(*) FROM drone_photo") == 1
