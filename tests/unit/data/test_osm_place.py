"""Roads by the name of a place, asked of a Nominatim and an Overpass of our own on loopback."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import osmium
import osmnx
import pytest

from data.errors import BrokenSource
from data.network import Network
from data.readers import osmplace
from data.readers.osm import read_osm
from data.readers.osmplace import read_place
from data.report import SourceReport
from routing.roads import Access, StreetFlag

Tags = dict[str, str]
Answer = tuple[int, bytes, dict[str, str]]
PLACE = "見本市, 架空県"
OUTLINE = [[139.29, 35.64], [139.32, 35.64], [139.32, 35.67], [139.29, 35.67], [139.29, 35.64]]
NODES = {
    1: (139.3000001, 35.6500002),
    2: (139.3010, 35.6500),
    3: (139.3020, 35.6500),
    4: (139.3010, 35.6510),
    5: (139.3010, 35.6490),
    6: (139.3030, 35.6500),
    7: (139.3030, 35.6510),
    8: (139.3040, 35.6500),
    9: (139.3050, 35.6500),
    10: (139.3060, 35.6520),
    11: (139.3070, 35.6520),
    12: (139.3070, 35.6530),
    13: (139.3300, 35.6500),
}
HEIGHTS_M = {1: "0", 4: "12.5", 5: "high"}
WAYS: dict[int, tuple[list[int], Tags]] = {
    101: ([1, 2], {"highway": "residential", "name": "本通り", "name:en": "Hondori"}),
    102: ([2, 3], {"highway": "residential", "bridge": "yes", "layer": "1", "width": "3.5"}),
    103: ([3, 6], {"highway": "residential", "tunnel": "yes", "layer": "-1"}),
    104: ([2, 4], {"highway": "residential", "oneway": "yes"}),
    105: ([2, 5], {"highway": "residential", "oneway": "-1", "surface": "asphalt"}),
    106: ([4, 7, 6], {"highway": "footway", "wheelchair": "no"}),
    107: ([6, 8], {"highway": "motorway"}),
    108: ([8, 9], {"highway": "motorway_link", "oneway": "no"}),
    109: ([9, 13], {"highway": "steps"}),
    110: ([4, 1], {"highway": "cycleway"}),
    111: ([5, 1], {"highway": "service", "access": "private"}),
    112: ([5, 3], {"highway": "proposed"}),
    113: ([1, 4, 5, 1], {"highway": "residential", "junction": "roundabout"}),
    114: ([9, 7, 8, 9], {"highway": "pedestrian", "area": "yes"}),
    115: ([10, 11, 12, 10], {"highway": "pedestrian", "area": "yes"}),
    116: ([7, 10], {"highway": "residential", "oneway": "reversible"}),
    117: ([11, 9], {"highway": "track", "junction": "roundabout", "oneway": "no"}),
    118: ([2, 7], {"highway": "residential", "construction": "yes"}),
    119: ([2, 6], {"highway": "residential", "disused": "yes"}),
    120: ([4, 9], {"highway": "residential", "abandoned": "yes"}),
    121: ([5, 6], {"highway": "residential", "flood_prone": "yes", "layer": "200"}),
    122: ([5, 9], {"highway": "footway", "foot": "yes;private", "access": "permit"}),
}


@dataclass
class Peer:
    """What a server answers, in turn (the last answer for ever), and what it was asked."""

    answers: dict[str, list[Answer | Callable[[], Answer]]]
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    slept_s: list[float] = field(default_factory=list)
    url: str = ""

    def answer(self, path: str, form: dict[str, list[str]]) -> Answer:
        self.asked.append((path, form))
        known = self.answers.get(path, [(404, b"no such page", {})])
        said = known[0] if len(known) == 1 else known.pop(0)
        return said() if callable(said) else said

    def times(self, path: str) -> int:
        return sum(one == path for one, _ in self.asked)


def as_json(what: Any, status: int = 200, **headers: str) -> Answer:
    return status, json.dumps(what).encode(), headers


def found() -> Answer:
    """As Nominatim answers /search?format=json&polygon_geojson=1."""
    place = {
        "place_id": 1,
        "osm_type": "relation",
        "osm_id": 1,
        "lat": "35.655",
        "lon": "139.305",
        "class": "boundary",
        "type": "administrative",
        "importance": 0.6,
        "name": "見本市",
        "display_name": PLACE,
        "boundingbox": ["35.64", "35.67", "139.29", "139.32"],
        "geojson": {"type": "Polygon", "coordinates": [OUTLINE]},
    }
    return as_json([place])


def ways_of(wanted: dict[int, tuple[list[int], Tags]]) -> Answer:
    """As Overpass answers (way[…](poly:…);>;);out; in JSON."""
    used = {ref for refs, _ in wanted.values() for ref in refs}
    nodes: list[dict[str, Any]] = [
        {"type": "node", "id": ref, "lat": lat, "lon": lon}
        | ({"tags": {"ele": HEIGHTS_M[ref]}} if ref in HEIGHTS_M else {})
        for ref, (lon, lat) in NODES.items()
        if ref in used
    ]
    ways = [
        {"type": "way", "id": number, "nodes": refs, "tags": tags}
        for number, (refs, tags) in wanted.items()
    ]
    said = {"version": 0.6, "generator": "Overpass API", "elements": [*nodes, *ways]}
    return as_json(said)


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    """A place with all the ways, where the reader asks; whoever sleeps is only noted."""
    here = Peer({"/search": [found()], "/api/interpreter": [ways_of(WAYS)]})
    server = ThreadingHTTPServer(("127.0.0.1", 0), answering(here))
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    here.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("NIGEMICHI_NOMINATIM_URL", here.url)
    monkeypatch.setenv("NIGEMICHI_OVERPASS_URL", f"{here.url}/api")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(osmplace, "TIMEOUT_S", 20.0)
    monkeypatch.setattr(time, "sleep", here.slept_s.append)
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


def answering(peer: Peer) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            self._say(peer.answer(asked.path, parse_qs(asked.query)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._say(peer.answer(self.path, parse_qs(body.decode())))

        def _say(self, answer: Answer) -> None:
            status, body, headers = answer
            try:
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                pass  # whoever asked has gone

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Answering


def read() -> tuple[Network, SourceReport]:
    report = SourceReport("roads", PLACE)
    return read_place(PLACE, report, lambda _: None), report


def refused(match: str) -> BrokenSource:
    """Why the place cannot be read."""
    with pytest.raises(BrokenSource, match=match) as caught:
        read()
    assert caught.value.remedy
    assert "見本市" in str(caught.value)
    return caught.value


def as_file(path: Path, wanted: dict[int, tuple[list[int], Tags]]) -> Path:
    writer = osmium.SimpleWriter(str(path), overwrite=True)
    for ref, at in NODES.items():
        tags = {"ele": HEIGHTS_M[ref]} if ref in HEIGHTS_M else {}
        writer.add_node(osmium.osm.mutable.Node(id=ref, location=at, tags=tags))
    for number, (refs, way_tags) in wanted.items():
        writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=way_tags))
    writer.close()
    return path


def same(one: Network, other: Network) -> None:
    for name in Network.__slots__:
        a, b = getattr(one, name), getattr(other, name)
        if isinstance(a, tuple):
            assert a == b, name
        else:
            assert (a.dtype, a.tobytes()) == (b.dtype, b.tobytes()), name


def street(network: Network, a: int, b: int) -> int:
    """The row of the street between two nodes."""
    ids = network.osm_id.tolist()
    ends = {ids.index(a), ids.index(b)}
    rows = range(len(network.start))
    (row,) = (r for r in rows if {network.start[r], network.end[r]} == ends)
    return row


def test_a_place_reads_as_the_same_ways_in_a_file(peer: Peer, tmp_path: Path) -> None:
    network, report = read()
    other = SourceReport("roads", "")
    from_file = read_osm(as_file(tmp_path / "roads.osm.pbf", WAYS), other)
    same(network, from_file)
    assert report.read == other.read == len(WAYS)
    assert (report.kept, report.dropped, report.repaired) == (
        other.kept,
        other.dropped,
        other.repaired,
    )
    assert report.noted == other.noted
    assert report.read == report.kept + report.dropped.total()
    assert report.lines()[1:] == other.lines()[1:]
    dropped = {(spot.why, spot.row) for spot in report.spots}
    assert dropped == {(spot.why, spot.row) for spot in other.spots}
    assert ("nobody may use it (access)", "way 111") in dropped


@pytest.mark.parametrize("number", sorted(WAYS))
def test_each_way_alone_beside_a_street_reads_as_from_a_file(
    peer: Peer, tmp_path: Path, number: int
) -> None:
    """So that no fault of one way hides in those around it."""
    wanted = {100: ([2, 9], {"highway": "residential"}), number: WAYS[number]}
    peer.answers["/api/interpreter"] = [ways_of(wanted)]
    same(
        read()[0], read_osm(as_file(tmp_path / "roads.osm.pbf", wanted), SourceReport("roads", ""))
    )


def test_a_place_knows_bridge_tunnel_names_heights_and_who_may_use_a_street(peer: Peer) -> None:
    network, _ = read()
    assert network.flags[street(network, 2, 3)] == StreetFlag.BRIDGE
    assert network.flags[street(network, 3, 6)] == StreetFlag.TUNNEL
    assert network.flags[street(network, 9, 13)] == StreetFlag.STEPS
    assert network.flags[street(network, 5, 6)] == StreetFlag.FORD
    assert network.access[street(network, 6, 8)] == Access.VEHICLE_FORWARD
    assert not network.access[street(network, 4, 7)] & Access.WHEELS
    named = network.name[street(network, 1, 2)]
    assert (network.names[named], network.names_en[named]) == ("本通り", "Hondori")
    heights = dict(zip(network.osm_id.tolist(), network.elevation_m.tolist(), strict=True))
    assert (heights[1], heights[4]) == (0, 12.5)
    assert np.isnan(heights[5])


def test_in_one_way_streets_of_a_place_people_walk_both_ways_and_vehicles_one(peer: Peer) -> None:
    network, _ = read()
    on_foot = Access.FOOT | Access.WHEELS
    assert network.access[street(network, 2, 4)] == on_foot | Access.VEHICLE_FORWARD
    assert network.access[street(network, 2, 5)] == on_foot | Access.VEHICLE_BACKWARD


def test_the_place_is_asked_for_by_name_and_every_way_around_it_with_highway(peer: Peer) -> None:
    read()
    (search, asked), (path, form) = peer.asked
    assert (search, asked["q"], asked["polygon_geojson"]) == ("/search", [PLACE], ["1"])
    (query,) = form["data"]
    assert path == "/api/interpreter"
    assert 'way["highway"](poly:' in query
    assert query.startswith("[out:json][timeout:20")
    corners = np.array(query.split("(poly:'")[1].split("'")[0].split(), float).reshape(-1, 2)
    lat, lon = corners.T
    assert lat.min() < 35.64 - 0.02 < 35.67 + 0.02 < lat.max()
    assert lon.min() < 139.29 - 0.02 < 139.32 + 0.02 < lon.max()


def test_streets_around_the_place_are_read_and_those_far_away_are_not(peer: Peer) -> None:
    nodes = {13: (139.335, 35.65), 14: (139.35, 35.65), 15: (139.5, 35.65), 16: (139.6, 35.65)}
    elements = [
        {"type": "node", "id": n, "lat": lat, "lon": lon} for n, (lon, lat) in nodes.items()
    ]
    tags = {"highway": "residential"}
    elements.append({"type": "way", "id": 1, "nodes": [13, 14, 15, 16], "tags": tags})
    peer.answers["/api/interpreter"] = [as_json({"elements": elements})]
    network, _ = read()
    assert network.osm_id.tolist() == [13, 14]


def test_a_place_that_nominatim_does_not_know_is_refused(peer: Peer) -> None:
    peer.answers["/search"] = [as_json([])]
    assert "nominatim" in refused("no such place").remedy
    assert peer.times("/api/interpreter") == 0


def test_a_place_that_is_only_a_point_is_refused(peer: Peer) -> None:
    place = json.loads(found()[1])[0]
    place["geojson"] = {"type": "Point", "coordinates": [139.3, 35.65]}
    peer.answers["/search"] = [as_json([place])]
    assert "outline" in refused("no such place").remedy


@pytest.mark.parametrize("lacking", ["importance", "geojson", "boundingbox"])
def test_an_answer_of_nominatim_that_lacks_something_is_refused(peer: Peer, lacking: str) -> None:
    place = json.loads(found()[1])[0]
    del place[lacking]
    peer.answers["/search"] = [as_json([place])]
    refused("no such place")


def test_a_place_without_a_street_is_refused(peer: Peer) -> None:
    peer.answers["/api/interpreter"] = [as_json({"elements": []})]
    refused("the place was found, but no street in it")


@pytest.mark.parametrize("tags", [{"highway": "proposed"}, {"highway": "path", "access": "no"}])
def test_a_place_whose_ways_are_all_no_streets_is_refused(peer: Peer, tags: Tags) -> None:
    peer.answers["/api/interpreter"] = [ways_of({1: ([1, 2], tags)})]
    refused("none of its 1 ways is a street")


@pytest.mark.parametrize("path", ["/search", "/api/interpreter"])
@pytest.mark.parametrize("status", [400, 403, 500])
def test_a_server_that_refuses_is_not_asked_again(peer: Peer, path: str, status: int) -> None:
    peer.answers[path] = [(status, b"<html>broken</html>", {})]
    assert "try again later" in refused(f"cannot be fetched .*{status}").remedy
    assert peer.times(path) == 1


@pytest.mark.parametrize("path", ["/search", "/api/interpreter"])
@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_server_that_was_busy_once_is_asked_again(peer: Peer, path: str, status: int) -> None:
    peer.answers[path].insert(0, (status, b"busy", {}))
    network, _ = read()
    assert len(network.start) > 10
    assert peer.times(path) == 2
    first, second = (form for one, form in peer.asked if one == path)
    assert first == second


@pytest.mark.parametrize("path", ["/search", "/api/interpreter"])
def test_a_server_that_stays_busy_is_asked_three_times(peer: Peer, path: str) -> None:
    peer.answers[path] = [(429, b"busy", {"Retry_After": "0"})]
    refused("cannot be fetched .*429")
    assert peer.times(path) == 3


def test_a_server_may_shorten_the_pause_but_not_prolong_it(peer: Peer) -> None:
    busy = [(429, b"", {"Retry_After": after}) for after in ("3", "3600")]
    peer.answers["/api/interpreter"][:0] = busy
    read()
    courtesy_s, *pauses_s = peer.slept_s
    assert (courtesy_s, pauses_s) == (1, [0, 3, 15])


def test_a_busy_server_is_given_time_but_nobody_waits_for_minutes(peer: Peer) -> None:
    peer.answers["/api/interpreter"] = [(504, b"", {})]
    refused("504")
    assert peer.slept_s == [1, 0, 5, 15]


@pytest.mark.parametrize("path", ["/search", "/api/interpreter"])
def test_a_server_that_does_not_answer_is_given_up(
    peer: Peer, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(osmplace, "TIMEOUT_S", 0.2)
    asleep = threading.Event()

    def silent() -> Answer:
        asleep.wait(5)
        return 200, b"[]", {}

    peer.answers[path] = [silent]
    begun = time.monotonic()
    assert "try again later" in refused("no answer within 0.2 s").remedy
    assert time.monotonic() - begun < 4
    asleep.set()


def test_without_a_network_the_remedy_is_a_file(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIGEMICHI_NOMINATIM_URL", f"http://127.0.0.1:{unused_port()}")
    assert "osm-pbf" in refused("cannot be fetched .ConnectionError").remedy


def test_without_overpass_the_remedy_is_a_file(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIGEMICHI_OVERPASS_URL", f"http://127.0.0.1:{unused_port()}/api")
    assert "osm-pbf" in refused("cannot be fetched .ConnectionError").remedy


def test_an_address_that_is_none_is_not_taken_for_a_place_that_is_none(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIGEMICHI_NOMINATIM_URL", "nominatim")
    refused("cannot be fetched .MissingSchema")


def unused_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.mark.parametrize("path", ["/search", "/api/interpreter"])
@pytest.mark.parametrize("body", [b"<html>sign in</html>", b"", b'{"elements": [', b"\xff\xfe"])
def test_an_answer_that_is_no_json_is_refused(peer: Peer, path: str, body: bytes) -> None:
    peer.answers[path] = [(200, body, {})]
    refused("no JSON")


@pytest.mark.parametrize(
    ("path", "said"),
    [("/search", {"error": "no"}), ("/api/interpreter", []), ("/api/interpreter", {"a": 1})],
)
def test_json_of_another_kind_is_refused(peer: Peer, path: str, said: Any) -> None:
    peer.answers[path] = [as_json(said)]
    refused("no such place" if path == "/search" else "no street in it")


def test_an_answer_that_breaks_off_is_refused(peer: Peer) -> None:
    _, body, _ = ways_of(WAYS)
    peer.answers["/api/interpreter"] = [(200, body[:500], {"Content-Length": str(len(body))})]
    refused("cannot be fetched")


def test_part_of_the_ways_is_not_taken_for_all(peer: Peer) -> None:
    """Overpass answers 200 with what it has, and remarks that it ran out of time."""
    part = json.loads(ways_of(WAYS)[1])
    part["remark"] = "runtime error: Query timed out in 'query' at line 1 after 61 seconds."
    peer.answers["/api/interpreter"] = [as_json(part)]
    refused("Overpass broke off: runtime error: Query timed out")


def test_a_way_tagged_remark_is_no_broken_answer(peer: Peer) -> None:
    tags = {"highway": "residential", "remark": "runtime error"}
    peer.answers["/api/interpreter"] = [ways_of({1: ([1, 2], tags)})]
    assert len(read()[0].start) == 1


def test_a_server_that_has_moved_is_followed(peer: Peer) -> None:
    peer.answers["/moved/search"] = peer.answers["/search"]
    query = "?format=json"
    peer.answers["/search"] = [(302, b"", {"Location": f"{peer.url}/moved/search{query}"})]
    assert len(read()[0].start) > 10


@pytest.mark.parametrize("fails", [False, True])
def test_osmnx_is_left_as_it_was_and_nothing_on_disk(
    peer: Peer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fails: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(osmnx.settings, "use_cache", True)
    if fails:
        peer.answers["/api/interpreter"] = [(500, b"", {})]
    names = [name for name in vars(osmnx.settings) if not name.startswith("_")]
    before = {name: getattr(osmnx.settings, name) for name in names}
    copied, resolve = repr(before), socket.getaddrinfo
    if fails:
        refused("500")
    else:
        read()
    assert repr({name: getattr(osmnx.settings, name) for name in names}) == copied
    assert all(getattr(osmnx.settings, name) is value for name, value in before.items())
    assert socket.getaddrinfo is resolve
    assert list(tmp_path.iterdir()) == []


def test_without_addresses_in_the_environment_the_public_servers_are_asked(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NIGEMICHI_NOMINATIM_URL")
    monkeypatch.setenv("NIGEMICHI_OVERPASS_URL", "")
    monkeypatch.setattr(osmnx.settings, "nominatim_url", peer.url)
    monkeypatch.setattr(osmnx.settings, "overpass_url", f"{peer.url}/api/")
    assert len(read()[0].start) > 10
