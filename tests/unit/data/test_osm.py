"""Roads as raw OSM, read from small files of our own."""

import math
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import BrokenSource
from data.network import Network
from data.readers.osm import read_osm
from data.readers.osmways import still
from data.report import SourceReport
from routing.roads import Access, StreetFlag

Tags = dict[str, str]
Ways = list[tuple[list[int], Tags]]
CROSS = {
    1: (139.3000, 35.6500),
    2: (139.3010, 35.6500),
    3: (139.3020, 35.6500),
    4: (139.3010, 35.6510),
    5: (139.3010, 35.6490),
    6: (139.3030, 35.6500),
}


def write_osm(path: Path, nodes: dict[int, tuple[float, float]], ways: Ways) -> Path:
    """Write a file with pyosmium's own writer."""
    writer = osmium.SimpleWriter(str(path), overwrite=True)
    for ref, at in nodes.items():
        writer.add_node(osmium.osm.mutable.Node(id=ref, location=at))
    for number, (refs, tags) in enumerate(ways, start=1):
        writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags))
    writer.close()
    return path


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., tuple[Network, SourceReport]]:
    """Read ways on the nodes of a cross."""

    def _read(
        ways: Ways, nodes: dict[int, tuple[float, float]] = CROSS
    ) -> tuple[Network, SourceReport]:
        path = write_osm(tmp_path / "roads.osm.pbf", nodes, ways)
        report = SourceReport("roads", path.name)
        return read_osm(path, report), report

    return _read


Read = Callable[..., tuple[Network, SourceReport]]


def street(network: Network, a: int, b: int) -> int:
    """The row of the street between two nodes."""
    ids = network.osm_id.tolist()
    ends = {ids.index(a), ids.index(b)}
    (row,) = (r for r in range(len(network.start)) if {network.start[r], network.end[r]} == ends)
    return row


def test_streets_end_where_others_meet_them_and_not_at_every_node(read: Read) -> None:
    network, report = read(
        [([1, 2, 3, 6], {"highway": "residential"}), ([4, 2, 5], {"highway": "residential"})]
    )
    assert network.osm_id.tolist() == [1, 2, 4, 5, 6]
    assert len(network.start) == 4
    assert (report.read, report.kept, report.made) == (2, 2, 4)
    assert "    read 2 ways, kept 2 ways as 4 streets" in report.lines()
    assert len(network.shape_lonlat[slice(*network.shape_start[[3, 4]])]) >= 2


def test_everybody_walks_a_one_way_street_both_ways_and_vehicles_only_one(read: Read) -> None:
    network, _ = read(
        [
            ([1, 2], {"highway": "residential", "oneway": "yes"}),
            ([3, 2], {"highway": "residential", "oneway": "yes"}),
            ([4, 2], {"highway": "residential", "oneway": "-1"}),
            ([2, 5], {"highway": "residential"}),
        ]
    )
    on_foot = Access.FOOT | Access.WHEELS
    expected = {
        (1, 2): on_foot | Access.VEHICLE_FORWARD,
        (2, 3): on_foot | Access.VEHICLE_BACKWARD,
        (2, 4): on_foot | Access.VEHICLE_FORWARD,
        (2, 5): on_foot | Access.VEHICLE_FORWARD | Access.VEHICLE_BACKWARD,
    }
    for (a, b), access in expected.items():
        assert network.access[street(network, a, b)] == access, (a, b)


def test_vehicles_pass_neither_way_where_two_one_way_streets_meet_head_on(read: Read) -> None:
    network, _ = read(
        [
            ([1, 2], {"highway": "residential", "oneway": "yes"}),
            ([3, 2], {"highway": "residential", "oneway": "yes"}),
        ]
    )
    (access,) = network.access.tolist()
    assert access == Access.FOOT | Access.WHEELS


