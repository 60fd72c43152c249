"""Guidance over HTTP: the fields and nulls of each verdict; what is asked only ever adds."""

import time
from typing import Any

import pytest

from hazards.kinds import HazardKind
from tests.unit.api.served import ALL_SOUTH, NORTH, SLOPE, SOUTH, Served, TestClient, order

WAY = (
    *("destination", "route", "distance_m", "duration_s", "exposure", "steps", "observations"),
    "alternative",
)
FIELDS = {
    *("city", "fictional", "do"),
    *("verdict", "reasons", *WAY, "level", "hazards", "leave_by", "plan_version", "as_of"),
    *("level_words", "start_delay_s", "profile", "night", "stale"),
}
DESTINATION = {"id", "name", "kind", "lat", "lon", "designated_for", "opening", "opening_since"}
STURDY = {"dwelling": "sturdy", "floor": 4, "supplies_h": 72, "floors": 6}


def ask(client: TestClient, door: dict[str, float], **more: Any) -> dict[str, Any]:
    answer = client.get("/api/v1/guidance", params=door | more)
    assert answer.status_code == 200, answer.text
    table: dict[str, Any] = answer.json()
    assert set(table) == FIELDS
    assert table["reasons"]
    assert all(set(r) == {"code", "words", "source"} and r["words"] for r in table["reasons"])
    return table


def put_in_force(client: TestClient, served: Served, *orders: Any, **more: Any) -> None:
    """Publish, and wait until the app serves it."""
    served.publish(*orders, **more)
    for _ in range(500):
        if client.get("/readyz").json()["plan_version"] == served.number:
            return
        time.sleep(0.01)
    raise AssertionError("the app did not follow")


def has_a_way(table: dict[str, Any], door: dict[str, float]) -> None:
    assert set(table["destination"]) == DESTINATION
    line = table["route"]["coordinates"]
    assert table["route"]["type"] == "LineString"
    assert line[0] == pytest.approx([door["lon"], door["lat"]], abs=1e-5)
    end = table["destination"]
    assert line[-1] == pytest.approx([end["lon"], end["lat"]], abs=1e-5)
    assert all(isinstance(table[key], int) for key in ("distance_m", "duration_s"))
    assert set(table["exposure"]) == {
        *("assumed", "forecast", "observed", "collapse", "landslide", "landslide_special"),
    }
    assert all(isinstance(step["words"], str) for step in table["steps"])
    other = table["alternative"]
    if other is not None:
        assert set(other) == {"destination", "route", "distance_m", "duration_s"}
        assert other["destination"]["id"] != end["id"]


def test_watch_shows_the_way_and_no_hurry(client: TestClient) -> None:
    table = ask(client, NORTH)
    assert (table["verdict"], table["level"], table["leave_by"]) == ("watch", 0, None)
    assert table["hazards"] == ["flood"]
    has_a_way(table, NORTH)


def test_go_leaves_now(client: TestClient, served: Served) -> None:
    put_in_force(client, served, order(4))
    table = ask(client, SOUTH)
    assert (table["verdict"], table["level"], table["leave_by"]) == ("go", 4, "now")
    has_a_way(table, SOUTH)
    assert "flood" in table["destination"]["designated_for"]
    assert table["exposure"]["observed"] == 0
    assert table["alternative"] is not None


def test_level_5_shows_no_way_on_any_channel(client: TestClient, served: Served) -> None:
    put_in_force(client, served, order(5))
    table = ask(client, SOUTH)
    assert (table["verdict"], table["level"]) == ("secure_now", 5)
    assert [key for key in WAY if table[key] is not None] == []
    assert table["leave_by"] is None
    assert table["start_delay_s"] is None
    page = client.get("/way", params=SOUTH).text
    assert not [site.name for site in served.ground.sites if site.name in page]


def test_a_door_in_observed_water_secures_itself(client: TestClient, served: Served) -> None:
    put_in_force(client, served, water=ALL_SOUTH)
    table = ask(client, SOUTH)
    assert table["verdict"] == "secure_now"
    assert [key for key in WAY if table[key] is not None] == []


