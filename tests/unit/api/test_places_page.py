"""The page of places as it is served: who may keep it, what it loads, what it refuses."""

import gzip
import re
from datetime import UTC, datetime, timedelta

import pytest

from api.caching import DRAWN, SHARED
from api.placespage import PLACES_POLICY
from city.position import Position
from tests.unit.api.served import NORTH, OUTSIDE, SOUTH, Served, TestClient, order
from web.assets import address


def area_of(served: Served, door: dict[str, float]) -> str:
    """The name of the area around a door."""
    metres = served.ground.metres
    found = served.ground.area_at(*metres.of(Position(**door)))
    assert found is not None
    return found.name


@pytest.mark.parametrize("query", [{}, {"from": "2"}, {"lang": "en"}, {"area": "どこか"}])
def test_a_page_without_a_position_may_be_kept_by_anybody(
    client: TestClient, query: dict[str, str]
) -> None:
    answer = client.get("/places", params=query)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == SHARED
    assert "stale-if-error" in SHARED
    assert "set-cookie" not in answer.headers


def test_what_our_script_heard_is_a_page_of_its_own_for_all_who_heard_it(
    client: TestClient,
) -> None:
    answer = client.get("/places", params={"since": "2b1c0c3e-0000-4000-8000-000000000000:7"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, SHARED)
    assert client.get("/places", params={"q": "7-2"}).headers["cache-control"] == "no-store"


def test_an_area_is_nobody_s_position(served: Served, client: TestClient) -> None:
    answer = client.get("/places", params={"area": area_of(served, NORTH)})
    assert answer.headers["cache-control"] == SHARED
    assert "から近い順" in answer.text


def test_a_page_from_a_position_is_kept_by_nobody(client: TestClient) -> None:
    answer = client.get("/places", params=NORTH)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert "noindex" in answer.text


def map_of(client: TestClient, door: dict[str, float]) -> str:
    """The address of the map on the page of a door."""
    page = client.get("/places", params=door).text
    (image,) = re.findall(r'<image href="([^"]+)"', page)
    return image.replace("&amp;", "&")


def test_the_map_s_address_holds_no_position(client: TestClient) -> None:
    lat, lon = NORTH["lat"] + 0.004, NORTH["lon"]
    metre = 1 / 111_000
    neighbours = [map_of(client, {"lat": lat + n * metre, "lon": lon}) for n in range(15)]
    assert len(set(neighbours)) <= 2
    assert map_of(client, SOUTH) not in neighbours


def test_the_map_may_be_kept_under_the_name_of_the_plan_it_shows(
    served: Served, client: TestClient
) -> None:
    image = map_of(client, NORTH)
    answer = client.get(image)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == DRAWN
    assert len(gzip.compress(answer.content)) < 14_000
    for other in (served.number - 1, served.number + 1):
        named = image.replace(f"v={served.number}", f"v={other}")
        assert client.get(named).headers["cache-control"] == "no-store"
    assert client.get(image.partition("&v=")[0]).headers["cache-control"] == SHARED


@pytest.mark.parametrize("box", ["", "x", "1,2", "nan,nan,nan", "0,0,1", "1e99,0,5000", "9" * 400])
def test_a_box_that_cannot_be_drawn_is_the_whole_city(client: TestClient, box: str) -> None:
    answer = client.get("/places.svg", params={"box": box})
    assert (answer.status_code, answer.text) == (200, client.get("/places.svg").text)


def test_the_page_loads_one_script_of_ours_and_nothing_else(client: TestClient) -> None:
    answer = client.get("/places")
    assert answer.headers["content-security-policy"] == PLACES_POLICY
    assert re.findall(r'<script src="([^"]+)"', answer.text) == [address("places.js")]
    assert client.get(address("places.js")).status_code == 200
    assert not re.search(r"\s(style|on\w+)=\"", answer.text)


@pytest.mark.parametrize(
    "query",
    [
        {"lat": "x", "lon": "1"},
        {"lat": "35.4"},
        {"level": "6"},
        {"hazard": "rain"},
        {"profile": "car"},
        {"area": "あ" * 41},
        OUTSIDE,
    ],
)
def test_what_is_not_understood_is_refused_and_kept_by_nobody(
    client: TestClient, query: dict[str, str]
) -> None:
    answer = client.get("/places", params=query)
    assert answer.status_code == 422
    assert answer.headers["cache-control"] == "no-store"
    given = [str(value) for key, value in query.items() if key in ("lat", "lon")]
    assert not any(value in answer.text for value in given if len(value) > 3)


def test_a_key_that_says_two_things_is_refused(client: TestClient) -> None:
    assert client.get("/places?level=4&level=5").status_code == 422


@pytest.mark.parametrize("start", ["0", "-3", "x", "99999", "9" * 30, "１"])
def test_a_part_that_is_not_there_is_answered_with_one_that_is(
    client: TestClient, start: str
) -> None:
    assert 'class="pl"' in client.get("/places", params={"from": start}).text


def test_rule_4_level_5_anywhere_names_no_place_to_who_does_not_say_where(
    served: Served,
) -> None:
    served.publish(order(5))
    with served.client() as client:
        for query in ({}, SOUTH, {"area": area_of(served, SOUTH)}):
            page = client.get("/places", params=query).text
            assert "直ちに" in page
            assert 'class="pl"' not in page
            assert "/places.svg" not in page


def test_rule_19_without_news_the_page_says_since_when(served: Served) -> None:
    with served.client() as client:
        served.checked(datetime.now(UTC) - timedelta(minutes=12))
        page = client.get("/places").text
    assert "から市の最新情報を確認できていません" in page


def test_home_and_way_lead_to_the_places_and_back(served: Served, client: TestClient) -> None:
    assert 'href="/places?' in client.get("/").text
    home = client.get("/", params=NORTH).text
    way = client.get("/way", params=NORTH).text
    (there,) = set(re.findall(r'href="(/places\?[^"]+)"', way))
    assert there.replace("&amp;", "&").split("&")[0] in home
    assert str(NORTH["lat"])[:7] not in there
    page = client.get(there.replace("&amp;", "&")).text
    assert 'href="/?lat=' in page
