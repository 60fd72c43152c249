"""Who may keep what: a page of the whole city anybody, one that somebody's position made nobody."""

import pytest

from api.caching import SHARED
from tests.unit.api.served import NORTH, Served, TestClient
from web.tapmap import whole

LAT, LON = NORTH["lat"], NORTH["lon"]
OF_ALL = ("/", "/?lang=en", "/map.svg", "/api/v1/sites", "/api/v1/city", "/map/now.json")
OF_SOMEBODY = (
    f"/?lat={LAT}&lon={LON}",
    "/?q=3-4-5",
    "/?box=10,10,700&tap.x=3&tap.y=4",
    "/map.svg?box=10,10,700",
    f"/map.svg?point={LAT},{LON}",
    f"/way?lat={LAT}&lon={LON}",
    f"/api/v1/guidance?lat={LAT}&lon={LON}",
    f"/api/v1/sites?near={LAT}",
    f"/api/v1/city?near={LAT}",
    f"/map/now.json?near={LAT}",
)


@pytest.mark.parametrize("path", OF_ALL)
def test_what_is_of_the_whole_city_may_be_kept_by_anybody(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, SHARED)
    assert "set-cookie" not in answer.headers


def test_the_map_that_the_first_page_shows_may_be_kept(served: Served, client: TestClient) -> None:
    address = f"/map.svg?box={whole(served.ground).text}"
    assert address in client.get("/").text
    assert client.get(address).headers["cache-control"] == SHARED


@pytest.mark.parametrize("path", OF_SOMEBODY)
def test_what_a_position_or_a_search_made_is_kept_by_nobody(client: TestClient, path: str) -> None:
    assert client.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/places", "/map/now.json"])
def test_languages_have_addresses_of_their_own(client: TestClient, path: str) -> None:
    word = "Close the moving map" if path.endswith("json") else '<html lang="en">'
    assert word not in client.get(path, headers={"accept-language": "en"}).text
    assert word in client.get(path, params={"lang": "en"}).text
