"""Files of 現地報告: previewed, taken in once, never shutting a road."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from api.app import create
from city.staff import CONSOLE, Role
from operations.cli import main
from operations.errors import Refused
from operations.load_city import load_city
from operations.observing.importing import UNCONFIRMED, Imported, accept, preview
from tests.integration.databases import Database
from tests.integration.small_city import position
from tests.integration.staffed import Signed, signed_in
from tests.unit.api.served import TestClient
from tests.unit.data.observedfiles import a_csv, a_geojson

HQ = "/api/v1/headquarters/observations"
NOW = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)
"""02:30 in the city."""


def row(
    x: float, y: float, kind: str = "冠水", at: str = "2026/11/28 02:10", more: str = ","
) -> str:
    """A line of CSV, (x, y) streets into the small city."""
    lat, lon = position(x, y)
    return f"{lat},{lon},{kind},{at},{more}"


FILE = a_csv(
    row(3.4, 3),
    row(3.4, 3, more="本人が見た,12"),
    row(3, 3.4, "倒木"),
    row(60, 60),
    row(2.4, 2, at="2026/11/28 04:30"),
    row(2.4, 2, at="2026/11/20 04:30"),
    "0,0,冠水,2026/11/28 02:10,,",
).encode()


@pytest.fixture(autouse=True)
def _city(engine: Engine, small_city: Path) -> None:
    load_city(engine, small_city, lambda _: None)


def taken_in(engine: Engine, data: bytes = FILE, now: datetime = NOW) -> Imported:
    seen = preview(engine, CONSOLE, "reports.csv", data, now)
    return accept(engine, CONSOLE, "reports.csv", data, seen.digest, now)


def test_a_preview_says_what_each_row_would_do_and_keeps_nothing(
    engine: Engine, database: Database
) -> None:
    seen = preview(engine, CONSOLE, "reports.csv", FILE, NOW)
    assert [one.label for one in seen.rows] == ["2", "3", "4", "5", "6", "7", "8"]
    first, within, unnamed, outside, ahead, old, nowhere = seen.rows
    assert (first.does, first.remarks) == (UNCONFIRMED, ())
    assert first.place is not None
    assert (first.place.names, first.place.is_named) == (("3番通り",), False)
    assert first.place.away_m < 1
    assert within.place is not None
    assert within.place.is_named
    assert unnamed.place is not None
    assert unnamed.place.names == ("名前のない道",)
    assert "300m以上" in outside.refused
    assert outside.remedy
    assert ahead.remarks == ("日時がいまより2時間先です（時計のずれ）。取り込んだ時刻とします",)
    assert old.does == "記録だけします（48時間より前のことです）"
    assert "0,0" in nowhere.refused
    assert database.one("SELECT count(*) FROM observation") == 0


def test_a_place_beside_the_streets_is_shown_by_the_nearest_and_names_none(engine: Engine) -> None:
    data = a_csv(row(3.5, 3.4, more=",5")).encode()
    (one,) = preview(engine, CONSOLE, "reports.csv", data, NOW).rows
    assert one.place is not None
    assert (one.place.names, one.place.is_named) == (("3番通り",), False)
    assert 40 < one.place.away_m < 55


def test_a_file_counts_once_however_often_it_is_sent(engine: Engine, database: Database) -> None:
    assert taken_in(engine) == Imported(new=5, known=0, set_aside=1, refused=2)
    assert taken_in(engine) == Imported(new=0, known=5, set_aside=1, refused=2)
    assert taken_in(engine, now=NOW + timedelta(minutes=9)).new == 0
    assert database.one("SELECT count(*) FROM observation") == 5
    kinds = database.rows("SELECT DISTINCT source_kind, source, state FROM observation")
    assert [tuple(one) for one in kinds] == [("file", "", "reported")]


def test_no_file_shuts_a_road_however_many_say_it(engine: Engine, database: Database) -> None:
    for n in range(4):
        assert taken_in(engine, a_csv(*[row(3.4, 3, more=f"{n},5")] * 5).encode()).new == 5
    assert database.one("SELECT count(*) FROM closure") == 0


def test_a_line_and_an_area_name_their_streets_and_shut_none(
    engine: Engine, database: Database
) -> None:
    (south, west), (north, east) = position(1.9, 2.9), position(4.1, 3.1)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    data = a_geojson(f'{{"type":"Polygon","coordinates":[{ring}]}}', kind="冠水").encode()
    (one,) = preview(engine, CONSOLE, "a.geojson", data, NOW).rows
    assert one.place is not None
    assert "3番通り" in one.place.names
    assert one.does == UNCONFIRMED
    assert taken_in(engine, data).new == 1
    assert database.one("SELECT count(*) FROM closure") == 0


def test_another_file_than_the_one_previewed_is_refused(engine: Engine, database: Database) -> None:
    seen = preview(engine, CONSOLE, "reports.csv", FILE, NOW)
    with pytest.raises(Refused, match="もう一度"):
        accept(engine, CONSOLE, "reports.csv", FILE + b"\n", seen.digest, NOW)
    assert database.one("SELECT count(*) FROM observation") == 0


def test_a_row_that_turned_old_since_its_preview_is_previewed_again(engine: Engine) -> None:
    seen = preview(engine, CONSOLE, "reports.csv", FILE, NOW)
    with pytest.raises(Refused, match="もう一度"):
        accept(engine, CONSOLE, "reports.csv", FILE, seen.digest, NOW + timedelta(hours=49))


def test_a_file_without_a_sound_row_is_refused(engine: Engine) -> None:
    with pytest.raises(Refused, match="取り込める行がありません"):
        taken_in(engine, a_csv(row(60, 60)).encode())


def test_a_broken_file_is_refused_in_the_readers_words(engine: Engine) -> None:
    with pytest.raises(Refused, match="DOCTYPE"):
        preview(engine, CONSOLE, "a.kml", b"<!DOCTYPE a><kml/>", NOW)
    many = b",".join([b"x"] * 300) + b"\n"
    with pytest.raises(Refused, match=r"^見た所\.csv（1行目）: 列が.*見出しを書いてください"):
        preview(engine, CONSOLE, "見た所.csv", many, NOW)


class TestOverHttp:
    @pytest.fixture
    def client(self, database: Database, tmp_path: Path) -> Iterator[TestClient]:
        with TestClient(create(tmp_path / "state", database.url)) as made:
            yield made

    @pytest.fixture
    def operator(self, engine: Engine) -> Signed:
        return signed_in(engine, Role.OPERATOR)

    @staticmethod
    def send(client: TestClient, by: Signed, way: str, data: bytes = FILE, **form: str) -> Any:
        files = {"file": ("../報告.csv", data, "text/csv")}
        return client.post(f"{HQ}/{way}", files=files, data=form, headers=by.headers())

    def test_headquarters_previews_and_takes_in(
        self, client: TestClient, operator: Signed, database: Database
    ) -> None:
        answer = self.send(client, operator, "preview")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        told = answer.json()
        assert (told["name"], told["format"]) == ("報告.csv", "CSV")
        assert told["rows"][0]["kind_words"] == "道路の冠水"
        assert told["rows"][0]["geometry"]["type"] == "Point"
        assert told["rows"][0]["streets"] == ["3番通り"]
        done = self.send(client, operator, "import", digest=told["digest"])
        assert done.json()["new"] == told["taken"]
        assert self.send(client, operator, "import", digest=told["digest"]).json()["new"] == 0
        assert database.one("SELECT count(*) FROM observation") == told["taken"]

    def test_what_cannot_be_is_a_problem_that_says_what_to_do(
        self, client: TestClient, operator: Signed
    ) -> None:
        broken = self.send(client, operator, "preview", b"MZ\0\0")
        assert broken.status_code == 409
        assert "保存し直して" in broken.json()["detail"]
        other = self.send(client, operator, "import", digest="0" * 64)
        assert other.status_code == 409
        assert "もう一度" in other.json()["detail"]
        assert self.send(client, operator, "import", digest="x").status_code == 422
        assert self.send(client, operator, "import").status_code == 422
        large = self.send(client, operator, "preview", bytes(1_100_000))
        assert large.status_code == 413

    def test_nobody_else_may(self, client: TestClient, engine: Engine) -> None:
        for role in (Role.FIELD, Role.PHONE, Role.DESK, Role.WELFARE):
            assert self.send(client, signed_in(engine, role), "preview").status_code == 403


class TestAtTheConsole:
    @pytest.fixture(autouse=True)
    def _database(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("operations.commands.observe.engine", lambda: engine)
        monkeypatch.setattr("operations.commands.observe._now", lambda: NOW)

    @staticmethod
    def run(file: Path, *words: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, ["observe", "import", str(file), *words], input=typed)

    def test_it_shows_asks_and_takes_in(self, tmp_path: Path, database: Database) -> None:
        file = tmp_path / "reports.csv"
        file.write_bytes(FILE)
        asked = self.run(file, typed="n\n")
        said = asked.output.splitlines()
        assert said[0] == "reports.csv（CSV）: 5件を取り込めます"
        assert said[1] == f"  2: 道路の冠水 11/28 02:10 3番通り 誤差不明 → {UNCONFIRMED}"
        assert any(line.startswith("  5: 取り込めません。") for line in said)
        assert said[-1].startswith("取り込んでいません")
        assert database.one("SELECT count(*) FROM observation") == 0
        done = self.run(file, "--yes")
        assert done.exit_code == 0
        assert done.output.splitlines()[-1].startswith("取り込み 5件、前からあった 0件")
        assert self.run(file, "--yes").output.splitlines()[-1].startswith("取り込み 0件")

    def test_what_cannot_be_is_one_line(self, tmp_path: Path) -> None:
        missing = self.run(tmp_path / "none.csv", "--yes")
        assert missing.exit_code == 2
        assert "none.csv: 開けません" in missing.stderr
        (tmp_path / "out.csv").write_text(a_csv(row(60, 60)), "utf-8")
        none = self.run(tmp_path / "out.csv", "--yes")
        assert none.exit_code == 2
        assert "取り込める行がありません" in none.stderr
