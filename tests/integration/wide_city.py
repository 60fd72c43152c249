"""The whole city with a dozen rows in every file, so that one broken row refuses no file; and the
same city in other formats.
"""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import osmium
import shapely
from osmium.osm.mutable import Node, Way
from pyogrio.raw import write as write_raw

from tests.integration.small_city import SIDE, SITE_COLUMNS, box, position, rewrite, write_features
from tests.integration.whole_city import write_whole_city

ROWS: Final = 12
STRIP: Final = 9 / ROWS
"""Width of a row's strip of the city, in streets."""
LAYERS: Final = {"A31b_201": 2.0, "A31b_301": 2.0, "A31b_401": 0.5}
"""Columns of the flood zones, and how far north theirs reach, in streets."""
KANJI: Final = "一二三四五六七八九十"
Row = tuple[dict[str, Any] | None, dict[str, Any]]


def write_wide_city(folder: Path) -> Path:
    """Every format of the whole city; returns the city file."""
    city_file = write_whole_city(folder)
    write_features(folder / "flood.geojson", flood_rows())
    write_features(folder / "slopes.geojson", slope_rows())
    names = [f"{'北南'[n % 2]}町{KANJI[n // 2]}丁目" for n in range(ROWS)]
    areas = [
        (strip(n, -1, 8), {"KEY_CODE": f"99902{n:03}", "S_NAME": name})
        for n, name in enumerate(names)
    ]
    write_features(folder / "areas.geojson", areas)
    write_features(folder / "districts.geojson", areas)
    rows = [["町丁目", "世帯数", "人口"], *([name, 20 + n, 45 + n] for n, name in enumerate(names))]
    _table(folder / "households.csv", rows)
    kana = [[name, f"まち{'あいうえおかきくけこさし'[n]}", n % 2] for n, name in enumerate(names)]
    _table(folder / "readings.csv", [["name", "kana", "confirmed"], *kana])
    _places(folder)
    return city_file


def write_city_of_other_files(folder: Path) -> Path:
    """Raw OSM, shapefile, GeoPackage, and households at points (CSV)."""
    city_file = write_wide_city(folder)
    _write_osm(folder / "roads.osm.pbf")
    _gdal(folder / "flood.shp", flood_rows(), "ESRI Shapefile")
    _gdal(folder / "slopes.gpkg", slope_rows(), "GPKG")
    rows = [["lat", "lon", "persons"], *([lat, lon, 1 + n % 4] for n, (lat, lon) in homes())]
    _table(folder / "points.csv", rows)
    _instead(city_file, "roads.graphml", "roads.osm.pbf", "osmnx-graphml", "osm-pbf")
    _instead(city_file, "flood.geojson", "flood.shp", "a31b-geojson", "a31b")
    _instead(city_file, "slopes.geojson", "slopes.gpkg", "a33-geojson", "a33")
    return _instead(city_file, "households.csv", "points.csv", "chome-counts-csv", "points")


def write_city_of_older_files(folder: Path) -> Path:
    """OSM as XML, sites as the Digital Agency's CSV, households at points (GeoJSON)."""
    city_file = write_wide_city(folder)
    _write_osm(folder / "roads.osm")
    points = [(_point(lat, lon), {"persons": 1 + n % 4}) for n, (lat, lon) in homes()]
    write_features(folder / "points.geojson", points)  # type: ignore[arg-type]
    head = ["全国地方公共団体コード", "ID", "名称", "緯度", "経度", "想定収容人数"]
    head += [f"災害種別_{column}" for column in SITE_COLUMNS]
    rows = [
        ["999020", f"{n:010}", f"集会所{n}", *position(n / 2, 6.2), 100 + n, 1, 1, *[""] * 6]
        for n in range(ROWS)
    ]
    (folder / "sites.csv").write_bytes(_text([head, *rows]).encode("cp932"))
    _instead(city_file, "roads.graphml", "roads.osm", "osmnx-graphml", "osm-xml")
    _instead(city_file, "sites.geojson", "sites.csv", "gsi-geojson", "digital-agency-csv")
    return _instead(city_file, "households.csv", "points.geojson", "chome-counts-csv", "points")


VARIANTS: Final[dict[str, Callable[[Path], Path]]] = {
    "wide": write_wide_city,
    "other": write_city_of_other_files,
    "older": write_city_of_older_files,
}


def strip(n: int, south: float, north: float) -> dict[str, Any]:
    """The n-th of a dozen strips from west to east."""
    return box(-1 + n * STRIP, south, -1 + (n + 1) * STRIP, north)