def test_a_bridge_and_a_tunnel_stay_apart_from_their_approaches(read: Read) -> None:
    network, report = read(
        [
            ([1, 2], {"highway": "residential"}),
            ([2, 3], {"highway": "residential", "bridge": "yes", "layer": "1"}),
            ([3, 6], {"highway": "residential", "tunnel": "yes", "layer": "-1"}),
        ]
    )
    assert network.flags[street(network, 1, 2)] == 0
    assert network.flags[street(network, 2, 3)] == StreetFlag.BRIDGE
    assert network.flags[street(network, 3, 6)] == StreetFlag.TUNNEL
    assert network.layer[street(network, 2, 3)] == 1
    assert network.layer[street(network, 3, 6)] == -1
    assert not any("merged" in why for why in report.noted)


def test_nobody_walks_along_a_motorway_and_no_wheels_climb_stairs(read: Read) -> None:
    network, report = read(
        [
            ([1, 2], {"highway": "motorway"}),
            ([2, 3], {"highway": "steps"}),
            ([2, 4], {"highway": "footway", "wheelchair": "no"}),
            ([2, 5], {"highway": "residential", "foot": "no"}),
            ([3, 6], {"highway": "residential", "access": "private"}),
        ]
    )
    assert network.access[street(network, 1, 2)] == Access.VEHICLE_FORWARD
    assert network.access[street(network, 2, 3)] == Access.FOOT
    assert network.flags[street(network, 2, 3)] == StreetFlag.STEPS
    assert network.access[street(network, 2, 4)] == Access.FOOT
    assert not network.access[street(network, 2, 5)] & Access.FOOT
    assert 6 not in network.osm_id
    assert report.dropped["nobody may use it (access)"] == 1


@pytest.mark.parametrize(
    ("tags", "rolls"),
    [
        ({"surface": "asphalt"}, True),
        ({"surface": "sand"}, False),
        ({"width": "0.8"}, False),
        ({"width": "1.2 m"}, True),
        ({"smoothness": "horrible"}, False),
        ({"surface": "gravel", "wheelchair": "yes"}, True),
    ],
)
def test_wheels_go_where_surface_and_width_let_them(read: Read, tags: Tags, rolls: bool) -> None:
    network, _ = read([([1, 2], {"highway": "footway", **tags})])
    assert bool(network.access[0] & Access.WHEELS) is rolls


def test_names_in_japanese_and_english_surface_and_width_are_kept(read: Read) -> None:
    tags = {
        "highway": "residential",
        "name": "Main street, north",
        "name:ja": "本通り",
        "name:en": "Hondori",
        "surface": "paving_stones",
        "width": "3.5",
    }
    other = {"highway": "service", "width": "wide"}
    network, _ = read([([1, 2], tags), ([2, 3], other), ([4, 2], other)])
    first, second = street(network, 1, 2), street(network, 2, 3)
    assert network.names[network.name[first]] == "本通り"
    assert network.names_en[network.name[first]] == "Hondori"
    assert network.surfaces[network.surface[first]] == "paving_stones"
    assert network.width_m[first] == 3.5
    assert network.name[second] == network.surface[second] == -1
    assert np.isnan(network.width_m[second])
    assert network.residential[[first, second]].tolist() == [True, False]


def test_parallel_ways_loops_and_islands_are_kept(read: Read) -> None:
    nodes = CROSS | {7: (139.302, 35.651), 8: (139.31, 35.66), 9: (139.311, 35.66)}
    network, _ = read(
        [
            ([1, 3], {"highway": "residential"}),
            ([1, 4, 3], {"highway": "footway"}),
            ([3, 7, 6, 3], {"highway": "residential"}),
            ([8, 9], {"highway": "path"}),
        ],
        nodes,
    )
    assert len(network.start) == 4
    loops = network.start == network.end
    assert loops.sum() == 1
    assert {8, 9} <= set(network.osm_id.tolist())


def test_a_ring_that_nothing_touches_is_kept(read: Read) -> None:
    network, _ = read([([1, 4, 3, 5, 1], {"highway": "residential"})])
    assert network.osm_id.tolist() == [1, 3, 4, 5]
    assert np.bincount(np.concatenate([network.start, network.end])).tolist() == [2, 2, 2, 2]


