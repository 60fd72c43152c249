"""What somebody imagines: streets closed, places opened or closed, water, more people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from data.errors import NotThere
from hazards.closure import Closure, ObservedWater
from operations.errors import Refused
from routing.ground import Ground
from routing.picture import Picture
from routing.plan.turnout import Turnout
from routing.roads import Access
from routing.version import PlanVersion
from shelters.place import Opening, SiteState

NEAR_M: Final = 50.0
"""How far from a street a point may lie that means it."""
AROUND: Final = 0.1
"""Degrees around the streets within which an area may be drawn."""
MOST_STREETS: Final = 60
MOST_MORE: Final = 300
"""Percent: four times as many."""
NOT_REAL: Final = 2**40
"""Above the number of anything in force: what is imagined has none."""


@dataclass(frozen=True, slots=True)
class Imagined:
    """Streets of the ground (rows) that are `closed`, ids of sites that are `opened` and `shut`,
    areas in (lon, lat) that are `lost` to water, and how many percent `more` people come.
    `by_water`: water closes the streets, so that whoever it surrounds goes up (`safety.md` 5).
    `load`: that of the rows; "" where they are known to be those that answer.
    """

    closed: tuple[int, ...] = ()
    opened: tuple[str, ...] = ()
    shut: tuple[str, ...] = ()
    lost: tuple[BaseGeometry, ...] = ()
    more: int = 0
    load: str = ""
    by_water: bool = False

    @property
    def nothing(self) -> bool:
        """Whether nothing is imagined."""
        return not (self.opened or self.at_once)

    @property
    def at_once(self) -> bool:
        """Whether anything is imagined that is so as soon as it is said: a door opens later."""
        return bool(self.closed or self.shut or self.lost or self.more)

    @property
    def closes_alone(self) -> bool:
        """Whether streets are closed, and nothing else."""
        return bool(self.closed) and not (self.opened or self.shut or self.lost or self.more)

    @property
    def words(self) -> list[Any]:
        """All of it in plain values."""
        lost = [shapely.to_wkb(area, hex=True) for area in self.lost]
        by_water = self.by_water and bool(self.closed)
        return [self.load, self.closed, by_water, self.opened, self.shut, lost, self.more]


def check(version: PlanVersion, imagined: Imagined) -> None:
    """Raise `Refused` for what cannot be imagined, or is so already, `NotThere` for what is not."""
    ground = version.ground
    if imagined.nothing:
        raise Refused("何を変えるかを一つ以上選んでください（say what is different）")
    if len(imagined.closed) > MOST_STREETS:
        raise Refused(f"道は一度に{MOST_STREETS}本までです（at most {MOST_STREETS} streets）")
    if not 0 <= imagined.more <= MOST_MORE:
        raise Refused(f"人の増え方は 0〜{MOST_MORE} % です（0 to {MOST_MORE} percent）")
    for street in imagined.closed:
        if not 0 <= street < ground.roads.street_count:
            raise NotThere("その番号の道はありません（no street of that number）")
        if version.blocks.closed[street]:
            what = ground.roads.street_name(street) or "その道"
            raise Refused(f"{what}は、もう通行止めです（closed already）")
    both = set(imagined.opened) & set(imagined.shut)
    if both:
        raise Refused("同じ場所を開けて閉めることはできません（opened and shut at once）")
    ids = {site.id: site for site in ground.sites}
    for site in (*imagined.opened, *imagined.shut):
        if site not in ids:
            raise NotThere("その避難場所は、この市の一覧にありません（no such evacuation site）")
        opening = version.picture.openings[site].opening
        if opening is Opening.ENDANGERED and site in imagined.opened:
            raise Refused(
                f"{ids[site].name}は危険・孤立です。まず避難場所の画面で取り消してください"
                "（in danger: take that back first）"
            )
        receives = version.picture.openings[site].receives
        if receives is (site in imagined.opened):
            word = "開いて" if receives else "閉まって"
            raise Refused(f"{ids[site].name}は、もう{word}います（so already）")


def streets_at(ground: Ground, points: Iterable[tuple[float, float]]) -> tuple[int, ...]:
    """The street for walkers nearest to each point (lon, lat); raises `NotThere`."""
    found = []
    for lon, lat in points:
        at = shapely.Point(ground.metres.xy(np.array([[lon, lat]]))[0])
        near = ground.tree.query(at, predicate="dwithin", distance=NEAR_M)
        near = np.sort(near[ground.roads.admits(Access.FOOT)[near]])
        if not len(near):
            raise NotThere(f"その点の{NEAR_M:.0f} m 以内に道がありません（no street near there）")
        found.append(int(near[shapely.distance(ground.lines[near], at).argmin()]))
    return tuple(dict.fromkeys(found))


def streets_named(ground: Ground, name: str) -> tuple[int, ...]:
    """All streets for walkers of that name, else of names with it inside; raises `NotThere`, and
    `Refused` where they are too many to be meant.
    """
    name, names = name.strip(), ground.roads.names
    wanted = [row for row, one in enumerate(names) if one == name]
    wanted = wanted or [row for row, one in enumerate(names) if name and name in one]
    mine = np.isin(ground.roads.name, wanted) & ground.roads.admits(Access.FOOT)
    found = np.flatnonzero(mine)
    if not len(found):
        raise NotThere(f"「{name}」という道はありません（no street of that name）")
    if len(found) > MOST_STREETS:
        raise Refused(
            f"「{name}」の道は{len(found)}本あります。地図の点で選んでください（too many streets）"
        )
    return tuple(found.tolist())


def drawn(ground: Ground, areas: Iterable[BaseGeometry]) -> list[BaseGeometry]:
    """The parts of drawn areas, in (lon, lat), that lie around the city: what is farther off has no
    metres of its own. Raises `NotThere` for one of another place.
    """
    low, high = ground.roads.shape_lonlat.min(axis=0), ground.roads.shape_lonlat.max(axis=0)
    near = shapely.box(*(low - AROUND).tolist(), *(high + AROUND).tolist())
    found = []
    for area in areas:
        parts = shapely.get_parts(shapely.intersection(shapely.make_valid(area), near))
        mine = [part for part in parts.tolist() if part.area > 0]
        if not mine:
            raise NotThere("描いた区域は、この市の外です（緯度と経度が逆かもしれません: outside）")
        found += mine
    return found


def areas_named(ground: Ground, names: Sequence[str]) -> list[BaseGeometry]:
    """Some 町丁目 as one area in (lon, lat), none for no name; raises `NotThere`."""
    wanted, found = set(names), [area for area in ground.areas if area.name in set(names)]
    missing = sorted(wanted - {area.name for area in found})
    if missing:
        raise NotThere(f"「{missing[0]}」という町丁目はありません（no such area）")
    whole = shapely.union_all([area.geometry for area in found])
    return [part for part in shapely.get_parts(whole).tolist() if part.area > 0]


def imagined_picture(
    ground: Ground, picture: Picture, imagined: Imagined, now: datetime
) -> Picture:
    """The picture in which it is so."""
    openings = dict(picture.openings)
    openings |= dict.fromkeys(imagined.opened, SiteState(Opening.OPEN, now))
    openings |= dict.fromkeys(imagined.shut, SiteState(Opening.CLOSED, now))
    return replace(
        picture,
        openings=openings,
        closures=(*picture.closures, *_closures(ground, imagined, now)),
        observed=(*picture.observed, *_waters(ground, imagined.lost, now)),
    )


def more_people(turnout: Turnout, percent: int) -> Turnout:
    """So many percent more come of those who are told to go, never more than all."""
    each = ("level_3", "level_4", "zoned_level_3", "zoned_level_4")
    grown = {name: min(getattr(turnout, name) * (1 + percent / 100), 1.0) for name in each}
    return replace(turnout, **grown)


def _closures(ground: Ground, imagined: Imagined, now: datetime) -> list[Closure]:
    nothing, wet = shapely.LineString(), imagined.by_water
    return [
        Closure(NOT_REAL + row, (street,), "仮定", ground.lines[street], nothing, now, wet)
        for row, street in enumerate(imagined.closed)
    ]


def _waters(ground: Ground, areas: Sequence[BaseGeometry], now: datetime) -> list[ObservedWater]:
    return [
        ObservedWater(NOT_REAL + row, "仮定", shapely.transform(area, ground.metres.xy), now)
        for row, area in enumerate(areas)
    ]
