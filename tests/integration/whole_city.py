"""The small city with every kind of source that a city may bring, each in a format of its own."""

from pathlib import Path

import numpy as np
import rasterio
from rasterio import Affine

from tests.integration.small_city import (
    SOUTH,
    STEP,
    WEST,
    box,
    position,
    write_features,
    write_small_city,
)

MORE = """
[sources.elevation]
format = "geotiff"
path = "elevation.tif"

[sources.boundary]
format = "n03"
path = "boundary.geojson"

[sources.welfare_shelters]
format = "digital-agency-csv"
path = "welfare.csv"

[[sources.zones]]
format = "inland-depth"
path = "inland.geojson"

[[sources.zones]]
format = "forecast-depth"
kind = "forecast"
path = "forecast.geojson"

[sources.districts]
format = "estat-geojson"
path = "districts.geojson"

[sources.households]
format = "chome-counts-csv"
path = "households.csv"

[sources.gauges]
format = "gauges-geojson"
path = "gauges.geojson"

[sources.readings]
format = "readings-csv"
path = "readings.csv"
"""
WELFARE = """\
全国地方公共団体コード,ID,地方公共団体名,名称,所在地_連結表記,緯度,経度,想定収容人数,備考
999020,0000000001,小浜町（架空）,北福祉センター,小浜町北町1,{lat},{lon},60,風水害（屋内）40人
"""
HOUSEHOLDS = """\
町丁目,世帯数,人口
北町1丁目,120,250
南町二丁目,80,181
"""
READINGS = "name,kana,confirmed\n北町一丁目,きたまちいっちょうめ,1\n小川,おがわ,0\n"


def write_whole_city(folder: Path) -> Path:
    """Write all files and return the city file."""
    city_file = write_small_city(folder, more=MORE)
    lat, lon = position(2.1, 6.1)
    (folder / "welfare.csv").write_bytes(WELFARE.format(lat=lat, lon=lon).encode("cp932"))
    (folder / "households.csv").write_text(HOUSEHOLDS, "utf-8-sig")
    (folder / "readings.csv").write_text(READINGS, "utf-8")
    write_features(folder / "boundary.geojson", [(box(-1, -1, 8, 8), {"N03_007": "99902"})])
    write_features(folder / "inland.geojson", [(box(3, 3, 4, 4), {"depth_rank": 1})])
    write_features(
        folder / "forecast.geojson",
        [(box(-1, -1, 8, n), {"depth_rank": 2, "after_min": 60 * n}) for n in (1, 2)],
    )
    write_features(
        folder / "districts.geojson",
        [(box(-1, -1, 8, 8), {"KEY_CODE": "99902", "S_NAME": "全町"})],
    )
    levels = {"startLevel": 1.0, "warnLevel": 2.5, "fladLevel": 3.5}
    lat, lon = position(1, -0.8)
    point = {"type": "Point", "coordinates": [lon, lat]}
    write_features(
        folder / "gauges.geojson", [(point, {"name": "小橋", "river": "小川", **levels})]
    )
    _write_elevation(folder / "elevation.tif")
    return city_file


def _write_elevation(path: Path) -> None:
    """A slope that rises by 10 m from south to north."""
    edge = 2 * STEP
    cell = (9 * STEP + edge) / 44
    heights = np.repeat(np.linspace(10, 0, 44, dtype=np.float32)[:, None], 44, axis=1)
    with rasterio.open(
        *(path, "w"),
        driver="GTiff",
        width=44,
        height=44,
        count=1,
        dtype="float32",
        crs="EPSG:4326",
        transform=Affine(cell, 0, WEST - edge, 0, -cell, SOUTH + 9 * STEP),
    ) as raster:
        raster.write(heights, 1)