def test_two_ways_on_one_line_become_one_street_that_bars_what_either_bars(read: Read) -> None:
    network, report = read(
        [
            ([1, 2], {"highway": "primary", "foot": "no"}),
            ([1, 2], {"highway": "footway", "tunnel": "yes", "layer": "-2"}),
        ]
    )
    (access,), (flags,), (layer,) = (
        column.tolist() for column in (network.access, network.flags, network.layer)
    )
    assert access & Access.FOOT
    assert flags == StreetFlag.TUNNEL
    assert layer == -2
    assert report.noted["two ways drawn along one line, joined"] == 1


def test_ways_that_are_no_street_are_listed_with_their_place(read: Read) -> None:
    network, report = read(
        [
            ([1, 2], {"highway": "residential"}),
            ([2, 3], {"highway": "proposed"}),
            ([3, 6], {"waterway": "stream"}),
            ([4, 4], {"highway": "path"}),
        ]
    )
    assert len(network.start) == 1
    assert report.read == 3
    assert dict(report.dropped) == {
        "highway=proposed is no street": 1,
        "fewer than two nodes": 1,
    }
    assert [(spot.row, spot.lon) for spot in report.spots] == [
        ("way 2", pytest.approx(139.301)),
        ("way 4", pytest.approx(139.301)),
    ]


def test_a_way_cut_off_at_the_edge_of_an_extract_is_kept_as_far_as_it_goes(read: Read) -> None:
    network, report = read([([1, 2, 99], {"highway": "residential"})])
    assert network.osm_id.tolist() == [1, 2]
    assert report.repaired["way at the file's edge, without its nodes outside"] == 1


@pytest.mark.parametrize("square", [{}, {"area": "yes"}])
def test_no_street_is_drawn_across_a_gap_where_a_river_may_flow(read: Read, square: Tags) -> None:
    nodes = CROSS | {7: (139.304, 35.65), 8: (139.305, 35.65)}
    gaps = [1, 2, 96, 3, 97, 98, 6, 7, 99]
    beside: Ways = [([2, 4], {"highway": "path"}), ([7, 8], {"highway": "path"})]
    network, report = read([(gaps, {"highway": "pedestrian"} | square), *beside], nodes)
    ids = network.osm_id.tolist()
    ends = {
        (ids[a], ids[b]) for a, b in zip(network.start.tolist(), network.end.tolist(), strict=True)
    }
    assert ends in ({(1, 4), (6, 8)}, {(1, 2), (2, 4), (6, 7), (7, 8)})
    assert 3 not in ids
    assert dict(report.repaired) == {
        "way cut in pieces where its nodes are missing, not drawn across the gap": 1
    }
    assert report.noted["node alone between gaps of its way, left out"] == 1
    assert (report.read, report.kept, sum(report.dropped.values())) == (3, 3, 0)


def test_a_way_of_lone_nodes_between_gaps_is_dropped_once(read: Read) -> None:
    network, report = read(
        [([1, 97, 2, 98, 3], {"highway": "path"}), ([4, 5], {"highway": "path"})]
    )
    assert network.osm_id.tolist() == [4, 5]
    assert dict(report.dropped) == {"fewer than two nodes": 1}
    assert (report.read, report.kept, report.repaired.total()) == (2, 1, 0)


