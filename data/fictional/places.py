"""The places: 指定緊急避難場所, 指定避難所 and 福祉避難所 (positions in metres)."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.fictional.addresses import Address
from data.fictional.areas import Areas
from data.fictional.drawing import Indices, Kinds
from data.fictional.land import Land
from data.fictional.names import Namebook, Stem
from data.fictional.noding import Sections
from data.town.frame import Array

APART_M: Final = 640.0
OFF_STREET_M: Final = 17.0
FROM_WATER_M: Final = 70.0
MEDIAN_INDOORS: Final = 1346
SUITS: Final = (
    ("洪崖地内", 90),
    ("地", 16),
    ("崖地", 15),
    ("洪崖内", 15),
    ("洪地内", 12),
    ("崖", 2),
)
"""How many sites are designated for which hazards (flood, landslide, earthquake, inland flood)."""
SCHOOLS: Final = (
    ("小学校", "しょうがっこう", "Elementary School", 0.46),
    ("中学校", "ちゅうがっこう", "Junior High School", 0.27),
    ("高等学校", "こうとうがっこう", "High School", 0.07),
    ("市民センター", "しみんせんたー", "Community Center", 0.12),
    ("体育館", "たいいくかん", "Gymnasium", 0.08),
)
GROUNDS: Final = (
    ("公園", "こうえん", "Park", 0.7),
    ("運動広場", "うんどうひろば", "Sports Ground", 0.3),
)
HOMES: Final = (
    ("福祉センター", "ふくしせんたー", "Welfare Center", 0.6),
    ("やすらぎ苑", "やすらぎえん", "Care Home", 0.4),
)
SHELTERS: Final = 134
SHELTERS_ONLY: Final = 4
WELFARE: Final = 20
BELOW_SLOPES: Final = 6
"""Sites in a yellow zone that are for floods and not for landslides: the trap of `safety.md` 1."""
Ending = tuple[str, str, str, float]


@dataclass(frozen=True, slots=True)
class Place:
    """A place with one character for each hazard it is designated for (洪崖地内).

    The capacities are persons: outdoors after an earthquake, indoors in a storm.
    """

    name: str
    name_en: str
    area: int
    x_m: float
    y_m: float
    suits: str
    outdoors: int
    indoors: int


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What must be known of the ground to choose places on it."""

    corners: Array
    flooded: NDArray[np.bool_]
    on_slope: NDArray[np.bool_]
    clear_of_slopes: NDArray[np.bool_]


def corners(
    sections: Sections, kinds: Kinds, land: Land, wet: BaseGeometry, yellow: BaseGeometry
) -> Ground:
    """List the junctions beside which a place may stand: on streets, away from open water."""
    streets = np.array(
        [k.highway in ("residential", "unclassified", "tertiary") for k in kinds.each]
    )
    ends = sections.where(streets[sections.kind])
    numbers = np.flatnonzero(ends.degrees() >= 3)
    dry = land.outline.buffer(-40.0).difference(land.water.buffer(FROM_WATER_M))
    xy = sections.xy[numbers]
    xy = xy[_within(dry.difference(land.rails.buffer(FROM_WATER_M)), xy)]
    margin_m = OFF_STREET_M + 1.0
    deep_inside, near = (yellow.buffer(side * margin_m) for side in (-1.0, 1.0))
    return Ground(xy, _within(wet, xy), _within(deep_inside, xy), ~_within(near, xy))


def _within(zone: BaseGeometry, xy: Array) -> NDArray[np.bool_]:
    shapely.prepare(zone)
    return np.asarray(shapely.contains_xy(zone, *xy.T), dtype=np.bool_)


