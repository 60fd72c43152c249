"""A road network as rows, between the file it was read from and the graph it becomes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.roads import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """N junctions: `osm_id`, `junction_lonlat` (N, 2), `elevation_m` (NaN: unknown).

    S streets: `start`, `end`, `flags`, `layer`, `name` (into `names`, -1: none), and shapes
    `shape_lonlat[shape_start[s]:shape_start[s + 1]]`, in degrees.
    """

    osm_id: NDArray[np.int64]
    junction_lonlat: Floats
    elevation_m: Floats
    start: Ints
    end: Ints
    flags: NDArray[np.uint8]
    layer: NDArray[np.int8]
    name: Ints
    names: tuple[str, ...]
    shape_start: Ints
    shape_lonlat: Floats
