"""Random small towns for Hypothesis: a bent grid with loops, zones, water and closures."""

from dataclasses import dataclass
from typing import Any

import shapely
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from city.traveller import Profile
from hazards.kinds import HazardKind
from hazards.order import EvacuationOrder
from hazards.zone import RANKS, ZoneLayer
from routing.ground import Ground
from routing.roads import StreetFlag
from routing.version import PlanVersion
from routing.weights import Conditions
from shelters.place import EvacuationSite
from tests.builders import FLOOD, LANDSLIDE, Extra, Zoned, a_grid, a_site, a_version, an_order

N = 4
SIDE = 100 * (N - 1)
PAIRS = [(r * N + c, r * N + c + 1) for r in range(N) for c in range(N - 1)]
PAIRS += [(r * N + c, r * N + N + c) for r in range(N - 1) for c in range(N)]


def _sites(ground: Ground) -> list[tuple[EvacuationSite, list[float]]]:
    return list(zip(ground.sites, ground.site_xy.round(2).tolist(), strict=True))


@dataclass(frozen=True, repr=False)
class Scene:
    """A ground, what is in force on it, and a door."""

    ground: Ground
    observed: tuple[BaseGeometry, ...]
    closures: tuple[int, ...]
    orders: tuple[EvacuationOrder, ...]
    conditions: Conditions
    door: tuple[float, float]
    hazards: frozenset[HazardKind]

    def __repr__(self) -> str:
        """Short enough to read in a failing example."""
        ground = self.ground
        parts: dict[str, object] = {
            "door": self.door,
            "hazards": sorted(self.hazards),
            "sites": [(*xy, sorted(s.designated_for)) for s, xy in _sites(ground)],
            "zones": [
                (str(layer), int(rank), polygon.bounds)
                for layer, zone in ground.zones.items()
                for rank, polygon in zip(zone.ranks, zone.polygons, strict=True)
            ],
            "rivers": [river.bounds for river in ground.waterways],
            "extra": [line.wkt for line in ground.lines[len(PAIRS) :]],
            "flags": {row: int(flag) for row, flag in enumerate(ground.roads.flags) if flag},
            "observed": [water.bounds for water in self.observed],
            "closures": self.closures,
            "orders": [(str(order.hazard), int(order.level)) for order in self.orders],
            "conditions": self.conditions,
        }
        return "Scene(" + ", ".join(f"{key}={value}" for key, value in parts.items()) + ")"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))

    def version(
        self,
        *,
        without_closure: int | None = None,
        more_closures: tuple[int, ...] = (),
        **changed: object,
    ) -> PlanVersion:
        """The scene's version, with closures added or one taken away."""
        kept = [street for street in self.closures if street != without_closure]
        in_force = {
            "orders": self.orders,
            "observed": self.observed,
            "closures": [*kept, *more_closures],
        }
        return a_version(self.ground, **(in_force | changed))


_metres = st.integers(-30, SIDE + 30).map(float)
_odd_metres = st.integers(-30, SIDE + 30).map(lambda m: m + 0.37)
_hazards = st.sampled_from(
    [frozenset({FLOOD}), frozenset({LANDSLIDE}), frozenset({FLOOD, LANDSLIDE})]
)


@st.composite
def boxes(draw: st.DrawFn, largest: int = 150) -> BaseGeometry:
    """A rectangle somewhere over the grid."""
    west, south = draw(_odd_metres), draw(_odd_metres)
    return shapely.box(
        west, south, west + draw(st.integers(4, largest)), south + draw(st.integers(4, largest))
    )


@st.composite
def zones(draw: st.DrawFn) -> Zoned:
    """A zone of any layer and rank."""
    layer = draw(st.sampled_from(ZoneLayer))
    return Zoned(layer, draw(st.sampled_from(sorted(RANKS[layer]))), draw(boxes()))


@st.composite
def extras(draw: st.DrawFn) -> Extra:
    """A loop at a junction, or a second street beside one of the grid's."""
    if draw(st.booleans()):
        at = draw(st.integers(0, N * N - 1))
        x, y = 100.0 * (at % N), 100.0 * (at // N)
        size = draw(st.sampled_from([20.0, 35.0]))
        return Extra(at, at, ((x + size, y), (x + size, y + size), (x, y + size)))
    a, b = draw(st.sampled_from(PAIRS))
    bend = draw(st.sampled_from([-30.0, 0.0, 25.0]))
    x, y = 50.0 * (a % N + b % N), 50.0 * (a // N + b // N)
    return Extra(a, b, ((x + bend, y + bend),))


@st.composite
def scenes(draw: st.DrawFn, *, rivers: bool = True, closed: int = 0) -> Scene:
    """Everything at once, small enough for an oracle."""
    spots = draw(st.lists(st.tuples(_metres, _metres), min_size=1, max_size=4, unique=True))
    sites = [
        a_site(x, y, name=f"避難場所{row}", suits=draw(_hazards))
        for row, (x, y) in enumerate(spots)
    ]
    flagged = draw(
        st.dictionaries(
            st.sampled_from(PAIRS),
            st.sampled_from([StreetFlag.BRIDGE, StreetFlag.STEPS, StreetFlag.TUNNEL]),
            max_size=4,
        )
    )
    ground = a_grid(
        N,
        sites=sites,
        zones=draw(st.lists(zones(), max_size=5)),
        rivers=draw(st.lists(boxes(60), max_size=1)) if rivers else [],
        extra=draw(st.lists(extras(), max_size=4)),
        flags=flagged,
        heights=draw(
            st.dictionaries(st.integers(0, N * N - 1), st.integers(-5, 25).map(float), max_size=5)
        ),
    )
    streets = st.integers(0, ground.roads.street_count - 1)
    orders = draw(st.sampled_from([(), (an_order(3),), (an_order(4),), (an_order(4, LANDSLIDE),)]))
    return Scene(
        ground=ground,
        observed=tuple(draw(st.lists(boxes(60), max_size=2))),
        closures=tuple(draw(st.lists(streets, min_size=closed, max_size=5, unique=True))),
        orders=orders,
        conditions=Conditions(
            draw(st.sampled_from(Profile)), night=draw(st.booleans()), storm=draw(st.booleans())
        ),
        door=(draw(_odd_metres), draw(_odd_metres)),
        hazards=draw(_hazards),
    )