def test_whoever_is_shown_no_way_is_told_what_to_do(client: TestClient, served: Served) -> None:
    put_in_force(client, served, order(5))
    told = ask(client, SOUTH, dwelling="bungalow")["do"]
    assert told[0]["where"] == "平屋"
    words = [line for one in told for line in one["words"]]
    assert any("119" in line for line in words)
    assert not any("2階" in line for line in words)
    put_in_force(client, served, order(4))
    assert ask(client, SOUTH)["do"] == []


def test_every_answer_says_that_the_city_is_fictional(client: TestClient, served: Served) -> None:
    for table in (ask(client, SOUTH), client.get("/api/v1/sites").json()):
        assert table["fictional"] is True
        assert "架空" in table["city"]


def test_stay_safe_needs_everything_known(client: TestClient, served: Served) -> None:
    put_in_force(client, served, order(4))
    table = ask(client, SOUTH, **STURDY)
    assert table["verdict"] == "stay_safe"
    assert table["leave_by"] is None
    for unsaid in STURDY:
        said = {key: value for key, value in STURDY.items() if key != unsaid}
        assert ask(client, SOUTH, **said)["verdict"] == "go", unsaid
    assert ask(client, SLOPE, **STURDY)["verdict"] == "go"


def test_level_3_is_for_those_who_need_time(client: TestClient, served: Served) -> None:
    put_in_force(client, served, order(3))
    assert ask(client, SOUTH)["verdict"] == "watch"
    for profile in ("slow", "wheelchair"):
        table = ask(client, SOUTH, profile=profile)
        assert (table["verdict"], table["profile"]) == ("go", profile)


def test_a_hazard_adds_and_never_removes(client: TestClient, served: Served) -> None:
    put_in_force(client, served, order(4))
    table = ask(client, SOUTH, hazard=["landslide", "landslide"])
    assert table["hazards"] == ["flood", "landslide"]
    assert {"flood", "landslide"} <= set(table["destination"]["designated_for"])
    assert ask(client, SOUTH, hazard=["earthquake"])["hazards"] == ["earthquake", "flood"]
    everything = [str(kind) for kind in HazardKind]
    told = ask(client, SOUTH, hazard=everything)
    assert told["hazards"] == sorted(everything)
    assert told["verdict"] == "secure_now"


def test_without_an_order_the_zones_at_the_door_count(client: TestClient) -> None:
    assert ask(client, SLOPE)["hazards"] == ["flood", "landslide"]


@pytest.mark.parametrize("in_force", [3, 4, 5])
@pytest.mark.parametrize("asked", [1, 2, 3, 4, 5])
def test_a_level_may_raise_and_never_lowers(
    client: TestClient, served: Served, in_force: int, asked: int
) -> None:
    put_in_force(client, served, order(in_force))
    table = ask(client, SOUTH, level=asked)
    assert table["level"] == max(in_force, asked)


def test_night_is_that_of_the_asked_moment(client: TestClient) -> None:
    year = time.gmtime().tm_year
    month = f"{time.gmtime().tm_mon:02}"
    dark = ask(client, NORTH, at=f"{year}-{month}-15T22:00:00+09:00")
    light = ask(client, NORTH, at=f"{year}-{month}-15T12:00:00+09:00")
    assert (dark["night"], light["night"]) == (True, False)
    assert dark["duration_s"] > light["duration_s"]


def test_a_plus_in_an_address_is_read_as_it_was_meant(client: TestClient) -> None:
    """In a query string an unescaped + is a space."""
    year, month = time.gmtime().tm_year, f"{time.gmtime().tm_mon:02}"
    query = f"lat={NORTH['lat']}&lon={NORTH['lon']}&at={year}-{month}-15T22:00+09:00"
    assert client.get(f"/api/v1/guidance?{query}").json()["night"] is True
    assert client.get(f"/way?{query}").status_code == 200


def test_the_same_words_on_the_page(client: TestClient, served: Served) -> None:
    put_in_force(client, served, order(4))
    table, page = ask(client, SOUTH), client.get("/way", params=SOUTH)
    assert page.status_code == 200
    assert table["destination"]["name"] in page.text
    assert "避難指示" in page.text


def test_moments_are_in_the_citys_time_zone(client: TestClient) -> None:
    table = ask(client, NORTH)
    assert table["as_of"].endswith("+09:00")
    assert table["stale"] is False