@settings(max_examples=60, deadline=None)
@given(way=st.lists(st.integers(1, 12), min_size=2, max_size=20))
def test_whatever_nodes_are_missing_every_piece_joins_neighbours_of_the_way(
    tmp_path_factory: pytest.TempPathFactory, way: list[int]
) -> None:
    """Nodes 7 to 12 are not in the file; way 2 only makes it one with a street."""
    nodes = {ref: (139.3 + ref / 1e3, 35.65 + ref**2 / 1e4) for ref in range(1, 7)}
    nodes |= {20: (139.29, 35.6), 21: (139.29, 35.61)}
    path = tmp_path_factory.mktemp("gaps") / "roads.osm.pbf"
    tags = {"highway": "path"}
    report = SourceReport("roads", "")
    network = read_osm(write_osm(path, nodes, [(way, tags), ([20, 21], tags)]), report)
    assert report.read == report.kept + report.dropped.total()
    places = {ref: tuple(round(v * 1e7) for v in at) for ref, at in nodes.items()}
    links = {frozenset((places[a], places[b])) for a, b in pairwise(way) if max(a, b) < 7}
    links.add(frozenset((places[20], places[21])))
    drawn = set()
    for row in range(len(network.start)):
        shape = network.shape_lonlat[slice(*network.shape_start[row : row + 2])]
        points = [tuple(round(v * 1e7) for v in at) for at in shape.tolist()]
        drawn |= {frozenset(link) for link in pairwise(points)}
    assert drawn == {link for link in links if len(link) == 2}


def test_of_a_large_extract_only_the_city_is_read(tmp_path: Path) -> None:
    nodes = CROSS | {10: (140.0, 36.0), 11: (140.001, 36.0)}
    ways: Ways = [([1, 2], {"highway": "residential"}), ([10, 11], {"highway": "residential"})]
    path = write_osm(tmp_path / "kanto.osm.pbf", nodes, ways)
    report = SourceReport("roads", path.name)
    network = read_osm(path, report, within=shapely.box(139.29, 35.64, 139.31, 35.66))
    assert network.osm_id.tolist() == [1, 2]
    assert report.dropped["far from the city's boundary"] == 1


def test_heights_come_from_the_nodes_that_have_them(tmp_path: Path) -> None:
    path = tmp_path / "roads.osm"
    path.write_text(
        '<?xml version="1.0"?><osm version="0.6">'
        '<node id="1" version="1" lat="35.65" lon="139.30"><tag k="ele" v="112.5"/></node>'
        '<node id="2" version="1" lat="35.65" lon="139.31"><tag k="ele" v="high"/></node>'
        '<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way></osm>',
        "utf-8",
    )
    network = read_osm(path, SourceReport("roads", path.name))
    assert network.elevation_m[0] == 112.5
    assert np.isnan(network.elevation_m[1])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"not a road in sight", "cut off or no OSM file"),
        (b"<?xml version='1.0'?><osm version='0.6'><node id='1'", "cut off or no OSM file"),
    ],
)
def test_a_file_that_is_no_osm_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "roads.osm"
    path.write_bytes(content)
    with pytest.raises(BrokenSource, match=said) as caught:
        read_osm(path, SourceReport("roads", path.name))
    assert "roads.osm" in str(caught.value)
    assert caught.value.remedy


def test_a_pbf_cut_off_midway_is_refused(tmp_path: Path) -> None:
    nodes = {ref: (139 + ref / 1e5, 35.0) for ref in range(1, 3000)}
    ways: Ways = [([ref, ref + 1], {"highway": "path"}) for ref in range(1, 2999)]
    path = write_osm(tmp_path / "roads.osm.pbf", nodes, ways)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(BrokenSource, match="cut off"):
        read_osm(path, SourceReport("roads", path.name))


def test_a_file_of_nodes_only_is_refused_and_says_what_to_extract(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "roads.osm.pbf", CROSS, [])
    with pytest.raises(BrokenSource, match=r"no way has the tag highway.*extract the city"):
        read_osm(path, SourceReport("roads", path.name))


def test_a_file_without_a_street_of_this_city_says_so(read: Read) -> None:
    with pytest.raises(BrokenSource, match="none of its 1 ways is a street of this city"):
        read([([1, 2], {"highway": "proposed"})])


def test_a_file_that_is_not_there_is_no_roads(tmp_path: Path) -> None:
    with pytest.raises(BrokenSource, match="no roads: there is no such file"):
        read_osm(tmp_path / "nowhere.osm.pbf", SourceReport("roads", ""))