def choose_places(
    ground: Ground, areas: Areas, addresses: list[Address], book: Namebook, rng: Generator
) -> tuple[list[Place], list[Place], list[Place]]:
    """Choose the sites, the shelters that are no sites, and the 福祉避難所."""
    count = sum(number for _, number in SUITS)
    chosen = _spread(ground, count + SHELTERS_ONLY + WELFARE, rng)
    sites, others = chosen[:count], chosen[count:]
    suits = _suits(ground, sites, rng)
    area = areas.numbers_at(ground.corners[chosen])
    endings = [_ending(GROUNDS if each == "地" else SCHOOLS, rng) for each in suits]
    endings += [_ending(SCHOOLS[3:], rng) for _ in range(SHELTERS_ONLY)]
    endings += [_ending(HOMES, rng) for _ in range(WELFARE)]
    names = _named(endings, [addresses[i].stem for i in area.tolist()], book)
    xy = _beside(ground.corners[chosen], rng)
    indoors = _indoors(len(chosen), rng)
    outdoors = np.round(indoors * rng.uniform(1.2, 3.4, len(chosen))).astype(int)
    places = [
        Place(name, english, int(area[i]), x_m, y_m, suit, int(outdoors[i]), int(indoors[i]))
        for i, ((name, english), suit, (x_m, y_m)) in enumerate(
            zip(names, [*suits, *[""] * len(others)], xy.tolist(), strict=True)
        )
    ]
    last = count + SHELTERS_ONLY
    return places[:count], places[count:last], places[last:]


def _spread(ground: Ground, count: int, rng: Generator) -> Indices:
    """Choose corners apart from each other; the first few stand in a yellow zone, no others do."""
    order = rng.permutation(len(ground.corners))
    first = order[ground.on_slope[order]]
    first = first[_apart(ground.corners[first], APART_M, BELOW_SLOPES)]
    order = np.concatenate([first, order[ground.clear_of_slopes[order]]])
    xy = ground.corners[order]
    apart_m = APART_M
    while True:
        kept = _apart(xy, apart_m, count)
        if len(kept) == count:
            break
        apart_m *= 0.94
    others = rng.permutation(kept[len(first) :])
    return np.asarray(order[np.concatenate([kept[: len(first)], others])], dtype=np.int64)


def _apart(xy: Array, apart_m: float, count: int) -> Indices:
    kept: list[int] = []
    free = np.ones(len(xy), dtype=bool)
    while len(kept) < count and free.any():
        number = int(free.argmax())
        kept.append(number)
        free &= np.hypot(*(xy - xy[number]).T) > apart_m
    return np.array(kept, dtype=np.int64)


def _suits(ground: Ground, sites: Indices, rng: Generator) -> list[str]:
    """Share out the designations: the first sites, below slopes, are not for landslides."""
    each = [suit for suit, number in SUITS for _ in range(number)]
    below = ["洪地内"] * int(ground.on_slope[sites].sum())
    for suit in below:
        each.remove(suit)
    reached = ground.flooded[sites[len(below) :]]
    pool = np.array(each)[rng.permutation(len(each))]
    dry_only = np.array(["洪" not in suit for suit in pool.tolist()])
    # Two of five in the flood's reach are for other hazards, as in real cities.
    wish = rng.random(len(pool)) + 0.9 * reached
    ranked = np.argsort(-wish, kind="stable")
    few = int(0.42 * reached.sum())
    given = np.empty(len(pool), dtype=pool.dtype)
    spare, wanted = pool[dry_only], pool[~dry_only]
    first, rest = ranked[:few], rng.permutation(ranked[few:])
    given[first] = spare[:few]
    given[rest] = np.concatenate([spare[few:], wanted])
    return [*below, *given.tolist()]


def _ending(endings: tuple[Ending, ...], rng: Generator) -> Ending:
    shares = np.array([share for *_, share in endings])
    return endings[int(rng.choice(len(endings), p=shares / shares.sum()))]


def _named(endings: list[Ending], stems: list[Stem], book: Namebook) -> list[tuple[str, str]]:
    """Name each place after its 町丁目, or another stem where that name is taken."""
    spare = list(reversed(book.stems))
    found = []
    for (kanji, kana, latin, _), own in zip(endings, stems, strict=True):
        stem = next(s for s in (own, *spare) if s.kanji + kanji not in book.readings)
        found.append((book.made(stem, kanji, kana), f"{stem.latin} {latin}"))
    return found


def _beside(xy: Array, rng: Generator) -> Array:
    angle = rng.uniform(0.0, 2.0 * np.pi, len(xy))
    beside: Array = xy + OFF_STREET_M * np.column_stack([np.cos(angle), np.sin(angle)])
    return beside


def _indoors(count: int, rng: Generator) -> Array:
    drawn = np.exp(rng.normal(0.0, 0.45, count))
    rooms: Array = np.round(MEDIAN_INDOORS * drawn / np.median(drawn)).astype(int)
    return rooms
