"""Roads that cannot be used are refused with file, line or node, field, and what to do."""

import resource
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import BrokenSource
from data.network import Network
from data.readers.graphml import read_graphml
from data.report import SourceReport
from routing.roads import Access, StreetFlag
from tests.integration.small_city import graphml

WHOLE = graphml()
FIRST_X = '<data key="x">135.400000</data>'
HEAD = '<?xml version="1.0" encoding="utf-8"?>'


def read(folder: Path, text: str | bytes) -> Network:
    path = folder / "roads.graphml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_graphml(path, SourceReport("roads", path.name))


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(BrokenSource) as refused:
        read(folder, text)
    said = str(refused.value)
    assert said.startswith("roads.graphml")
    assert "—" in said, f"says nothing of what to do: {said}"
    return said


def tagged(tag: str, value: str) -> str:
    """The network with one more tag on its first edge."""
    before = '<data key="length">'
    key = f'<key id="t" for="edge" attr.name="{tag}" attr.type="string"/>'
    keyed = WHOLE.replace("<graph ", key + "<graph ", 1)
    return keyed.replace(before, f'<data key="t">{value}</data>{before}', 1)


def test_both_directions_are_one_street(tmp_path: Path) -> None:
    network = read(tmp_path, WHOLE)
    assert len(network.osm_id) == 64
    assert len(network.start) == 2 * 8 * 7
    assert (network.start < network.end).all()
    assert network.names == tuple(f"{row}番通り" for row in range(8))


def test_reading_twice_gives_the_same_arrays(tmp_path: Path) -> None:
    first, second = read(tmp_path, WHOLE), read(tmp_path, WHOLE)
    for name in Network.__slots__:
        a, b = getattr(first, name), getattr(second, name)
        assert a == b if isinstance(a, tuple) else a.tobytes() == b.tobytes()


def test_the_order_of_rows_in_the_file_does_not_matter(tmp_path: Path) -> None:
    lines = WHOLE.splitlines()
    nodes = [line for line in lines if line.startswith("<node")]
    edges = [line for line in lines if line.startswith("<edge")]
    rest = [line for line in lines if not line.startswith(("<node", "<edge"))]
    mixed = [*rest[:-1], *reversed(nodes), *reversed(edges), rest[-1]]
    first, second = read(tmp_path, WHOLE), read(tmp_path, "\n".join(mixed))
    assert np.array_equal(first.shape_lonlat, second.shape_lonlat)
    assert np.array_equal(first.start, second.start)


def test_there_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(
        BrokenSource, match=r"nowhere\.graphml: no roads: there is no such file — check"
    ):
        read_graphml(tmp_path / "nowhere.graphml", SourceReport("roads", ""))


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, len(WHOLE.encode()) - len("</graphml>\n")))
def test_a_network_cut_off_anywhere_is_refused(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    said = refusal(tmp_path_factory.mktemp("cut"), WHOLE.encode()[:cut])
    assert "cut off" in said
    assert "line" in said


@pytest.mark.parametrize("share", [0.001, 0.2, 0.5, 0.9, 0.9999])
def test_the_towns_network_cut_off_is_refused(town: Path, tmp_path: Path, share: float) -> None:
    whole = (town.parent / "roads.graphml").read_bytes()
    said = refusal(tmp_path, whole[: int(len(whole) * share)])
    assert "line" in said
    assert "fetch the file again" in said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1"),
        ("{}", "line 1"),
        (b"\x00\x01\xff", "line 1"),
        ("<html><body>404 Not Found</body></html>", "no OSMnx graph"),
        (WHOLE.replace("utf-8", "foo-8", 1), "foo-8"),
        (WHOLE.replace("utf-8", "shift_jis", 1).encode("shift_jis"), "encoding"),
        (WHOLE.replace('<data key="x">', '<data key="zz">', 1), "zz"),
    ],
)
def test_what_is_no_graphml_is_refused(tmp_path: Path, text: str | bytes, told: str) -> None:
    assert told in refusal(tmp_path, text)


def test_a_network_without_edges_is_refused(tmp_path: Path) -> None:
    lines = [line for line in WHOLE.splitlines() if not line.startswith("<edge")]
    assert "no street" in refusal(tmp_path, "\n".join(lines))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("", "'x' is missing"),
        ("abc", "'x' is 'abc'"),
        ("nan", "'x' is 'nan'"),
        ("inf", "'x' is 'inf'"),
        ("480000", "'x' is '480000', not in degrees — project it to EPSG:4326"),
    ],
)
def test_a_node_without_degrees_is_named(tmp_path: Path, value: str, told: str) -> None:
    broken = f'<data key="x">{value}</data>' if value else ""
    said = refusal(tmp_path, WHOLE.replace(FIRST_X, broken, 1))
    assert "node 1:" in said
    assert told in said


