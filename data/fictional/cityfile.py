"""The city file of the city."""

from collections.abc import Sequence
from typing import Final

from data.fictional.names import CITY, CITY_EN

ATTRIBUTION: Final = "架空の見本データ（自動生成）"
SINGLE: Final = (
    ("roads", "osm-pbf", "roads.osm.pbf"),
    ("elevation", "geotiff", "elevation.tif"),
    ("sites", "gsi-csv", "emergency_sites.csv"),
    ("shelters", "digital-agency-csv", "shelters.csv"),
    ("welfare_shelters", "digital-agency-csv", "welfare_shelters.csv"),
    ("areas", "estat-geojson", "areas.geojson"),
    ("households", "chome-counts-csv", "households.csv"),
    ("waterways", "polygon-geojson", "waterways.geojson"),
    ("gauges", "gauges-geojson", "gauges.geojson"),
    ("readings", "readings-csv", "readings.csv"),
    ("facilities", "facilities-csv", "facilities.csv"),
)
ZONES: Final = (
    ("a31b", "flood/A31b-depth.shp", ""),
    ("a31b", "flood/A31b-duration.shp", ""),
    ("a31b", "flood/A31b-collapse.shp", ""),
    ("a33", "landslide.gpkg", ""),
    ("inland-depth", "inland_flood.geojson", ""),
    ("forecast-depth", "flood_forecast.geojson", 'kind = "forecast"\n'),
)
HEAD: Final = f"""\
# A fictional city at full scale: generated sample data, in the formats that a real city brings.
[city]
code = "99902"
name = "{CITY}"
name_en = "{CITY_EN}"
fictional = true
crs = "EPSG:32653"
timezone = "Asia/Tokyo"
"""
TAIL: Final = """\
[zones]  # the generator knows every zone there is
complete = ["depth", "duration", "collapse", "landslide", "inland_depth"]

[start]  # only a fictional city may begin with orders in force
"""
WATER: Final = """\
[[start.observed_water]]
path = "observed_water.geojson"
"""
SETTINGS: Final = """\
[settings]
source = "架空の地域防災計画"
"""


def city_file(orders: dict[int, list[str]], rules: Sequence[str] = ()) -> str:
    """Compose the city file; `orders` gives the names of the 町丁目 for each level, `rules` the
    tables of what gauges shut.
    """
    tables = [
        f'[sources.{name}]\nformat = "{form}"\npath = "{path}"\nattribution = "{ATTRIBUTION}"\n'
        for name, form, path in SINGLE
    ]
    tables += [
        f'[[sources.zones]]\nformat = "{form}"\npath = "{path}"\n{kind}'
        f'attribution = "{ATTRIBUTION}"\n'
        for form, path, kind in ZONES
    ]
    begun = [
        f'[[start.orders]]\nhazard = "flood"\nlevel = {level}\nareas = [\n'
        + "".join(f'  "{name}",\n' for name in names)
        + "]\n"
        for level, names in orders.items()
    ]
    return "\n".join([HEAD, *tables, TAIL, *begun, WATER, SETTINGS, *rules])
