"""Bridges, underpasses and level crossings: how main streets get across rivers and railways."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
import shapely
from numpy.random import Generator
from shapely.geometry.base import BaseGeometry

from data.fictional.drawing import Drawing, Kind, Kinds
from data.fictional.land import Land
from data.fictional.names import Namebook

BRIDGE_RUN_M: Final = 11.0
RAILWAY_RUN_M: Final = 18.0
LONGEST_M: Final = 260.0
SHORTEST_M: Final = 25.0
THOROUGHFARES: Final = ("primary", "secondary")
FOOTBRIDGE: Final = Kind("footway", bridge="yes", layer=1, main=True)
CULVERT: Final = Kind("footway", tunnel="culvert", layer=-1, main=True)

Choice = Callable[[Kind, float], Kind | None]
"""From a street's kind and a random share to the kind that carries it across (None: nothing)."""


def carry(mains: Drawing, land: Land, kinds: Kinds, book: Namebook, rng: Generator) -> Drawing:
    """Carry main streets across the rivers, then across the railways; others end there."""
    bridges = book.endless("橋", "ばし", "Bridge", 30)
    underpasses = book.endless("地下道", "ちかどう", "Underpass", 60)

    def _over_river(kind: Kind, share: float) -> Kind | None:
        if kind.highway in THOROUGHFARES or share < 0.22:
            return replace(kind, name=next(bridges), bridge="yes", layer=1)
        return replace(FOOTBRIDGE, name=next(bridges)) if share < 0.34 else None

    def _over_railway(kind: Kind, share: float) -> Kind | None:
        if kind.highway == "primary":
            return replace(kind, bridge="yes", layer=1)
        if kind.highway == "secondary":
            return replace(kind, name=next(underpasses), tunnel="yes", layer=-1)
        if share < 0.45:
            return kind
        return CULVERT if share < 0.6 else None

    over_water = _carried(mains, land.water.buffer(BRIDGE_RUN_M), _over_river, kinds, rng)
    corridor = land.rails.buffer(RAILWAY_RUN_M)
    return _carried(over_water, corridor, _over_railway, kinds, rng)


def _carried(
    streets: Drawing, zone: BaseGeometry, choose: Choice, kinds: Kinds, rng: Generator
) -> Drawing:
    apart = kinds.flags("is_apart")[streets.kind]
    open_ground, standing = streets.where(~apart), streets.where(apart)
    inside = open_ground.within(zone, 1.0)
    chosen = [
        choose(kinds.each[kind], share) if length_m <= LONGEST_M else None
        for kind, share, length_m in zip(
            inside.kind.tolist(),
            rng.random(len(inside.kind)).tolist(),
            shapely.length(inside.shapes).tolist(),
            strict=True,
        )
    ]
    carried = np.array([kind is not None for kind in chosen])
    numbers = np.array([kinds.number(kind) for kind in chosen if kind], dtype=np.int64)
    across = Drawing(inside.shapes[carried], numbers)
    return open_ground.outside(zone, SHORTEST_M).plus(across, standing)
