"""All that a city's files say, as rows in degrees."""

from dataclasses import dataclass, field

import numpy as np
from shapely.geometry.base import BaseGeometry

from city.area import Area
from city.facility import Facility
from city.reading import Reading
from data.households import Households
from data.network import Network
from hazards.gauge import Gauge
from hazards.zone import HazardZone, ZoneLayer
from shelters.place import EvacuationSite, Shelter, WelfareShelter


def no_households() -> Households:
    """Where no source says who lives where."""
    return Households(np.zeros((0, 2)), np.zeros(0, np.int16), np.zeros(0, np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class CityRows:
    """What a city's files say, in degrees; `waterways` are (name, surface).

    `damaged` are the zone layers of which a row could not be read: outside them is unknown.
    """

    network: Network
    sites: tuple[EvacuationSite, ...]
    shelters: tuple[Shelter, ...]
    zones: tuple[HazardZone, ...]
    areas: tuple[Area, ...]
    waterways: tuple[tuple[str, BaseGeometry], ...]
    welfare: tuple[WelfareShelter, ...] = ()
    districts: tuple[Area, ...] = ()
    gauges: tuple[Gauge, ...] = ()
    readings: tuple[Reading, ...] = ()
    facilities: tuple[Facility, ...] = ()
    households: Households = field(default_factory=no_households)
    damaged: frozenset[ZoneLayer] = frozenset()