def test_a_node_that_edges_name_and_nobody_describes_is_named(tmp_path: Path) -> None:
    lines = [line for line in WHOLE.splitlines() if not line.startswith('<node id="5"')]
    assert "node 5: attribute 'x' is missing" in refusal(tmp_path, "\n".join(lines))


def test_a_node_whose_id_is_no_number_is_named(tmp_path: Path) -> None:
    said = refusal(tmp_path, WHOLE.replace('<node id="1">', '<node id="north">', 1))
    assert "node north: attribute 'id' is no number" in said


@pytest.mark.parametrize(
    ("wkt", "told"),
    [
        ("LINESTRING (135.4 29.6", "ParseException"),
        ("garbage", "ParseException"),
        ("LINESTRING EMPTY", "no line"),
        ("POINT (135.4 29.6)", "no line"),
        ("POLYGON ((135.4 29.6, 135.401 29.6, 135.4 29.7, 135.4 29.6))", "no line"),
        ("LINESTRING (135.4 29.6, nan nan, 135.401 29.6)", "no line"),
        ("LINESTRING (500000 3000000, 500100 3000000)", "EPSG:4326"),
        ("LINESTRING (135.4 29.6, 170 80, 135.401 29.6)", "away from its junction"),
    ],
)
def test_an_edge_with_a_broken_geometry_is_named(tmp_path: Path, wkt: str, told: str) -> None:
    said = refusal(tmp_path, tagged("geometry", wkt))
    assert "edge 1-2: attribute 'geometry'" in said
    assert told in said


@pytest.mark.parametrize("crs", ["epsg:32653", "epsg:3857", "epsg:4301", "epsg:14326"])
def test_a_projected_or_older_crs_is_refused(tmp_path: Path, crs: str) -> None:
    said = refusal(tmp_path, WHOLE.replace("epsg:4326", crs, 1))
    assert f"'crs' is {crs}" in said
    assert "project it to EPSG:4326" in said


def test_a_line_that_misses_its_junction_by_far_is_dropped_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "roads.graphml"
    far = tagged("geometry", "LINESTRING (135.41 29.6, 135.42 29.6)")
    path.write_text(far)
    report = SourceReport("roads", path.name)
    read_graphml(path, report)
    assert report.dropped == {"line ends over 30 m from its junction": 1}


def test_tags_that_are_not_used_may_say_anything(tmp_path: Path) -> None:
    broken = WHOLE.replace('<data key="length">100', '<data key="length">long', 1)
    broken = broken.replace('<data key="osmid">12', '<data key="osmid">[1, 2', 1)
    assert len(read(tmp_path, broken).start) == len(read(tmp_path, WHOLE).start)


@pytest.mark.parametrize(
    ("tag", "value", "flag"),
    [
        ("bridge", "yes", StreetFlag.BRIDGE),
        ("tunnel", "yes", StreetFlag.TUNNEL),
        ("tunnel", "culvert", None),
        ("tunnel", "building_passage", None),
        ("bridge", "no", None),
    ],
)
def test_bridges_and_tunnels_are_flagged(
    tmp_path: Path, tag: str, value: str, flag: StreetFlag | None
) -> None:
    flags = read(tmp_path, tagged(tag, value)).flags
    assert np.count_nonzero(flags) == (flag is not None)
    assert flag is None or flags.max() & flag


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY a0 "flood">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 13)),
        f'<!ENTITY a12 "{"x" * 100_000}">',
        '<!ENTITY a12 SYSTEM "file:///etc/hostname">',
    ],
    ids=["nested", "repeated", "external"],
)
def test_entities_of_strangers_cost_neither_memory_nor_time(tmp_path: Path, entities: str) -> None:
    bomb = WHOLE.replace(HEAD, f'<?xml version="1.0"?><!DOCTYPE graphml [{entities}]>', 1)
    bomb = bomb.replace("residential", "&a12;" * 20_000, 1)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    refusal(tmp_path, bomb)
    assert time.monotonic() - began < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


HIGHWAY = '<data key="highway">residential</data>'


