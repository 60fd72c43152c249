"""The names of the 町丁目, in the two spellings in which real files disagree."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from data.fictional.areas import Areas
from data.fictional.drawing import Indices, points
from data.fictional.land import Land
from data.fictional.names import CHOME, KANJI_DIGITS, Namebook, Stem
from data.town.frame import Array

GROUPS: Final = 74
HILLY_M: Final = 14.0
LARGEST: Final = 8


@dataclass(frozen=True, slots=True)
class Address:
    """The name of a 町丁目 in the boundary file, in the table of households, and its stem."""

    name: str
    counted_as: str
    stem: Stem


def name_areas(areas: Areas, land: Land, book: Namebook) -> list[Address]:
    """Name all areas: neighbours share a stem, as 一丁目, 二丁目 and so on."""
    middles = areas.middles
    group = _groups(middles)
    hilly = land.hills_at(middles) > HILLY_M
    found: dict[int, Address] = {}
    for number, stem in zip(range(group.max() + 1), book.stems, strict=False):
        members = sorted(np.flatnonzero(group == number).tolist(), key=lambda i: middles[i, 0])
        is_hill = bool(hilly[members].mean() > 0.5)
        for place, area in enumerate(members):
            found[area] = _address(stem, is_hill, place if len(members) > 1 else None, book)
    return [found[area] for area in range(len(middles))]


def _address(stem: Stem, hilly: bool, place: int | None, book: Namebook) -> Address:
    if hilly:
        ending, other, kana = "ヶ丘", "ケ丘", "がおか"
    elif place is None:
        ending, other, kana = "町", "町", "まち"
    else:
        ending, other, kana = "", "", ""
    if place is not None:
        ending += f"{KANJI_DIGITS[place]}丁目"
        other += f"{place + 1}丁目"
        kana += f"{CHOME[place]}ちょうめ"
    return Address(book.made(stem, ending, kana), book.made(stem, other, kana), stem)


def _groups(middles: Array) -> Indices:
    """Gather areas around the ones farthest from each other; none becomes too large."""
    seeds = [0]
    away = np.hypot(*(middles - middles[0]).T)
    while len(seeds) < GROUPS:
        seeds.append(int(away.argmax()))
        away = np.minimum(away, np.hypot(*(middles - middles[seeds[-1]]).T))
    nearest = shapely.STRtree(points(middles[seeds])).nearest(points(middles))
    group = np.asarray(nearest, dtype=np.int64)
    for number in range(GROUPS):
        beyond = np.flatnonzero(group == number)[LARGEST:]
        group[beyond] = group.max() + 1
    return group
