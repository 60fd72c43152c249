"""A city of 64 junctions in the formats that a real city brings, quick to load and to damage."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from data.readers.gsi import COLUMNS

SIDE = 8
WEST, SOUTH, STEP = 135.40, 29.60, 0.001
SITE_COLUMNS = tuple(COLUMNS)
SITES = (
    ("E1", "北小学校", 1.2, 6.2, "11"),
    ("E2", "南公園", 5.3, 0.4, "1"),
    ("E3", "集会所", 6.2, 6.4, "11"),
    ("E4", "集会所", 3.3, 5.2, " 1"),
)
CITY_FILE = """\
[city]
code = "{code}"
name = "小浜町（架空）"
name_en = "Kohama (fictional)"
fictional = true
crs = "EPSG:32653"

[sources.roads]
format = "osmnx-graphml"
path = "roads.graphml"
attribution = "見本"

[sources.sites]
format = "gsi-geojson"
path = "sites.geojson"

[sources.shelters]
format = "gsi-geojson"
path = "shelters.geojson"

[[sources.zones]]
format = "a31b-geojson"
path = "flood.geojson"

[[sources.zones]]
format = "a33-geojson"
path = "slopes.geojson"

[sources.areas]
format = "estat-geojson"
path = "areas.geojson"

[sources.waterways]
format = "polygon-geojson"
path = "river.geojson"

[zones]
complete = ["depth", "duration", "collapse", "landslide"]
"""


def write_small_city(folder: Path, code: str = "99902", more: str = "") -> Path:
    """Write all files and return the city file; `more` is appended to it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "roads.graphml").write_text(graphml(), "utf-8")
    flags = [dict.fromkeys(SITE_COLUMNS, "") for _ in SITES]
    for row, site in enumerate(SITES):
        flags[row] |= {c: f.strip() for c, f in zip(SITE_COLUMNS, site[4], strict=False)}
    sites = [
        (_point(x, y), {"共通ID": key, "施設・場所名": name, "住所": "", **flags[row]})
        for row, (key, name, x, y, _) in enumerate(SITES)
    ]
    also = {"指定緊急避難場所との住所同一": "1"}
    shelters = [
        (_point(1.2, 6.2), {"共通ID": "S1", "施設・場所名": "北小学校", "住所": "", **also})
    ]
    flood = [
        (box(-1, -1, 8, 2), {"A31b_201": 2}),
        (box(-1, -1, 8, 2), {"A31b_301": 2}),
        (box(-1, -1, 8, 0.5), {"A31b_401": 1}),
    ]
    areas = [
        (box(-1, 3.5, 8, 8), {"KEY_CODE": "99902001", "S_NAME": "北町一丁目"}),
        (box(-1, -1, 8, 3.5), {"KEY_CODE": "99902002", "S_NAME": "南町二丁目"}),
    ]
    write_features(folder / "sites.geojson", sites)
    write_features(folder / "shelters.geojson", shelters)
    write_features(folder / "flood.geojson", flood)
    write_features(folder / "slopes.geojson", [(box(6.5, 6.5, 8, 8), {"A33_002": 1})])
    write_features(folder / "areas.geojson", areas)
    write_features(folder / "river.geojson", [(box(-1, -1, 8, -0.6), {"name": "小川"})])
    city_file = folder / "city.toml"
    city_file.write_text(CITY_FILE.format(code=code) + more, "utf-8")
    return city_file


def position(x: float, y: float) -> tuple[float, float]:
    """(lat, lon) of a point `x` streets from the west and `y` from the south."""
    return SOUTH + y * STEP, WEST + x * STEP


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """A rectangle as GeoJSON, in streets."""
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    ring = [list(reversed(position(x, y))) for x, y in corners]
    return {"type": "Polygon", "coordinates": [ring]}


def write_features(path: Path, rows: list[tuple[dict[str, Any] | None, dict[str, Any]]]) -> Path:
    """Write (geometry, properties) as a FeatureCollection."""
    features = [{"type": "Feature", "geometry": g, "properties": p} for g, p in rows]
    table = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(table, ensure_ascii=False), "utf-8")
    return path


def rewrite(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """Damage a JSON file in place."""
    table = json.loads(path.read_text("utf-8"))
    change(table)
    path.write_text(json.dumps(table, ensure_ascii=False), "utf-8")


def graphml() -> str:
    """A grid of streets, every one in both directions."""
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
            '<key id="c" for="graph" attr.name="crs" attr.type="string"/>',
            *(f'<key id="{n}" for="node" attr.name="{n}" attr.type="string"/>' for n in "xy"),
            *(
                f'<key id="{n}" for="edge" attr.name="{n}" attr.type="string"/>'
                for n in ("osmid", "length", "highway", "name", "geometry")
            ),
            '<graph edgedefault="directed"><data key="c">epsg:4326</data>',
            *_nodes(),
            *_edges(),
            "</graph></graphml>\n",
        ]
    )


def _nodes() -> Iterator[str]:
    for row in range(SIDE):
        for column in range(SIDE):
            lat, lon = position(column, row)
            x, y = f'<data key="x">{lon:.6f}</data>', f'<data key="y">{lat:.6f}</data>'
            yield f'<node id="{row * SIDE + column + 1}">{x}{y}</node>'


def _edges() -> Iterator[str]:
    for row in range(SIDE):
        for column in range(SIDE):
            here = row * SIDE + column + 1
            if column < SIDE - 1:
                yield from _street(here, here + 1, f"{row}番通り")
            if row < SIDE - 1:
                yield from _street(here, here + SIDE, "")


def _street(start: int, end: int, name: str) -> Iterator[str]:
    tags = f'<data key="osmid">{start}{end}</data><data key="length">100</data>'
    tags += '<data key="highway">residential</data>' + (
        f'<data key="name">{name}</data>' if name else ""
    )
    for a, b in ((start, end), (end, start)):
        yield f'<edge source="{a}" target="{b}" id="0">{tags}</edge>'


def _point(x: float, y: float) -> dict[str, Any]:
    lat, lon = position(x, y)
    return {"type": "Point", "coordinates": [lon, lat]}
