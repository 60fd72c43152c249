"""Writing geometries: GeoJSON, shapefiles, a GeoPackage and a GeoTIFF, the same bytes each time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyogrio.raw import write as write_raw
from shapely.geometry.base import BaseGeometry

from data.fictional.drawing import Shapes
from data.fictional.field import Mesh
from data.fictional.frame import CORNER_EASTING_M, CORNER_NORTHING_M, CRS, to_degrees
from data.town.frame import Array

Ranks = NDArray[np.int32]

JGD2011: Final = "EPSG:6668"
DAY: Final = "2026-01-01"
Properties = Mapping[str, Any]


def write_geojson(path: Path, rows: Iterable[tuple[BaseGeometry, Properties]]) -> None:
    """Write geometries (metres) with properties as one collection, a feature on each line."""
    listed = list(rows)
    drawn = np.empty(len(listed), dtype=object)
    drawn[:] = [geometry for geometry, _ in listed]
    shapes = shapely.to_geojson(to_degrees(drawn))
    lines = ",\n".join(
        '{"type": "Feature", "properties": '
        f'{json.dumps(dict(properties), ensure_ascii=False)}, "geometry": {shape}}}'
        for (_, properties), shape in zip(listed, shapes, strict=True)
    )
    head = f'"type": "FeatureCollection",\n"name": "{path.stem}"'
    path.write_text(f'{{\n{head},\n"features": [\n{lines}\n]\n}}\n', encoding="utf-8")


def write_shapefile(path: Path, shapes: Shapes, columns: Mapping[str, Ranks]) -> None:
    """Write polygons (metres) as a shapefile in Shift_JIS and JGD2011 degrees."""
    _write(path, shapes, columns, "ESRI Shapefile", encoding="cp932", DBF_DATE_LAST_UPDATE=DAY)


def write_geopackage(path: Path, shapes: Shapes, columns: Mapping[str, Ranks]) -> None:
    """Write polygons (metres) as a GeoPackage in JGD2011 degrees."""
    with _dated():
        _write(path, shapes, columns, "GPKG")


def write_heights(path: Path, mesh: Mesh, height_m: Array) -> None:
    """Write heights (metres) as a GeoTIFF of 32-bit numbers."""
    rows, columns = height_m.shape
    north_m = CORNER_NORTHING_M + rows * mesh.step_m
    moved = Affine(mesh.step_m, 0.0, CORNER_EASTING_M, 0.0, -mesh.step_m, north_m)
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=columns, count=1, dtype="float32",
        crs=CRS, transform=moved, nodata=-9999.0, compress="deflate", predictor=3,
    ) as file:  # fmt: skip
        file.write(np.round(height_m, 2).astype("float32"), 1)


def _write(
    path: Path, shapes: Shapes, columns: Mapping[str, Ranks], driver: str, **options: str
) -> None:
    path.unlink(missing_ok=True)
    write_raw(
        path,
        geometry=shapely.to_wkb(to_degrees(shapes)),
        field_data=list(columns.values()),
        fields=list(columns),
        geometry_type="Polygon",
        crs=JGD2011,
        driver=driver,
        **options,
    )


@contextmanager
def _dated() -> Iterator[None]:
    """Let GDAL take one day for today: a GeoPackage states when it was last changed."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{DAY}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
