"""Map tiles of a city's ground: one PMTiles file with all that stays as it is during a night.

`python -m data.tiles FOLDER` writes those of a saved ground into its folder.
"""

import fcntl
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.mapped.arrays import objects
from data.mapped.ground import open_ground
from data.pmtiles import Tile, write_pmtiles
from hazards.zone import ZoneLayer
from routing.ground import Ground
from routing.roads import StreetFlag
from shelters.place import EvacuationSite, Shelter

TILES: Final = "map.pmtiles"
"""The name of the file in a ground's folder."""
LOWEST, HIGHEST = 9, 14
EVERY_STREET: Final = 12
"""The zoom from which nameless streets are drawn too: below, they are thinner than a pixel."""
_DRAFT: Final = ".tiles-"
_CLASSES: Final = (
    (StreetFlag.STEPS, "steps"),
    (StreetFlag.TUNNEL, "tunnel"),
    (StreetFlag.BRIDGE, "bridge"),
)


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """Geometries in degrees and a column of values for each property; None leaves it out."""

    name: str
    shapes: NDArray[np.object_]
    columns: dict[str, NDArray[Any]] = field(default_factory=dict)
    lowest: int = LOWEST
    highest: int = HIGHEST


def write_tiles(path: Path, ground: Ground) -> None:
    """Write the tiles of a ground; the file is there whole or not at all.

    Raises whatever the disk or GDAL raise.
    """
    import pyogrio  # here: the planner and the server only need the file's name

    # One thread and little memory: the planner and the pages go first.
    pyogrio.set_gdal_config_options({"GDAL_NUM_THREADS": "1", "GDAL_CACHEMAX": "64"})
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=path.parent))
    try:
        layers = [layer for layer in layers_of(ground) if len(layer.shapes)]
        tiles = _tiles(draft, layers)
        corners = ground.roads.shape_lonlat
        bounds = (*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist())
        with (draft / TILES).open("wb") as file:
            write_pmtiles(file, tiles, bounds, _metadata(ground, layers))
            file.flush()
            os.fsync(file.fileno())
        (draft / TILES).replace(path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def layers_of(ground: Ground) -> list[_Layer]:
    """What the tiles hold: streets, waters, assumed zones, areas and places, never their state."""
    areas = objects([area.geometry for area in ground.areas])
    names = _column(area.name for area in ground.areas)
    return [
        *_roads(ground),
        _Layer("water", _degrees(ground, ground.waterways)),
        _zones(ground),
        _Layer("areas", areas, {"name": names}),
        _Layer("area_names", shapely.point_on_surface(areas), {"name": names}),
        _places("sites", ground.sites),
        _places("shelters", ground.shelters),
    ]


def _roads(ground: Ground) -> list[_Layer]:
    """Every street from near by; from afar those with a name, which are the larger ones."""
    roads, lines = ground.roads, _degrees(ground, ground.lines)
    kinds = np.full(roads.street_count, "street", dtype=object)
    for flag, word in _CLASSES:
        kinds[roads.has(flag)] = word
    names = _column(roads.street_name(row) for row in range(roads.street_count))
    near = {"class": kinds, "name": names}
    named = roads.name >= 0
    far = {key: column[named] for key, column in near.items()}
    return [
        _Layer("roads", lines[named], far, highest=EVERY_STREET - 1),
        _Layer("roads", lines, near, lowest=EVERY_STREET),
    ]


def _zones(ground: Ground) -> _Layer:
    """`assumed` is false where water is forecast. Where large polygons were cut is no outline."""
    shapes: list[BaseGeometry] = []
    rows: list[tuple[str, int, bool]] = []
    for layer, zone in ground.zones.items():
        known = list(zip(zone.ranks.tolist(), (~zone.forecast).tolist(), strict=True))
        for rank, assumed in sorted(set(known)):
            mine = zone.polygons[[one == (rank, assumed) for one in known]]
            whole = [shapely.union_all(mine)] if layer is ZoneLayer.COLLAPSE else list(mine)
            shapes += whole
            rows += [(str(layer), rank, assumed)] * len(whole)
    columns = {
        "layer": np.array([layer for layer, _, _ in rows], dtype=object),
        "rank": np.array([rank for _, rank, _ in rows], dtype=np.int32),
        "assumed": np.array([assumed for _, _, assumed in rows], dtype=bool),
    }
    return _Layer("zones", _degrees(ground, objects(shapes)), columns)


def _places(name: str, places: tuple[EvacuationSite, ...] | tuple[Shelter, ...]) -> _Layer:
    at = [shapely.Point(place.position.lon, place.position.lat) for place in places]
    columns = {
        "id": _column(place.id for place in places),
        "name": _column(place.name for place in places),
    }
    suits = [getattr(place, "designated_for", None) for place in places]
    if any(kinds is not None for kinds in suits):
        columns["designated_for"] = _column(",".join(sorted(kinds or ())) for kinds in suits)
    return _Layer(name, objects(list(at)), columns)


def _column(values: Iterator[str]) -> NDArray[np.object_]:
    """An empty text is no property at all."""
    return np.array([value or None for value in values], dtype=object)


def _degrees(ground: Ground, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(shapely.transform(shapes, ground.metres.lonlat), dtype=object)


def _tiles(draft: Path, layers: list[_Layer]) -> dict[Tile, bytes]:
    """Tile every layer by itself: a tile of all is the tiles of each, one after the other."""
    found: dict[Tile, bytes] = defaultdict(bytes)
    for number, layer in enumerate(layers):
        folder = draft / str(number)
        _cut(folder, layer)
        for path in sorted(folder.glob("*/*/*.pbf")):
            zoom, x, y = (int(part) for part in path.with_suffix("").parts[-3:])
            found[zoom, x, y] += whole_layer(path.read_bytes())
        shutil.rmtree(folder)
    return found


def whole_layer(data: bytes) -> bytes:
    """A tile of one layer as it is; raises `OSError` where its end was cut off.

    GDAL does not say so when the disk is full. The layer is field 3 of the tile, its length before
    it: https://github.com/mapbox/vector-tile-spec/blob/master/2.1/vector_tile.proto
    """
    length, at = 0, 1
    for byte in data[1:11]:
        length |= (byte & 127) << 7 * (at - 1)
        at += 1
        if byte < 128:
            break
    told = at > 1 and data[at - 1] < 128
    if not told or data[:1] != b"\x1a" or len(data) != at + length:
        raise OSError("a tile was cut off: is the disk full?")
    return data


def _cut(folder: Path, layer: _Layer) -> None:
    import pyogrio

    pyogrio.raw.write(
        str(folder),
        shapely.to_wkb(layer.shapes),
        list(layer.columns.values()),
        list(layer.columns),
        driver="MVT",
        layer=layer.name,
        crs="EPSG:4326",
        geometry_type="Unknown",
        dataset_options={
            "FORMAT": "DIRECTORY",
            "COMPRESS": "NO",
            "TYPE": "overlay",
            "MINZOOM": str(layer.lowest),
            "MAXZOOM": str(layer.highest),
            "MAX_SIZE": "2000000",
            "TEMPORARY_DB": str(folder.with_suffix(".db")),
        },
    )


def main(folder: Path) -> None:
    """Write the tiles of a saved ground into its folder, unless they are there or being written."""
    with _alone(folder) as mine:
        if not mine or (folder / TILES).exists():
            return
        for left in folder.glob(f"{_DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        write_tiles(folder / TILES, open_ground(folder))


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else writes there; a writer that is killed lets go of it."""
    with (folder / ".tiles.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _metadata(ground: Ground, layers: list[_Layer]) -> dict[str, Any]:
    fields = {layer.name: list(layer.columns) for layer in layers}
    return {
        "name": ground.card.name,
        "attribution": "、".join(ground.card.attributions),
        "vector_layers": [
            {"id": name, "fields": dict.fromkeys(names, ""), "minzoom": LOWEST, "maxzoom": HIGHEST}
            for name, names in fields.items()
        ],
    }


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except Exception as error:  # whatever it is, the planner has one line to log
        sys.exit(f"{type(error).__name__}: {' '.join(str(error).split())}")
