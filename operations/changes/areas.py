"""Places of the city by the names that people write."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from city.area import Area, folded
from data.errors import NotThere

SHOWN: Final = 6


def area_of(areas: Sequence[Area], names: Sequence[str]) -> BaseGeometry:
    """The union of all areas of these names in (lon, lat): a 町丁目 may lie in several parts.

    Raises `NotThere` naming those that are unknown.
    """
    by_name: dict[str, list[BaseGeometry]] = {}
    for area in areas:
        by_name.setdefault(folded(area.name), []).append(area.geometry)
    unknown = [name for name in names if folded(name) not in by_name]
    if unknown:
        known = "、".join(likest(unknown[0], [area.name for area in areas])) or "none"
        what = f"no such area: {'、'.join(unknown)} (there are: {known})"
        raise NotThere(f"{what}: write the whole name of a 町丁目")
    return shapely.union_all([shape for name in names for shape in by_name[folded(name)]])


def likest(name: str, names: Sequence[str]) -> list[str]:
    """The names most like one that nobody has, and how many more there are."""
    likeness = SequenceMatcher(b=folded(name))

    def unlike(other: str) -> float:
        likeness.set_seq1(folded(other))
        return -likeness.ratio()

    shown = sorted(dict.fromkeys(names), key=unlike)
    return [*shown[:SHOWN], *([f"… {len(shown)} in all"] if len(shown) > SHOWN else [])]
