"""A road network as rows, between the file it was read from and the graph it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.roads import Access, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """N junctions: `osm_id`, `junction_lonlat` (N, 2), `elevation_m` (NaN: unknown).

    S streets: `start`, `end`, `flags`, `access`, `layer`, `name` (into `names` and `names_en`,
    -1: none), `residential`, `surface` (into `surfaces`, -1: unknown), `width_m` (NaN: unknown),
    and shapes `shape_lonlat[shape_start[s]:shape_start[s + 1]]`, in degrees.
    """

    osm_id: NDArray[np.int64]
    junction_lonlat: Floats
    elevation_m: Floats
    start: Ints
    end: Ints
    flags: NDArray[np.uint8]
    access: NDArray[np.uint8]
    layer: NDArray[np.int8]
    name: Ints
    names: tuple[str, ...]
    names_en: tuple[str, ...]
    residential: NDArray[np.bool_]
    surface: Ints
    surfaces: tuple[str, ...]
    width_m: Floats
    shape_start: Ints
    shape_lonlat: Floats

    @classmethod
    def nowhere(cls) -> "Network":
        """No junction and no street."""
        ids, nothing = np.zeros(0, np.int64), np.zeros(0)
        return network_of(ids, np.zeros((0, 2)), nothing, ())


class StreetTags(NamedTuple):
    """What the tags of a street say, in the order in which `data.readers.osmtags` reads them."""

    name: str
    name_en: str
    flags: int
    access: int
    layer: int
    residential: bool
    surface: str
    width_m: float


class StreetRow(NamedTuple):
    """A street from one junction's row to another's; `start <= end`, and `shape` runs that way."""

    start: int
    end: int
    shape: NDArray[np.float64]
    tags: StreetTags

    @property
    def key(self) -> tuple[int, int, bytes]:
        """The same for both directions of one street, another for parallel streets."""
        return self.start, self.end, self.shape.round(7).tobytes()


def street_row(start: int, end: int, shape: NDArray[np.float64], tags: StreetTags) -> StreetRow:
    """A street whichever way it was drawn; of a ring, the direction whose bytes come first.

    Where it is turned round, so is what vehicles may do on it.
    """
    back = shape[::-1]
    if start > end or (start == end and back.tobytes() < shape.tobytes()):
        return StreetRow(end, start, back, tags._replace(access=turned(tags.access)))
    return StreetRow(start, end, shape, tags)


def turned(access: int) -> int:
    """The access of a street walked from its other end."""
    forward, backward = Access.VEHICLE_FORWARD, Access.VEHICLE_BACKWARD
    kept = access & ~(forward | backward)
    kept |= backward if access & forward else 0
    return int(kept | (forward if access & backward else 0))


def network_of(
    osm_id: NDArray[np.int64], lonlat: Floats, elevation_m: Floats, streets: Sequence[StreetRow]
) -> Network:
    """Streets, sorted by their keys, as arrays."""
    rows = sorted(streets, key=lambda street: street.key)
    tags = [row.tags for row in rows]
    named = sorted({(tag.name, tag.name_en) for tag in tags if tag.name})
    surfaces = tuple(sorted({tag.surface for tag in tags if tag.surface}))
    name_row = {name: number for number, name in enumerate(named)}
    surface_row = {surface: number for number, surface in enumerate(surfaces)}
    shapes = [row.shape for row in rows]
    return Network(
        osm_id=osm_id,
        junction_lonlat=lonlat,
        elevation_m=elevation_m,
        start=np.array([row.start for row in rows], np.int32),
        end=np.array([row.end for row in rows], np.int32),
        flags=np.array([tag.flags for tag in tags], np.uint8),
        access=np.array([tag.access for tag in tags], np.uint8),
        layer=np.array([tag.layer for tag in tags], np.int8),
        name=np.array([name_row.get((tag.name, tag.name_en), -1) for tag in tags], np.int32),
        names=tuple(name for name, _ in named),
        names_en=tuple(name_en for _, name_en in named),
        residential=np.array([tag.residential for tag in tags], bool),
        surface=np.array([surface_row.get(tag.surface, -1) for tag in tags], np.int32),
        surfaces=surfaces,
        width_m=np.array([tag.width_m for tag in tags], np.float64),
        shape_start=np.concatenate([[0], np.cumsum([len(s) for s in shapes])]).astype(np.int32),
        shape_lonlat=np.concatenate([np.zeros((0, 2)), *shapes]),
    )
