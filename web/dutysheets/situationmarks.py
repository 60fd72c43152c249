"""Signs and names on an A3 状況図: none covers another, and no place is named at level 5."""

from collections.abc import Sequence
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel, HazardKind
from web.dutysheets.scene import FINE, UNSURE, Ordered, Placed, Situation, points
from web.frame import Frame
from web.labels import Labels
from web.mapsigns import furniture, north_of, scale_of

_LETTER: Final = 8 * FINE
_ASIDE: Final = (0, -40, 40)
_DOWN: Final = (0, 18, -18, 36, -36)
"""Points by which a level's sign is moved where another one is."""
_SLIVER_M2: Final = 100.0
"""Neighbours along a border are not under an order."""


def labels_of(found: Situation) -> Labels:
    """Signs first, then places that receive people, teams, the areas under orders, rivers."""
    frame = found.ground.frame
    fixed = furniture(frame, scale_of(frame, []), north_of(frame, []))
    labels = Labels(frame, _LETTER, shapely.Point(), list(fixed), signs=tuple(fixed))
    for x, y, _, word in order_marks(found):
        labels.taken.append(_mark_box(x, y, word))
    for site in found.sites:
        x, y = points(frame, site.x, site.y)
        labels.keep_free(x * FINE, y * FINE, 7 * FINE)
    for name, x, y in found.teams:
        labels.add(name, *(n * FINE for n in points(frame, x, y)), strong=True)
    for site in sorted(found.sites, key=_by_sureness):
        if site.named:
            at = [n * FINE for n in points(frame, site.x, site.y)]
            is_sure = site.receives and site.sign != UNSURE
            words = f"{site.name} {site.words}".strip() if is_sure else site.name
            labels.add_beside(words, at[0], at[1], 7 * FINE)
    for area, shape in found.ground.named:
        part = shapely.intersection(shape, frame.box)
        if any(one.area.intersection(part).area > _SLIVER_M2 for one in found.orders):
            point = part.representative_point()
            x, y = (n * FINE for n in points(frame, point.x, point.y))
            labels.add_beside(area, x, y, 0)
    return labels


def order_marks(found: Situation) -> list[list[Any]]:
    """Level and hazard of each order inside it, the highest first; none covers another."""
    frame = found.ground.frame
    marks: list[list[Any]] = []
    taken: list[BaseGeometry] = []
    for one in sorted(found.orders, key=by_level, reverse=True):
        inside = shapely.intersection(one.area, frame.box)
        point = (inside if not inside.is_empty else one.area).representative_point()
        word = f"{LEVEL_WORDS[AlertLevel(one.level)]}　{HAZARD_WORDS[HazardKind(one.hazard)]}"
        x, y = points(frame, point.x, point.y)
        spots = [(x + aside, y + down) for aside in _ASIDE for down in _DOWN]
        free = (at for at in spots if not _covered(_mark_box(*at, word), taken, frame))
        x, y = next(free, (x, y))
        taken.append(_mark_box(x, y, word))
        marks.append([x, y, str(one.level), word])
    return marks


def _mark_box(x: float, y: float, word: str) -> BaseGeometry:
    """What a level's sign covers, in units."""
    half = (len(word) + 2) * 9 / 2
    west, east, north, south = x - half, x + half, y - 8, y + 8
    return shapely.box(west * FINE, north * FINE, east * FINE, south * FINE)


def _covered(box: BaseGeometry, taken: Sequence[BaseGeometry], frame: Frame) -> bool:
    whole = shapely.box(0, 0, frame.width, frame.height)
    return not whole.contains(box) or any(box.intersects(one) for one in taken)


def by_level(one: Ordered) -> int:
    """For drawing the highest level last."""
    return one.level


def _by_sureness(one: Placed) -> tuple[bool, bool]:
    """Places that somebody opened first, then those open by the plan alone, then the others."""
    return not one.receives, one.sign == UNSURE
