"""The finished street network, from the land to numbered ways."""

from dataclasses import replace

from numpy.random import Generator

from data.town.growth import grow_alleys, thinned, with_stairs
from data.town.land import Land
from data.town.lanes import lay_lanes
from data.town.network import Network, join, simplified, without_stubs
from data.town.street import Street
from data.town.thoroughfares import lay_lone_roads

FIRST_WAY = 9_990_000_001
STUB_M = 14.0


def lay_out(thoroughfares: list[Street], land: Land, rng: Generator) -> Network:
    """Lay out the streets (metres): one connected network, and a few roads that nothing reaches."""
    lanes = lay_lanes(thoroughfares, land, rng)
    grid = without_stubs(join([*thoroughfares, *lanes]).main_component(), STUB_M)
    streets = with_stairs(simplified(thinned(grid, rng).main_component()), land)
    streets += grow_alleys(streets, land, rng)
    town = without_stubs(join(_numbered(streets)).main_component(), STUB_M)
    lone = join(_numbered(lay_lone_roads(), len(streets)))
    return simplified(town).joined(lone)


def _numbered(streets: list[Street], start: int = 0) -> list[Street]:
    first = FIRST_WAY + start
    return [replace(street, ways=(first + i,)) for i, street in enumerate(streets)]
