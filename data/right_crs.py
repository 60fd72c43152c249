"""Whether a city's CRS measures metres where the city is, and which ones would."""

from typing import Final

import numpy as np
from pyproj import Geod
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info, query_utm_crs_info
from pyproj.enums import PJType

from city.position import Metres
from data.errors import BrokenCityFile
from data.network import Network

TOLERANCE: Final = 0.01
ROUNDING_M: Final = 0.1


def refuse_wrong_crs(crs: str, network: Network) -> None:
    """Refuse a CRS of another region, naming one of here: its metres would be no metres.

    It is measured eastward and northward apart: some are true along one and not the other.
    """
    lonlat = network.junction_lonlat
    (west, south), (east, north) = lonlat.min(axis=0).tolist(), lonlat.max(axis=0).tolist()
    middle = (west + east) / 2, (south + north) / 2
    ends = (
        ((west, middle[1]), (east, middle[1])),
        ((middle[0], south), (middle[0], north)),
    )
    for one, other in ends:
        _, _, true_m = Geod(ellps="GRS80").inv(*one, *other)
        a, b = Metres(crs).xy(np.array([one, other]))
        measured_m = float(np.hypot(*(b - a)))
        if not abs(measured_m - true_m) <= TOLERANCE * true_m + ROUNDING_M:
            raise BrokenCityFile(
                f"city.crs: {crs} measures {measured_m:,.0f} m where there are {true_m:,.0f}: "
                f"name one of here, such as {_one_of_here(west, south, east, north)}"
            )


def _one_of_here(west: float, south: float, east: float, north: float) -> str:
    """A plane rectangular zone of Japan, or a zone of UTM."""
    middle = AreaOfInterest(*((west + east) / 2, (south + north) / 2) * 2)
    japan = query_crs_info("EPSG", PJType.PROJECTED_CRS, area_of_interest=middle, contains=True)
    zones = [info for info in japan if info.name.startswith("JGD2011 / Japan Plane Rectangular")]
    zones = zones or query_utm_crs_info("WGS 84", area_of_interest=middle)
    return " or ".join(f"EPSG:{info.code} ({info.name})" for info in zones) or "EPSG:6677"
