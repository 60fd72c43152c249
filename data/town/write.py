"""The files of the town, in the formats that a real city brings."""

from pathlib import Path

import numpy as np

from data.town.areas import Area, divide_into_areas
from data.town.facilities import facilities
from data.town.flood import collapse_zones, depth_zones, duration_zones
from data.town.geojson import Feature, write_features
from data.town.graphml import write_graphml
from data.town.land import lay_land
from data.town.layout import lay_out
from data.town.places import emergency_sites, shelters
from data.town.slopes import landslide_zones
from data.town.thoroughfares import lay_thoroughfares
from data.town.water import observed_water, waterways

NAME = "浅瀬市（架空）"
LEVEL_4 = ("下浅瀬一丁目", "下浅瀬二丁目", "下浅瀬三丁目", "川岸町", "中洲町")
LEVEL_3 = ("本町一丁目", "本町二丁目", "上浅瀬一丁目", "南浅瀬一丁目", "南浅瀬二丁目", "川向")
ATTRIBUTION = "架空の見本データ（自動生成）"
CITY_FILE = f"""\
# A fictional city: generated sample data, in the formats that a real city brings.
[city]
code = "99901"
name = "{NAME}"
name_en = "Asase (fictional)"
fictional = true
crs = "EPSG:32653"
timezone = "Asia/Tokyo"

[sources.roads]
format = "osmnx-graphml"
path = "roads.graphml"
attribution = "{ATTRIBUTION}"

[sources.sites]
format = "gsi-geojson"
path = "emergency_sites.geojson"
attribution = "{ATTRIBUTION}"

[sources.shelters]
format = "gsi-geojson"
path = "shelters.geojson"
attribution = "{ATTRIBUTION}"

[[sources.zones]]
format = "a31b-geojson"
path = "flood_depth.geojson"
attribution = "{ATTRIBUTION}"

[[sources.zones]]
format = "a31b-geojson"
path = "flood_duration.geojson"
attribution = "{ATTRIBUTION}"

[[sources.zones]]
format = "a31b-geojson"
path = "flood_collapse.geojson"
attribution = "{ATTRIBUTION}"

[[sources.zones]]
format = "a33-geojson"
path = "landslide.geojson"
attribution = "{ATTRIBUTION}"

[sources.areas]
format = "estat-geojson"
path = "areas.geojson"
attribution = "{ATTRIBUTION}"

[sources.waterways]
format = "polygon-geojson"
path = "waterways.geojson"
attribution = "{ATTRIBUTION}"

[sources.facilities]
format = "facilities-geojson"
path = "facilities.geojson"
attribution = "{ATTRIBUTION}"

[zones]  # the generator knows every zone there is
complete = ["depth", "duration", "collapse", "landslide"]

[start]  # only a fictional city may begin with orders in force

[[start.orders]]
hazard = "flood"
level = 4
areas = [{", ".join(f'"{name}"' for name in LEVEL_4)}]

[[start.orders]]
hazard = "flood"
level = 3
areas = [{", ".join(f'"{name}"' for name in LEVEL_3)}]

[[start.observed_water]]
path = "observed_water.geojson"
"""


def write_town(directory: Path, seed: int = 1) -> Path:
    """Write the fictional town into a directory and return the path of its city file."""
    directory.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    land = lay_land(rng)
    thoroughfares = lay_thoroughfares(land)
    network = lay_out(thoroughfares, land, rng)
    heights_m = land.height_m(network.junctions[:, 0], network.junctions[:, 1])
    write_graphml(directory / "roads.graphml", NAME, network, heights_m)
    areas = divide_into_areas(thoroughfares, land, network)
    collections = {
        "emergency_sites": emergency_sites(network, areas),
        "shelters": shelters(network, areas),
        "flood_depth": depth_zones(land),
        "flood_duration": duration_zones(land),
        "flood_collapse": collapse_zones(land),
        "landslide": landslide_zones(rng),
        "areas": _features(areas),
        "waterways": waterways(land),
        "observed_water": observed_water(),
        "facilities": facilities(areas),
    }
    for name, features in collections.items():
        write_features(directory / f"{name}.geojson", f"99901_{name}", features)
    city_file = directory / "city.toml"
    city_file.write_text(CITY_FILE, encoding="utf-8")
    return city_file


def _features(areas: list[Area]) -> list[Feature]:
    return [area.feature for area in areas]