def with_first_street(folder: Path, highway: str | None, **tags: str) -> tuple[int, SourceReport]:
    """Who may use the first street, both of whose directions say this; -1: nobody, it is gone."""
    said = f'<data key="highway">{highway}</data>' if highway is not None else ""
    said += "".join(f'<data key="{tag}">{value}</data>' for tag, value in tags.items())
    keys = "".join(
        f'<key id="{tag}" for="edge" attr.name="{tag}" attr.type="string"/>' for tag in tags
    )
    lines = WHOLE.replace("<graph ", keys + "<graph ", 1).splitlines()
    ends = ('<edge source="1" target="2"', '<edge source="2" target="1"')
    mine = [line.replace(HIGHWAY, said) if line.startswith(ends) else line for line in lines]
    assert sum(line.startswith(ends) and HIGHWAY in line for line in lines) == 2
    path = folder / "roads.graphml"
    path.write_text("\n".join(mine), "utf-8")
    report = SourceReport("roads", path.name)
    network = read_graphml(path, report)
    assert report.read == 224 == report.kept + report.dropped.total()
    assert report.made == len(network.start)
    one, two = (network.osm_id.tolist().index(ref) for ref in (1, 2))
    rows = np.flatnonzero((network.start == one) & (network.end == two))
    return (int(network.access[rows[0]]) if len(rows) else -1), report


DRIVEN = int(Access.VEHICLE_FORWARD | Access.VEHICLE_BACKWARD)
WALKED = int(Access.FOOT | Access.WHEELS)


@pytest.mark.parametrize(
    ("highway", "tags", "access"),
    [
        ("motorway", {}, Access.VEHICLE_FORWARD),
        ("motorway_link", {"oneway": "False"}, DRIVEN),
        ("['primary', 'motorway']", {}, DRIVEN),
        ("trunk", {"motorroad": "yes"}, DRIVEN),
        ("residential", {"foot": "no"}, DRIVEN),
        ("residential", {"foot": "['yes', 'no']"}, DRIVEN),
        ("residential", {"access": "private", "motor_vehicle": "yes"}, DRIVEN),
        ("residential", {"access": "private", "foot": "yes"}, WALKED),
        ("residential", {}, WALKED | DRIVEN),
        ("path,residential", {}, WALKED),
        ("['residential', 'tertiary']", {}, WALKED | DRIVEN),
        ("busway", {}, WALKED),
        ("residential", {"access": "no"}, WALKED),
        ("steps", {}, Access.FOOT),
        (None, {}, WALKED),
        ("", {}, WALKED),
        (None, {"foot": "yes"}, WALKED),
    ],
)
def test_a_graph_for_cars_sends_nobody_on_foot_along_a_motorway(
    tmp_path: Path, highway: str | None, tags: dict[str, str], access: int
) -> None:
    """Saved by OSMnx with network_type "drive" or "all"."""
    found, report = with_first_street(tmp_path, highway, **tags)
    assert found == access
    assert not report.dropped


@pytest.mark.parametrize(
    ("highway", "tags", "why"),
    [
        ("construction", {}, "highway=construction is no street"),
        ("proposed", {}, "highway=proposed is no street"),
        ("no", {}, "highway=no is no street"),
        ("['residential', 'construction']", {}, "highway=construction is no street"),
        ("cycleway", {}, "nobody may use it (access)"),
        ("residential", {"access": "private"}, "nobody may use it (access)"),
        ("residential", {"access": "no", "oneway": "True"}, "nobody may use it (access)"),
        ("residential", {"access": "['no', 'private']"}, "nobody may use it (access)"),
        ("residential", {"access": "no", "foot": "no"}, "nobody may use it (access)"),
        ("busway", {"oneway": "True"}, "nobody may use it (access)"),
        (None, {"oneway": "True"}, "nobody may use it (access)"),
        ("footway", {"foot": "no"}, "nobody may use it (access)"),
        ("residential", {"construction": "yes"}, "not open (construction=yes)"),
        (None, {"access": "private"}, "nobody may use it (access)"),
        (None, {"disused": "yes"}, "not open (disused=yes)"),
    ],
)
def test_streets_of_a_graph_that_nobody_may_use_are_dropped_and_counted(
    tmp_path: Path, highway: str | None, tags: dict[str, str], why: str
) -> None:
    found, report = with_first_street(tmp_path, highway, **tags)
    assert found == -1
    assert dict(report.dropped) == {why: 2}
    assert {spot.row for spot in report.spots} == {"edge 1-2", "edge 2-1"}
    assert all(spot.lon is not None for spot in report.spots)


def test_a_graph_without_a_street_for_anybody_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, WHOLE.replace("residential", "proposed"))
    assert "none of its 224 edges is a street" in said


def test_a_street_that_only_osmnx_lets_walkers_use_is_noted(tmp_path: Path) -> None:
    _, report = with_first_street(tmp_path, "service", access="no")
    assert report.noted["access=no in a walk network: walked, as OSMnx has it"] == 1
