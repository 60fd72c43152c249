"""Whether a bulletin speaks of a place."""

from dataclasses import dataclass, replace

from hazards.bulletin import AreaKind, Bulletin, BulletinItem


@dataclass(frozen=True, slots=True)
class Place:
    """Of whom a bulletin speaks here: the city's code of five digits, and its rivers by name."""

    code: str
    rivers: frozenset[str] = frozenset()


def concerns(item: BulletinItem, place: Place) -> bool:
    """Whether an item speaks of a place.

    Municipalities decide where any are named. A river that the place knows counts too, and regions
    where nothing finer is named, both in the place's prefecture.
    """
    of = {kind: [one.code for one in item.areas if one.kind is kind] for kind in AreaKind}
    towns, regions = of[AreaKind.MUNICIPALITY], of[AreaKind.REGION]
    near = not regions or any(code[:2] == place.code[:2] for code in regions)
    if any(code[:5] == place.code for code in towns):
        return True
    if near and any(item.is_of_river(river) for river in place.rivers):
        return True
    return near and bool(regions) and not towns


def here(bulletin: Bulletin, place: Place) -> Bulletin:
    """The same bulletin with those items that concern a place."""
    return replace(bulletin, items=tuple(one for one in bulletin.items if concerns(one, place)))
