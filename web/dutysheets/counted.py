"""Numbers that several prints have: people in places, households under orders."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shelters.place import Opening
from web.dutysheets.cells import UNKNOWN

FEW: Final = "少数（10世帯未満）"
_OPEN: Final = frozenset({Opening.OPEN, Opening.FULL})
Row = Mapping[str, Any]


def head_count(sites: Mapping[str, Row]) -> tuple[int | None, int, int]:
    """Persons in the places that somebody counted (None: in none), also where a place is closed or
    in danger by now; how many those places are, and how many receive people uncounted.
    """
    known = [one["persons"] for one in sites.values() if one["persons"] is not None]
    unknown = sum(one["persons"] is None and bool(one.get("receives")) for one in sites.values())
    return (sum(known) if known else None), len(known), unknown


def open_count(sites: Mapping[str, Row]) -> tuple[int, int]:
    """Places that somebody opened, and those that are open by the city's plan alone."""
    openings = [one["opening"] for one in sites.values()]
    return sum(one in _OPEN for one in openings), openings.count(Opening.UNCONFIRMED)


def target_of(city: Row) -> int | None:
    """Households under any order, each once; None where nobody knows who lives where."""
    return city.get("target") if city.get("households") else None


def households_words(orders: Sequence[Row], city: Row, *, alone: bool) -> str:
    """Households under these orders, each once: their sum where no area is in two of them. `alone`:
    no other order is in force. Where no more is known, as many as the largest has, at least.
    """
    counts = [one["households"] for one in orders]
    if None in counts or not city.get("households"):
        return UNKNOWN
    if len(orders) == 1 or any(one.get("whole_city") for one in orders):
        return f"{max(counts):,}世帯"
    target = target_of(city)
    if alone and target is not None:
        return f"{target:,}世帯"
    return f"{sum(counts):,}世帯" if _are_apart(orders) else f"{max(counts):,}世帯以上"


def unreached_words(orders: Sequence[Row], city: Row, *, alone: bool) -> str:
    """Households that alerts for these orders did not reach; one alert may be for several orders,
    so theirs are never added up. Too few to be told apart are said as few.
    """
    if len(orders) > 1 and alone and (city.get("unreached") is not None):
        return f"{city['unreached']:,}世帯"
    few = any(one.get("unreached_few") for one in orders)
    counts = [one["unreached"] for one in orders if not one.get("unreached_few")]
    if None in counts:
        return UNKNOWN
    if not counts:
        return FEW if few else UNKNOWN
    return f"{max(counts):,}世帯{'以上' if len(orders) > 1 else ''}"


def _are_apart(orders: Sequence[Row]) -> bool:
    names = [name for one in orders for name in one["area_names"]]
    return all(one["area_names"] for one in orders) and len(set(names)) == len(names)
