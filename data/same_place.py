"""Whether rows of two lists are one building: by 共通ID, or by name and place."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from data.readers.places import Place
from shelters.place import EvacuationSite, Shelter, WelfareShelter

NEAR_M: Final = 100.0
"""Two points of one name are one building up to here: a school's yard and its hall."""
FAR_M: Final = 1_000.0
"""Up to here one name may be one building: it is, where the address is the same too."""
TOUCHING_M: Final = 30.0
"""Two names so near each other may be one building."""
FAR_APART: Final = "one name, but over 100 m apart and not at one address: not joined"
TWO_PLACES: Final = "one 共通ID, but over 1 km apart: not joined"
TWO_NAMES: Final = "two names within 30 m: not joined"

_LEAST_NAME: Final = 4
"""Letters by which a longer name may end: 第一小学校 and 八王子市立第一小学校; not 体育館."""
_FOUNDERS: Final = tuple(f"{founder}立" for founder in "市町村区県都府道私国")
_SEPARATORS: Final = tuple("・/:_、,")
"""What may stand before a name that another one leaves out, as the city's own name may."""
_NOTE_BEHIND: Final = re.compile(r"\(.*\)$")
_COMMON_ID: Final = re.compile(r"[A-Z][0-9]{13}")
"""Other ids are a list's own: the same one in another list says nothing."""
_EARTH_M: Final = 6_371_009.0
_LETTERS: Final = str.maketrans("ヶヵがガ〇一二三四五六七八九", "ケケケケ0123456789")
_NUMBERED: Final = re.compile(r".*[^0-9-].*[0-9]")
_BETWEEN: Final = re.compile(r"[‐‑–—―−-]|丁目|番地の?|番|号")
_BEFORE_A_PLACE: Final = re.compile(r"(?:.*(?:[市区町村郡県都府字]|北海道))?")
"""本町1-2 is 架空市本町1-2, and not 日本町1-2."""

P = TypeVar("P", EvacuationSite, Shelter, WelfareShelter)


@dataclass(frozen=True, slots=True)
class Doubt(Generic[P]):
    """A place that may be the same building, why that is in doubt, and how far away it is."""

    place: P
    why: str
    away_m: float


class Lookup(Generic[P]):
    """A list of places in which the building of another list's place is looked up.

    `city` is the name that one list may write before a building's and another may not.
    """

    def __init__(self, places: Sequence[P], city: str = "") -> None:
        self._places: Sequence[P] = places
        self._before = (
            *_FOUNDERS,
            *_SEPARATORS,
            *filter(None, [_NOTE_BEHIND.sub("", folded_name(city))]),
        )
        self._xyz = _on_the_globe(places)
        self._tree = cKDTree(self._xyz) if len(places) else None
        self._addresses = [folded_address(place.address) for place in places]
        self._by_id = {place.id: row for row, place in enumerate(places)}
        names = [folded_name(place.name) for place in places]
        self._by_name = _rows_by((name, row) for row, name in enumerate(names))
        self._by_end = _rows_by(
            (end, row) for row, name in enumerate(names) for end in self._ends(name)
        )

    def find(self, place: Place) -> P | Doubt[P] | None:
        """The same building, one that may be it, or None."""
        xyz, address = _on_the_globe([place])[0], folded_address(place.address)
        doubt: Doubt[P] | None = None
        if _COMMON_ID.fullmatch(place.id) and place.id in self._by_id:
            row = self._by_id[place.id]
            away_m = float(np.linalg.norm(self._xyz[row] - xyz))
            if away_m <= FAR_M:
                return self._places[row]
            doubt = Doubt(self._places[row], TWO_PLACES, away_m)
        for rows in self._of_name(folded_name(place.name)):
            around = self._around(rows, xyz)
            for row, _ in around:
                if _one_address(address, self._addresses[row]):
                    return self._places[row]
            for row, away_m in around[:1]:
                if away_m <= NEAR_M:
                    return self._places[row]
                doubt = doubt or Doubt(self._places[row], FAR_APART, away_m)
        return doubt or self._touching(xyz)

    def _of_name(self, name: str) -> Iterator[NDArray[np.int64]]:
        """Rows of one name, then of names of which one ends in the other."""
        found = [self._by_name.get(name), self._by_end.get(name)]
        found += [self._by_name.get(end) for end in self._ends(name)]
        yield from (rows for rows in found if rows is not None)

    def _ends(self, name: str) -> list[str]:
        """What a shorter list may call it, the longest first: 第一小学校 for 架空市立第一小学校."""
        cuts = range(1, len(name) - _LEAST_NAME + 1)
        return [name[cut:] for cut in cuts if name[:cut].endswith(self._before)]

    def _around(self, rows: NDArray[np.int64], xyz: NDArray[np.float64]) -> list[tuple[int, float]]:
        """(row, metres) of those of some rows that are not too far, the nearest first."""
        away_m = np.linalg.norm(self._xyz[rows] - xyz, axis=1)
        near = np.flatnonzero(away_m <= FAR_M)
        near = near[away_m[near].argsort(kind="stable")]
        return list(zip(rows[near].tolist(), away_m[near].tolist(), strict=True))

    def _touching(self, xyz: NDArray[np.float64]) -> Doubt[P] | None:
        if self._tree is None:
            return None
        away_m, row = self._tree.query(xyz)
        if away_m > TOUCHING_M:
            return None
        return Doubt(self._places[int(row)], TWO_NAMES, float(away_m))


def _rows_by(names: Iterable[tuple[str, int]]) -> dict[str, NDArray[np.int64]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for name, row in names:
        found[name].append(row)
    return {name: np.array(rows) for name, rows in found.items()}


def folded_name(name: str) -> str:
    """A name for comparing: 絹ヶ丘 is 絹ケ丘, 第一 is 第1; width and spaces do not count."""
    return "".join(unicodedata.normalize("NFKC", name).split()).translate(_LETTERS)


def folded_address(address: str) -> str:
    """An address for comparing: 一丁目2番3号 is 1-2-3."""
    return _BETWEEN.sub("-", folded_name(address)).strip("-")


def _one_address(one: str, other: str) -> bool:
    """Whether two addresses are one house's: one may leave out the city; neither the number."""
    short, long = sorted((one, other), key=len)
    if not long.endswith(short) or _NUMBERED.fullmatch(short) is None:
        return False
    return _BEFORE_A_PLACE.fullmatch(long[: len(long) - len(short)]) is not None


def _on_the_globe(places: Sequence[Place]) -> NDArray[np.float64]:
    """(n, 3) metres from the middle of the earth: as straight as the ground within 1 km."""
    degrees = [(place.position.lat, place.position.lon) for place in places]
    lat, lon = np.radians(np.array(degrees, dtype=np.float64).reshape(-1, 2)).T
    return _EARTH_M * np.column_stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    )
