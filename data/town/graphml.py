"""The street network as an OSMnx GraphML file: every street in both directions, all as strings."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from shapely import LineString

from data.town.frame import DEGREE_DECIMALS, Array, point_to_degrees, to_degrees
from data.town.network import Edge, Network
from data.town.street import Street

FIRST_JUNCTION = 9_991_000_001
GRAPH_KEYS = {"crs": "d0", "simplified": "d1", "created_with": "d2", "name": "d3"}
NODE_KEYS = {"x": "d4", "y": "d5", "elevation": "d6"}
EDGE_KEYS = {
    "osmid": "d7", "length": "d8", "oneway": "d9", "reversed": "d10", "highway": "d11",
    "name": "d12", "geometry": "d13", "bridge": "d14", "tunnel": "d15", "layer": "d16",
}  # fmt: skip
SPACES = (
    'xmlns="http://graphml.graphdrawing.org/xmlns" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns '
    'http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd"'
)


def write_graphml(path: Path, name: str, network: Network, heights_m: Array) -> None:
    """Write junctions with their elevation (metres) and streets with their length (metres)."""
    about = {"crs": "epsg:4326", "simplified": "True", "created_with": "OSMnx", "name": name}
    lines = [
        "<?xml version='1.0' encoding='utf-8'?>",
        f"<graphml {SPACES}>",
        *_keys("graph", GRAPH_KEYS),
        *_keys("node", NODE_KEYS),
        *_keys("edge", EDGE_KEYS),
        f'<graph edgedefault="directed">{_data(about, GRAPH_KEYS)}',
        *_nodes(network, heights_m),
        *_edges(network),
        "</graph>",
        "</graphml>",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _keys(owner: str, keys: dict[str, str]) -> Iterator[str]:
    for name, key in keys.items():
        yield f'<key id="{key}" for="{owner}" attr.name="{name}" attr.type="string"/>'


def _nodes(network: Network, heights_m: Array) -> Iterator[str]:
    for junction in sorted(network.degrees()):
        lon, lat = point_to_degrees(*network.junctions[junction])
        values = {"x": f"{lon}", "y": f"{lat}", "elevation": f"{heights_m[junction]:.2f}"}
        yield f'<node id="{FIRST_JUNCTION + junction}">{_data(values, NODE_KEYS)}</node>'


def _edges(network: Network) -> Iterator[str]:
    parallels: dict[tuple[int, int], int] = defaultdict(int)
    for edge in network.edges:
        for start, end, backwards in ((edge.start, edge.end, False), (edge.end, edge.start, True)):
            number = parallels[start, end]
            parallels[start, end] += 1
            ends = f'source="{FIRST_JUNCTION + start}" target="{FIRST_JUNCTION + end}"'
            data = _data(_values(edge, backwards), EDGE_KEYS)
            yield f'<edge {ends} id="{number}">{data}</edge>'


def _values(edge: Edge, backwards: bool) -> dict[str, str]:
    street = edge.street
    line = street.line.reverse() if backwards else street.line
    optional = {
        "name": street.name,
        "geometry": _wkt(line),
        "bridge": street.bridge,
        "tunnel": street.tunnel,
        "layer": None if street.layer is None else str(street.layer),
    }
    return {
        "osmid": _osmid(street),
        "length": f"{street.line.length:.3f}",
        "oneway": "False",
        "reversed": str(backwards),
        "highway": street.highway,
        **{key: value for key, value in optional.items() if value},
    }


def _osmid(street: Street) -> str:
    return str(street.ways[0]) if len(street.ways) == 1 else str(list(street.ways))


def _wkt(line: LineString) -> str | None:
    if len(line.coords) < 3:
        return None
    pairs = (
        f"{lon:.{DEGREE_DECIMALS}f} {lat:.{DEGREE_DECIMALS}f}"
        for lon, lat in to_degrees(line).coords
    )
    return f"LINESTRING ({', '.join(pairs)})"


def _data(values: dict[str, str], keys: dict[str, str]) -> str:
    return "".join(f'<data key="{keys[k]}">{escape(v)}</data>' for k, v in values.items())
