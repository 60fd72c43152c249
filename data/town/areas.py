"""The 町丁目 of the town: blocks between thoroughfares, gathered around a middle (metres)."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from data.town.frame import point_to_degrees
from data.town.geojson import Feature
from data.town.land import Land
from data.town.network import Network
from data.town.street import Street
from data.town.thoroughfares import lengthened

HOUSEHOLDS_PER_JUNCTION = 5
PERSONS_PER_HOUSEHOLD = 2.2
RIM_M = 11.0
SMALL_BLOCK_M2 = 4_000.0
MIDDLES = (
    ("上浅瀬一丁目", 200.0, 1750.0),
    ("上浅瀬二丁目", 200.0, 2550.0),
    ("上浅瀬三丁目", 700.0, 2600.0),
    ("本町一丁目", 800.0, 1700.0),
    ("本町二丁目", 1750.0, 1750.0),
    ("浅瀬中央一丁目", 1300.0, 2350.0),
    ("浅瀬中央二丁目", 1950.0, 2450.0),
    ("浅瀬中央三丁目", 2600.0, 2450.0),
    ("下浅瀬一丁目", 2700.0, 1900.0),
    ("下浅瀬二丁目", 2750.0, 1500.0),
    ("下浅瀬三丁目", 3900.0, 1780.0),
    ("川岸町", 4800.0, 1700.0),
    ("東町一丁目", 3600.0, 2500.0),
    ("東町二丁目", 4650.0, 2500.0),
    ("浅瀬ヶ丘", 1500.0, 3500.0),
    ("小瀬谷", 2750.0, 3450.0),
    ("東ヶ丘", 3950.0, 3450.0),
    ("中洲町", 4400.0, 900.0),
    ("南浅瀬一丁目", 200.0, 900.0),
    ("南浅瀬二丁目", 950.0, 900.0),
    ("南浅瀬三丁目", 1780.0, 950.0),
    ("台町", 2780.0, 950.0),
    ("川向", 3650.0, 850.0),
    ("田中町", 1200.0, 250.0),
    ("新田", 3000.0, 250.0),
    ("東新田", 4600.0, 250.0),
)


@dataclass(frozen=True)
class Area:
    """A 町丁目 with its outline (metres) and how many live there."""

    number: int
    name: str
    outline: BaseGeometry
    households: int

    @property
    def feature(self) -> Feature:
        """Describe it as e-Stat's boundary files do."""
        lon, lat = point_to_degrees(self.outline.centroid.x, self.outline.centroid.y)
        return self.outline, {
            "KEY_CODE": f"99901{self.number:04d}",
            "PREF": "99",
            "CITY": "901",
            "CITY_NAME": "浅瀬市（架空）",
            "S_NAME": self.name,
            "JINKO": round(self.households * PERSONS_PER_HOUSEHOLD),
            "SETAI": self.households,
            "X_CODE": lon,
            "Y_CODE": lat,
        }


def divide_into_areas(thoroughfares: list[Street], land: Land, network: Network) -> list[Area]:
    """Divide the town's land, up to the middle of the river, into areas."""
    gathered: dict[int, list[Polygon]] = defaultdict(list)
    for bank in split(land.outline.buffer(RIM_M), land.river).geoms:
        middles = [i for i, (_, x, y) in enumerate(MIDDLES) if bank.contains(Point(x, y))]
        blocks = _blocks(thoroughfares, Polygon(shapely.get_coordinates(bank)), land.outline)
        for block in sorted(blocks, key=shapely.area, reverse=True):
            small = block.area < SMALL_BLOCK_M2
            number = _beside(block, middles, gathered) if small else _nearest(block, middles)
            gathered[number].append(block)
    return [_area(number, gathered[number], network) for number in sorted(gathered)]


def _blocks(thoroughfares: list[Street], bank: Polygon, town: Polygon) -> list[Polygon]:
    lines = [_through(s.line, town) for s in thoroughfares if s.highway != "footway"]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all([*lines, bank.exterior])]))
    return [face for face in faces if bank.contains(face.representative_point())]


def _through(line: LineString, town: Polygon) -> LineString:
    ends = (Point(line.coords[i]) for i in (0, -1))
    return line if all(town.contains(end) for end in ends) else lengthened(line)


def _beside(block: Polygon, middles: list[int], gathered: dict[int, list[Polygon]]) -> int:
    def shared_m(number: int) -> float:
        return max(
            (float(shapely.intersection(block, each).length) for each in gathered[number]),
            default=0.0,
        )

    return max(middles, key=shared_m)


def _nearest(block: Polygon, middles: list[int]) -> int:
    inside = block.centroid if block.contains(block.centroid) else block.representative_point()
    return min(
        middles, key=lambda i: (inside.x - MIDDLES[i][1]) ** 2 + (inside.y - MIDDLES[i][2]) ** 2
    )


def _area(number: int, blocks: list[Polygon], network: Network) -> Area:
    outline = shapely.union_all(blocks)
    shapely.prepare(outline)
    used = np.array(sorted(network.degrees()))
    inside = shapely.contains_xy(outline, *network.junctions[used].T)
    households = HOUSEHOLDS_PER_JUNCTION * int(inside.sum())
    return Area(number + 1, MIDDLES[number][0], outline, households)