@settings(max_examples=40, deadline=None)
@given(
    links=st.lists(
        st.tuples(st.integers(1, 12), st.integers(1, 12)).filter(lambda link: link[0] != link[1]),
        min_size=1,
        max_size=25,
    )
)
def test_no_metre_is_lost_and_what_was_joined_stays_joined(
    tmp_path_factory: pytest.TempPathFactory, links: list[tuple[int, int]]
) -> None:
    """Against an independent reading: the union of the lines, and shapely's own line merging."""
    nodes = {
        ref: (139.3 + ref % 4 * 1e-3, 35.65 + ref // 4 * 1e-3 + ref * 1e-5) for ref in range(13)
    }
    folder = tmp_path_factory.mktemp("osm")
    ways: Ways = [(list(link), {"highway": "residential"}) for link in links]
    report = SourceReport("roads", "")
    network = read_osm(write_osm(folder / "roads.osm.pbf", nodes, ways), report)
    drawn = [
        shapely.LineString(network.shape_lonlat[a:b])
        for a, b in zip(network.shape_start, network.shape_start[1:], strict=False)
    ]
    pairs = {(min(link), max(link)) for link in links}
    given_lines = [shapely.LineString([nodes[a], nodes[b]]) for a, b in pairs]
    assert sum(line.length for line in drawn) == pytest.approx(
        sum(line.length for line in given_lines), rel=1e-6
    )
    twice = read_osm(folder / "roads.osm.pbf", SourceReport("roads", ""))
    for one, other in zip(network_arrays(network), network_arrays(twice), strict=True):
        assert one.tobytes() == other.tobytes()


def network_arrays(network: Network) -> list[np.ndarray]:
    """Every array of a network."""
    return [a for name in network.__slots__ if isinstance(a := getattr(network, name), np.ndarray)]


def test_a_square_is_walked_along_its_outline_where_a_street_leads_to_it(read: Read) -> None:
    square = {"highway": "pedestrian", "area": "yes"}
    nodes = CROSS | {7: (139.302, 35.651), 8: (139.31, 35.66), 9: (139.311, 35.66)}
    network, report = read(
        [
            ([1, 3], {"highway": "residential"}),
            ([3, 7, 6, 3], square),
            ([8, 9, 5, 8], square),
        ],
        nodes,
    )
    assert network.osm_id.tolist() == [1, 3]
    assert len(network.start) == 2
    assert report.noted["square (area=yes): walked along its outline"] == 1
    assert report.dropped["square (area=yes) that no street leads to"] == 1


@pytest.mark.parametrize(("second", "drives"), [([2, 3], 0), ([3, 2], Access.VEHICLE_FORWARD)])
def test_one_way_streets_drawn_against_their_traffic_keep_their_direction(
    read: Read, second: list[int], drives: int
) -> None:
    network, _ = read(
        [
            ([1, 2], {"highway": "residential", "oneway": "yes"}),
            (second, {"highway": "residential", "oneway": "-1"}),
        ]
    )
    assert network.access.tolist() == [Access.FOOT | Access.WHEELS | drives]


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ({"construction": "yes"}, "not open (construction=yes)"),
        ({"construction": "residential"}, "not open (construction=residential)"),
        ({"disused": "yes"}, "not open (disused=yes)"),
        ({"abandoned": "yes"}, "not open (abandoned=yes)"),
        ({"tunnel": "flooded"}, "not open (tunnel=flooded)"),
        ({"access": "emergency"}, "nobody may use it (access)"),
        ({"access": "permit"}, "nobody may use it (access)"),
        ({"access": "customers"}, "nobody may use it (access)"),
        ({"access": "yes;private"}, "nobody may use it (access)"),
        ({"foot": "private;no", "motor_vehicle": "no"}, "nobody may use it (access)"),
    ],
)
def test_a_street_that_is_closed_by_any_tag_carries_nobody(
    read: Read, tags: Tags, why: str
) -> None:
    network, report = read(
        [([1, 2], {"highway": "residential"}), ([2, 3], {"highway": "residential", **tags})]
    )
    assert network.osm_id.tolist() == [1, 2]
    assert dict(report.dropped) == {why: 1}
    assert report.spots[0].lon == pytest.approx(139.301)


