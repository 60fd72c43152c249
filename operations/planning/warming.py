"""Every loop of the planner and the server, compiled by a plan of a town of four streets."""

import time
from datetime import UTC, datetime

import numpy as np

from city.position import Metres, Position
from data.city_rows import CityRows
from data.groundwork import ground_of
from data.network import Network
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from operations.imagining.today import look
from operations.planning.basis import Basis
from operations.planning.making import make_version
from routing.engine.hierarchy import HierarchyEngine
from routing.engine.order import contraction_order
from routing.engine.skeleton import skeleton
from routing.ground import CityCard, Ground
from routing.homes import homes
from routing.losing import streets_lost
from routing.picture import Picture
from routing.plan.expected import Expected
from routing.plan.looked import Looked
from routing.plan.turnout import Turnout
from routing.roads import ON_FOOT_AND_WHEELS
from routing.rules import Rules
from shelters.place import EvacuationSite, Opening, SiteState

_CRS = "EPSG:6677"
_SQUARE = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]])


def warm_loops() -> float:
    """Make two plans, so tight that every loop runs, and lose every street of one; returns the
    seconds that it took.
    """
    begun, now = time.monotonic(), datetime.now(UTC)
    ground = _ground()
    living = homes(ground, _SQUARE + 5, np.full(4, 2, np.int16), np.full(4, -1, np.int32))
    bones = skeleton(ground.roads, contraction_order(ground.roads))
    basis = Basis(ground, living, Looked(living), HierarchyEngine(bones))
    order = EvacuationOrder(1, HazardKind.FLOOD, AlertLevel.ALL_LEAVE, (), None, now)
    openings = {site.id: SiteState(Opening.OPEN, now) for site in ground.sites}
    picture = Picture(1, now, (order,), (), (), openings)
    first = make_version(basis, 1, picture, _crowd(1, 1))
    make_version(basis, 2, picture, _crowd(0, 2), first)
    streets_lost(first, basis.looked, night=look(first, basis, now).night)
    return time.monotonic() - begun


def _crowd(*free: int) -> Expected:
    """Everybody comes, and places hold next to nobody."""
    return Expected(free=np.array(free), turnout=Turnout(1, 1, 1, 1))


def _ground() -> Ground:
    metres = Metres(_CRS)
    corner = metres.lonlat(_SQUARE)
    ends = np.array([0, 1, 2, 3], np.int32), np.array([1, 2, 3, 0], np.int32)
    streets = 4
    network = Network(
        osm_id=np.arange(4),
        junction_lonlat=corner,
        elevation_m=np.zeros(4),
        start=ends[0],
        end=ends[1],
        flags=np.zeros(streets, np.uint8),
        access=np.full(streets, ON_FOOT_AND_WHEELS, np.uint8),
        layer=np.zeros(streets, np.int8),
        name=np.full(streets, -1, np.int32),
        names=(),
        names_en=(),
        residential=np.ones(streets, bool),
        surface=np.full(streets, -1, np.int32),
        surfaces=(),
        width_m=np.full(streets, np.nan),
        shape_start=np.arange(0, 2 * streets + 1, 2, dtype=np.int32),
        shape_lonlat=corner[np.stack(ends, axis=1)].reshape(-1, 2),
    )
    sites = tuple(
        EvacuationSite(name, name, Position(lat, lon), "", frozenset(HazardKind))
        for name, (lon, lat) in zip("AB", corner[[0, 2]].tolist(), strict=True)
    )
    card = CityCard("00000", "（架空）", "(fictional)", True, _CRS, "Asia/Tokyo")
    rows = CityRows(network, sites, (), (), (), ())
    return ground_of(card, Rules(), rows)