def flood_rows() -> list[Row]:
    """A dozen zones of each layer."""
    return [
        (strip(n, -1, north), {column: 1 if column == "A31b_401" else 2})
        for column, north in LAYERS.items()
        for n in range(ROWS)
    ]


def slope_rows() -> list[Row]:
    """A dozen landslide zones in the northeast, yellow."""
    return [
        (box(6.5 + n / 8, 6.5, 6.5 + (n + 1) / 8, 8), {"A33_002": 1, "name": f"斜面{n}"})
        for n in range(ROWS)
    ]


def homes() -> list[tuple[int, tuple[float, float]]]:
    """Where four dozen households stand, by degrees that nothing else in the city has."""
    spots = [position(0.37 + n % 7, 0.41 + n // 7) for n in range(4 * ROWS)]
    return [(n, (round(lat, 6), round(lon, 6))) for n, (lat, lon) in enumerate(spots)]


def _places(folder: Path) -> None:
    def more(table: dict[str, Any]) -> None:
        first = table["features"][0]
        for n in range(len(table["features"]), ROWS):
            named = {"共通ID": f"X{n}", "施設・場所名": f"集会所{n}"}
            at = _point(*position(n / 2, 6.2))
            properties = first["properties"] | named
            table["features"].append(first | {"geometry": at, "properties": properties})

    rewrite(folder / "sites.geojson", more)
    rewrite(folder / "shelters.geojson", more)
    levels = {"startLevel": 1.0, "warnLevel": 2.5, "fladLevel": 3.5}
    gauges = [
        (_point(*position(n / 2, -0.8)), {"name": f"小橋{n}", "river": "小川", **levels})
        for n in range(ROWS)
    ]
    write_features(folder / "gauges.geojson", gauges)  # type: ignore[arg-type]
    head, first = (folder / "welfare.csv").read_bytes().decode("cp932").splitlines()
    rows = [first] + [
        f"999020,{n:010},小浜町（架空）,福祉センター{n},南町{n},"
        "{},{},60,風水害（屋内）40人".format(*position(n / 2, 5.1))
        for n in range(2, ROWS + 1)
    ]
    text = "\n".join([head, *rows]) + "\n"
    (folder / "welfare.csv").write_bytes(text.encode("cp932"))


def _point(lat: float, lon: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def _text(rows: list[list[Any]]) -> str:
    return "".join(",".join(map(str, row)) + "\n" for row in rows)


def _table(path: Path, rows: list[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _instead(city_file: Path, old: str, new: str, old_format: str, new_format: str) -> Path:
    """Name another file, of another format, in the city file, and take the old one away."""
    text = city_file.read_text("utf-8")
    before = f'format = "{old_format}"\npath = "{old}"'
    assert before in text
    city_file.write_text(
        text.replace(before, f'format = "{new_format}"\npath = "{new}"'), encoding="utf-8"
    )
    (city_file.parent / old).unlink()
    return city_file


def _write_osm(path: Path) -> None:
    """A grid of streets as nodes and ways, a way for each street from end to end."""
    with osmium.SimpleWriter(str(path)) as out:
        for n in range(SIDE * SIDE):
            lat, lon = position(n % SIDE, n // SIDE)
            out.add_node(Node(id=n + 1, location=(lon, lat), version=1))
        lines = [[row * SIDE + n + 1 for n in range(SIDE)] for row in range(SIDE)]
        lines += [[n * SIDE + row + 1 for n in range(SIDE)] for row in range(SIDE)]
        for number, refs in enumerate(lines, start=1):
            tags = {"highway": "residential", "name": f"{number}番通り"}
            out.add_way(Way(id=number, nodes=refs, tags=tags, version=1))


def _gdal(path: Path, rows: list[Row], driver: str) -> None:
    """What is stated by some rows only is 0 in the others, as shapefiles have it."""
    columns = list(dict.fromkeys(name for _, properties in rows for name in properties))
    kept = [name for name in columns if name != "name"]
    if driver == "ESRI Shapefile":
        # A row of each strip states all three: a table has no cell that is not there.
        rows = [(g, dict.fromkeys(kept, 1) | p) for g, p in rows if "A31b_401" in p]
    values = [np.array([row[1][name] for row in rows], np.int32) for name in kept]
    shapes = np.array([shapely.geometry.shape(row[0]) for row in rows], dtype=object)
    write_raw(
        path,
        geometry=shapely.to_wkb(shapes),
        field_data=values,
        fields=kept,
        geometry_type="Polygon",
        crs="EPSG:6668",
        driver=driver,
    )


def copied(folder: Path, to: Path) -> Path:
    """A copy of a city's folder; returns its city file."""
    return shutil.copytree(folder, to) / "city.toml"