@pytest.mark.parametrize(
    ("tags", "walked"),
    [
        ({"foot": "private;no"}, False),
        ({"foot": "yes;no"}, False),
        ({"foot": "no;yes"}, False),
        ({"foot": "customers"}, False),
        ({"foot": "yes;designated"}, True),
        ({"access": "emergency", "foot": "yes"}, True),
        ({"access": "permit", "foot": "designated"}, True),
        ({"construction": "no", "disused": "no", "abandoned": "no"}, True),
        ({"access": "permissive"}, True),
    ],
)
def test_of_several_values_one_that_refuses_is_enough(read: Read, tags: Tags, walked: bool) -> None:
    network, _ = read([([1, 2], {"highway": "residential", **tags})])
    assert bool(network.access[0] & Access.FOOT) is walked


@pytest.mark.parametrize(
    ("said", "width_m"),
    [
        ("60 cm", 0.6),
        ("60cm", 0.6),
        ("120 cm", 1.2),
        ("1,2", 1.2),
        ("0,8 m", 0.8),
        ("1.5;0.7", 0.7),
        ("wide;0.7", 0.7),
        ("3.5", 3.5),
        ("0", math.nan),
        ("6'0\"", math.nan),
        ("7 ft", math.nan),
        ("-1", math.nan),
    ],
)
def test_widths_are_read_in_metres_and_centimetres(read: Read, said: str, width_m: float) -> None:
    network, _ = read([([1, 2], {"highway": "footway", "width": said})])
    assert network.width_m[0] == pytest.approx(width_m, nan_ok=True)
    assert bool(network.access[0] & Access.WHEELS) is not (width_m < 0.9)


@pytest.mark.parametrize(
    ("tags", "flags", "noted"),
    [
        ({"flood_prone": "yes"}, StreetFlag.FORD, "flood_prone: closes first"),
        ({"flood_prone": "yes", "bridge": "yes"}, StreetFlag.FORD, "flood_prone: closes first"),
        ({"flood_prone": "no"}, 0, ""),
        ({"bridge": "boardwalk"}, 0, "bridge=boardwalk: too low for a bridge"),
        ({"bridge": "yes;boardwalk"}, 0, "bridge=boardwalk: too low for a bridge"),
        ({"bridge": "viaduct"}, StreetFlag.BRIDGE, ""),
    ],
)
def test_rule_07_what_floods_first_stands_clear_of_no_water(
    read: Read, tags: Tags, flags: int, noted: str
) -> None:
    network, report = read([([1, 2], {"highway": "residential", **tags})])
    assert network.flags[0] == flags
    assert [why for why in report.noted if why.startswith(noted)] == list(report.noted)
    assert len(report.noted) == bool(noted)


@pytest.mark.parametrize(
    ("said", "layer"),
    [
        ("200", 9),
        ("-200", -9),
        ("9", 9),
        ("10", 9),
        ("1;2", 1),
        ("2;-1", -1),
        ("1.0", 1),
        ("99999999999999999999", 0),
        ("1e300", 0),
    ],
)
def test_no_layer_is_too_high_or_too_low_to_be_read(read: Read, said: str, layer: int) -> None:
    network, report = read([([1, 2], {"highway": "residential", "layer": said})])
    assert network.layer[0] == layer
    absurd = said in {"200", "-200", "10"}
    assert report.noted["layer beyond 9: taken as 9, above or below"] == absurd


def test_long_work_says_that_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.readers.osmways.SAID_EVERY_S", 0.001)
    said: list[str] = []
    with still(said.append, "simplifying"):
        began = time.monotonic()
        while len(said) < 3 and time.monotonic() - began < 60:
            time.sleep(0.001)
    assert said[:3] == ["still simplifying"] * 3
    told = len(said)
    time.sleep(0.05)
    assert len(said) == told
