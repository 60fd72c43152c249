"""The map that moves: tiles by byte ranges, files to keep, and a policy only where it is needed."""

import gzip
import json
from typing import Any

import pytest

from api.caching import SHARED
from api.headers import MAP_POLICY, POLICY
from api.maps import FOR_GOOD
from data.tiles import TILES, write_tiles
from hazards.kinds import HazardKind
from tests.integration.small_city import box
from tests.unit.api.served import NORTH, SOUTH, Served, TestClient, order
from web.assets import address, find_asset

PATH = "/map/1.pmtiles"
LOADED = (
    *("map.js", "mapimages.js", "pmtiles.js", "moving.css"),
    *("maplibre-gl.js", "maplibre-worker.js"),
)


@pytest.fixture
def tiles(served: Served) -> bytes:
    """The tiles of the small city, where they are served from."""
    path = served.home / "ground-1" / TILES
    write_tiles(path, served.ground)
    return path.read_bytes()


def rules(policy: str) -> dict[str, set[str]]:
    """A policy's sources by directive."""
    parts = (rule.split() for rule in policy.split(";"))
    return {name: set(sources) for name, *sources in parts}


def test_tiles_are_answered_by_byte_ranges(client: TestClient, tiles: bytes) -> None:
    answer = client.get(PATH, headers={"range": "bytes=100-299"})
    assert answer.status_code == 206
    assert answer.content == tiles[100:300]
    assert answer.headers["content-range"] == f"bytes 100-299/{len(tiles)}"
    assert answer.headers["cache-control"] == FOR_GOOD
    assert answer.headers["content-type"] == "application/vnd.pmtiles"


def test_range_beyond_the_end_of_a_small_file_ends_with_it(
    client: TestClient, tiles: bytes
) -> None:
    answer = client.get(PATH, headers={"range": f"bytes=0-{len(tiles) + 5000}"})
    assert (answer.status_code, answer.content) == (206, tiles)


def test_tiles_are_never_compressed_twice(client: TestClient, tiles: bytes) -> None:
    answer = client.get(PATH, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in answer.headers
    assert answer.content == tiles


def test_range_of_other_tiles_than_before_is_answered_whole(
    client: TestClient, tiles: bytes
) -> None:
    etag = client.get(PATH).headers["etag"]
    asked = {"range": "bytes=0-9", "if-range": etag}
    assert client.get(PATH, headers=asked).status_code == 206
    answer = client.get(PATH, headers=asked | {"if-range": '"other"'})
    assert (answer.status_code, answer.content) == (200, tiles)


@pytest.mark.parametrize("path", ["/map/2.pmtiles", "/map/%2e%2e.pmtiles", "/map/.pmtiles"])
def test_tiles_of_another_load_are_not_found(client: TestClient, tiles: bytes, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.content != tiles


def test_tiles_that_are_not_written_yet_are_a_problem_and_nothing_else_is(
    client: TestClient,
) -> None:
    answer = client.get(PATH)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert client.get("/map/now.json").json()["tiles"] == ""
    assert client.get("/way", params=NORTH).status_code == 200


def test_what_is_so_now_is_the_whole_citys_and_anybodys(
    served: Served, client: TestClient, tiles: bytes
) -> None:
    served.publish(order(4), water=box(0, 0, 2, 2))
    served_client_refresh(client)
    answer = client.get("/map/now.json?lang=en")
    table = answer.json()
    assert answer.headers["cache-control"] == SHARED
    assert table["tiles"] == PATH
    assert [len(one["data"]["features"]) for one in sources(table, "observed", "closed")] == [1, 0]
    assert table["style"]["sources"]["question"]["data"]["features"] == []
    assert table["words"]["close"] == "Close the moving map"
    assert '<time datetime="' in table["now"]
    assert any("fictional" in note for note in table["notes"])


def sources(table: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    """Sources of the style."""
    return [table["style"]["sources"][name] for name in names]


def served_client_refresh(client: TestClient) -> None:
    """Let the app see what was published."""
    client.app.state.service.current.refresh()  # type: ignore[attr-defined]


def test_style_asks_for_no_letters_no_images_and_no_other_server(client: TestClient) -> None:
    table = client.get("/map/now.json").json()
    style = table["style"]
    assert not {"glyphs", "sprite"} & style.keys()
    assert not any("text-field" in layer.get("layout", {}) for layer in style["layers"])
    assert "://" not in json.dumps(table).replace("city://{z}/{x}/{y}", "")
    assert all(where.startswith("/static/") for where in table["load"].values())


@pytest.mark.parametrize("name", LOADED)
def test_files_are_kept_for_good_under_an_address_that_names_their_bytes(
    client: TestClient, name: str
) -> None:
    answer = client.get(address(name))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == FOR_GOOD
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = client.get(address(name), headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for other in (f"/static/{name}", f"/static/{name}?v=0"):
        assert client.get(other).headers["cache-control"] == "no-cache"


def test_files_are_compressed_once_for_whoever_takes_it(client: TestClient) -> None:
    asset = find_asset("maplibre-gl.js")
    assert asset
    assert gzip.decompress(asset.zipped) == asset.body
    packed = client.get("/static/maplibre-gl.js", headers={"accept-encoding": "gzip"})
    plain = client.get("/static/maplibre-gl.js", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) == len(asset.zipped) < len(asset.body) / 3
    assert packed.content == plain.content == asset.body


@pytest.mark.parametrize("name", ["map.html", "..%2fpages.py", "maplibre-gl.css", ""])
def test_no_other_file_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_worker_is_the_part_of_maplibre_that_workers_run(client: TestClient) -> None:
    text = client.get("/static/maplibre-worker.js").text
    assert text.startswith("/**\n * MapLibre GL JS\n * @license")
    assert [text.count(f'\ndefine("{name}"') for name in ("shared", "worker", "index")] == [1, 1, 0]
    assert text.endswith("}));\n") or text.rstrip().endswith("}));")


def test_only_pages_with_the_button_may_load_files_of_ours(
    served: Served, client: TestClient
) -> None:
    pages = [client.get("/"), client.get("/way", params=NORTH)]
    assert all(page.headers["content-security-policy"] == MAP_POLICY for page in pages)
    assert ' data-roads="/static/roads.js' in pages[1].text
    assert client.get("/way").headers["content-security-policy"] == POLICY
    served.publish(order(5, HazardKind.FLOOD))
    served_client_refresh(client)
    inside = client.get("/way", params=SOUTH)
    assert inside.headers["content-security-policy"] == POLICY
    assert 'id="move"' not in inside.text
    assert " data-roads=" not in inside.text


def test_policy_for_the_map_adds_files_of_ours_and_nothing_else() -> None:
    strict, loose = rules(POLICY), rules(MAP_POLICY)
    assert loose.pop("worker-src") == {"'self'"}
    added = {name: loose[name] - strict[name] for name in strict if loose[name] != strict[name]}
    assert loose.keys() == strict.keys()
    assert added == {"script-src": {"'self'"}, "style-src": {"'self'"}}
    assert "unsafe" not in MAP_POLICY
    assert "blob:" not in MAP_POLICY
