"""Arrays and shapes as files."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry


def map_array(path: Path) -> Any:
    """A read-only array; small ones are read, large ones memory-mapped."""
    array = np.load(path, mmap_mode="r") if path.stat().st_size > 4096 else np.load(path)
    array.setflags(write=False)
    return np.asarray(array)


def objects(items: list[BaseGeometry]) -> NDArray[np.object_]:
    """Geometries as an array of objects."""
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def save_shapes(stem: Path, shapes: NDArray[np.object_]) -> None:
    """Write geometries as one run of WKB and its cuts."""
    parts = [bytes(part) for part in shapely.to_wkb(shapes).tolist()]
    ends = np.cumsum([0, *map(len, parts)])
    np.save(f"{stem}-ends.npy", ends)
    np.save(f"{stem}-wkb.npy", np.frombuffer(b"".join(parts), np.uint8))


def load_shapes(stem: Path) -> NDArray[np.object_]:
    """Read what `save_shapes` wrote."""
    ends = np.load(f"{stem}-ends.npy").tolist()
    data = np.load(f"{stem}-wkb.npy").tobytes()
    parts = [data[a:b] for a, b in pairwise(ends)]
    return objects(list(shapely.from_wkb(parts)))
