"""Open data as it is served: documented, licensed, old when it is old, and of a fictional city."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from shapely import box

import api.opendata
from data.readers.digital import read_sites_digital
from data.report import SourceReport
from hazards.informationsettings import OpenLicence
from operations.opendata.fields import FILES, NOTICE
from operations.opendata.files import About, as_csv
from operations.opendata.kept import KeptFiles
from operations.opendata.rows import Line, congestion
from routing.picture import Picture
from routing.version import PlanVersion
from shelters.place import Opening, SiteState
from tests.integration.small_city import write_small_city
from tests.unit.api.served import OUTSIDE, SOUTH, Served, TestClient, order


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """One city for all tests of the file: most only read it."""
    folder = tmp_path_factory.mktemp("open")
    return Served(write_small_city(folder / "city"), folder / "state")


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[TestClient]:
    with served.client() as made:
        yield made


NO_DATABASE = ("places", "congestion", "closures", "orders")


def rows(client: TestClient, name: str) -> list[dict[str, str]]:
    body = client.get(f"/open/{name}.csv").content
    assert body.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in body
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def table(client: TestClient, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client.get(f"/open/{name}.geojson").content)
    return found


@pytest.mark.parametrize("name", NO_DATABASE)
def test_a_file_says_what_it_is_in_both_formats(client: TestClient, name: str) -> None:
    said = table(client, name)
    assert said["type"] == "FeatureCollection"
    assert said["generated"] >= said["as_of"]
    assert datetime.fromisoformat(said["as_of"]).second == 0
    columns = client.get(f"/open/{name}.csv").content.decode("utf-8-sig").splitlines()[0]
    assert columns.split(",")[: len(FILES[name].fields)] == [f.column for f in FILES[name].fields]
    for one in said["features"]:
        assert set(one["properties"]) == {field.key for field in FILES[name].fields}


@pytest.mark.parametrize("name", NO_DATABASE)
def test_rule_20_every_file_of_a_fictional_city_says_so(client: TestClient, name: str) -> None:
    said = table(client, name)
    assert said["fictional"] is True
    assert "架空の市です" in said["notice"]
    answer = client.get(f"/open/{name}.csv")
    assert "架空の市です" in answer.text.splitlines()[0]
    assert "fictional" in answer.headers["content-disposition"]


def test_places_can_be_read_as_any_city_s_list(client: TestClient, tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_bytes(client.get("/open/places.csv").content)
    sites = read_sites_digital(file, SourceReport("", ""))
    assert {site.name for site in sites} == {one["名称"] for one in rows(client, "places")}
    assert any(site.designated_for for site in sites)


def test_what_nobody_counted_is_unknown(client: TestClient) -> None:
    found = {
        one["properties"]["id"]: one["properties"]
        for one in table(client, "congestion")["features"]
    }
    assert (found["E1"]["opening"], found["E1"]["band"], found["E1"]["persons"]) == (
        "open",
        "unknown",
        None,
    )
    assert {one["混雑"] for one in rows(client, "congestion")} == {"不明"}


def test_a_file_is_made_once_for_all_who_ask(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime.now(UTC) + timedelta(seconds=30)
    monkeypatch.setattr(api.opendata, "utc_now", lambda: at)
    made: list[datetime] = []
    whole = api.opendata.rows.congestion

    def counted(version: PlanVersion, states: Any, now: datetime) -> list[Line]:
        made.append(now)
        return whole(version, states, now)

    monkeypatch.setattr(api.opendata.rows, "congestion", counted)
    bodies = [client.get("/open/congestion.csv").content for _ in range(3)]
    assert (len(made), len(set(bodies))) == (1, 1)
    assert client.get("/open/congestion.geojson").content not in bodies
    monkeypatch.setattr(api.opendata, "utc_now", lambda: at + timedelta(seconds=10))
    client.get("/open/congestion.csv")
    assert len(made) == 3


def test_a_file_of_another_version_is_made_anew(served: Served) -> None:
    kept, name = KeptFiles(), ("closures", "csv", "")
    first, second = (
        PlanVersion.of(n, served.ground, Picture(n, datetime.now(UTC), (), (), (), {}))
        for n in (1, 2)
    )
    assert kept.body(name, first, (False,), lambda: b"1") == b"1"
    assert kept.body(name, first, (False,), lambda: b"2") == b"1"
    assert kept.body(name, second, (False,), lambda: b"3") == b"3"
    assert kept.body(name, second, (True,), lambda: b"4") == b"4"


def test_rule_4_no_place_under_level_5_is_said_to_have_room(served: Served) -> None:
    sites = served.ground.sites
    states = {site.id: SiteState(Opening.OPEN) for site in sites}
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    counted = {"opening": "open", "band": "room", "persons": 3, "unknown_after": until}
    (x, y), *_ = served.ground.site_xy.tolist()
    five = replace(order(5), area=box(x - 1, y - 1, x + 1, y + 1))
    picture = Picture(1, datetime.now(UTC), (five,), (), (), states)
    version = PlanVersion.of(1, served.ground, picture)
    first, *others = congestion(version, {site.id: counted for site in sites}, datetime.now(UTC))
    told = [(one.values["level_5"], one.values["band"], one.values["persons"]) for one in others]
    assert set(told) == {("", "room", 3)}
    assert [first.values[key] for key in ("level_5", "band", "persons")] == ["1", None, None]


def test_rule_19_an_old_answer_says_that_it_is_old(served: Served, client: TestClient) -> None:
    served.checked(datetime.now(UTC) - timedelta(minutes=20))
    said = table(client, "places")
    assert said["stale"] is True
    assert said["as_of"] < said["generated"]
    assert {one["新しい情報を確認できていない"] for one in rows(client, "places")} == {"1"}
    served.checked(datetime.now(UTC))


@pytest.mark.parametrize("name", FILES)
def test_rule_19_an_old_table_without_any_row_is_not_called_calm(served: Served, name: str) -> None:
    now = datetime.now(UTC)
    fresh = About(served.ground.card, now, False, now, OpenLicence())
    assert len(as_csv(FILES[name], [], fresh).splitlines()) == 1
    old = replace(fresh, as_of=now - timedelta(hours=5), stale=True)
    text = as_csv(FILES[name], [], old).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["新しい情報を確認できていない"], row["時点"]) == ("1", old.moment(old.as_of))
    fields = [row[one.column] for one in FILES[name].fields]
    assert [one for one in fields if one] == [NOTICE]
    assert row[FILES[name].fields[0].column] == ""


def test_rule_19_an_answer_says_of_when_it_is_in_its_headers(
    served: Served, client: TestClient
) -> None:
    said = client.get("/open/closures.csv").headers
    assert (said["nigemichi-stale"], "nigemichi-as-of" in said) == ("0", True)
    assert "nigemichi-stale" in said["access-control-expose-headers"]
    served.checked(datetime.now(UTC) - timedelta(minutes=20))
    old = client.get("/open/closures.csv", headers={"if-none-match": said["etag"]})
    assert (old.status_code, old.headers["nigemichi-stale"]) == (200, "1")
    assert NOTICE in old.text
    assert old.headers["nigemichi-as-of"] == table(client, "closures")["as_of"]
    served.checked(datetime.now(UTC))


def test_only_these_files_may_be_read_by_pages_of_others(client: TestClient) -> None:
    for path in ("/open/places.geojson", "/open/closures.csv"):
        answer = client.get(path, headers={"origin": "https://elsewhere.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
    for path in ("/open", "/info", "/", "/places", "/api/v1/sites"):
        assert "access-control-allow-origin" not in client.get(path).headers


def test_what_is_known_is_not_sent_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime.now(UTC)
    monkeypatch.setattr(api.opendata, "utc_now", lambda: at)
    first = client.get("/open/places.csv")
    again = client.get("/open/places.csv", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["access-control-allow-origin"] == "*"


def test_alerts_that_cannot_be_read_are_not_an_empty_file(client: TestClient) -> None:
    answer = client.get("/open/alerts.geojson")
    assert answer.status_code == 503
    assert "解除するまで続きます" in answer.json()["detail"]


def test_no_text_is_a_formula_in_a_spreadsheet(served: Served) -> None:
    about = About(served.ground.card, datetime.now(UTC), False, datetime.now(UTC), OpenLicence())
    values = {field.key: "=1+1" for field in FILES["closures"].fields}
    body = as_csv(FILES["closures"], [Line(values, None, {})], about).decode("utf-8-sig")
    assert body.splitlines()[1].startswith("'=1+1,'=1+1,")


@pytest.mark.parametrize("path", ["/open/people.csv", "/open/places.xml", "/open/places"])
def test_there_are_no_other_files(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_documents_every_field(client: TestClient, lang: str) -> None:
    answer = client.get("/open", params={"lang": lang})
    for one in FILES.values():
        assert f"/open/{one.name}.csv" in answer.text
        assert all(f"<code>{field.key}</code>" in answer.text for field in one.fields)
    assert "/alerts.atom" in answer.text
    assert len(gzip.compress(answer.content)) < 14_000


def test_information_from_a_position_is_kept_by_nobody(client: TestClient) -> None:
    assert client.get("/info").headers["cache-control"].startswith("public")
    answer = client.get("/info", params=SOUTH)
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.text
    assert client.get("/info", params=OUTSIDE).status_code == 422


def test_without_a_database_information_is_not_called_calm(
    served: Served, client: TestClient
) -> None:
    served.publish(order(4))
    page = client.get("/info").text
    assert "情報を読めません。何もないという意味ではありません。" in page
    assert "警戒レベル" in page
