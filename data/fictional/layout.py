"""The finished street network, from the land to sections between junctions."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from data.fictional.crossings import carry
from data.fictional.drawing import Drawing, Kinds
from data.fictional.growth import thinned, with_alleys, with_foot_ways, without_stubs
from data.fictional.land import Land
from data.fictional.lanes import blocks, lay_lanes
from data.fictional.mains import lay_mains, lowland
from data.fictional.names import Namebook, namebook
from data.fictional.noding import Sections, join
from data.town.frame import Array


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """The land, the streets on it and the names in use; `mains` are not yet cut at rivers."""

    land: Land
    kinds: Kinds
    book: Namebook
    mains: Drawing
    sections: Sections

    @property
    def junctions(self) -> Array:
        """Return where streets begin or end (N, 2), in metres."""
        positions: Array = self.sections.xy[np.flatnonzero(self.sections.degrees())]
        return positions


def lay_out(land: Land, rng: Generator) -> City:
    """Lay out all streets: one connected network."""
    kinds, book, low = Kinds(), namebook(rng), lowland(land)
    mains = lay_mains(land, low, kinds, book, rng)
    carried = carry(mains, land, kinds, book, rng)
    lanes = lay_lanes(blocks(carried, land, low), land, kinds, rng)
    net = join(carried.plus(lanes), kinds).main_component()
    town = without_stubs(thinned(net, kinds, rng))
    grown = with_alleys(with_foot_ways(town, land, kinds, rng), land, kinds, rng)
    return City(land, kinds, book, mains, grown.main_component())
