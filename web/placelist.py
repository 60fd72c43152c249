"""Which places are listed as ones to go to, which as ones never to go to, and in which order."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from city.daylight import is_night
from city.traveller import Profile
from routing.nearby import Nearby, nearby
from routing.version import PlanVersion
from routing.weights import FAR
from shelters.place import Opening, SiteState
from web.clock import Clock
from web.crowding import NEVER_GO, Crowd, PublicState, crowd_of, opening_of
from web.language import Translate
from web.placeasked import Where, missing_at
from web.placeview import hazard_words, metres_words

NEVER: Final = 8
"""Places near by that are not to be gone to, on a page that begins at a door."""
LATER: Final = (Opening.PREPARING, Opening.UNOPENED)


@dataclass(frozen=True, slots=True)
class Listed:
    """A site with all that its row is made of; `row` counts in the ground.

    `avoid` says why nobody goes there; empty where nothing is known against it.
    """

    row: int
    crowd: Crowd
    opening: Opening
    avoid: tuple[str, ...]
    far: float


@dataclass(frozen=True, slots=True)
class Unsuited:
    """Places that are no destination now, by the reason: only their names."""

    why: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """All sites: those to go to, nearest first and those that open later after them; those never
    to go to; and those that suit other hazards, or that no way leads to.
    """

    going: tuple[Listed, ...]
    never: tuple[Listed, ...]
    others: tuple[Unsuited, ...]


def profile_of(where: Where) -> Profile:
    """Slow by default: nobody is promised a faster walk than the slowest of them walks."""
    wheels = where.household.profile is Profile.WHEELCHAIR
    return Profile.WHEELCHAIR if wheels else Profile.SLOW


def is_dark(where: Where, now: datetime) -> bool:
    """Whether people walk in the dark there; unknown where none asked from one point."""
    return where.at is not None and is_night(where.at, now)


def walks_from(version: PlanVersion, where: Where, now: datetime) -> Nearby | None:
    """The ways from where one asked, as guidance leads now; None where none begins at one point."""
    if where.at is None or not where.joined:
        return None
    conditions = version.conditions(
        profile_of(where),
        night=is_dark(where, now),
        hazards=where.hazards,
        level=where.asked_level,
    )
    return nearby(version, conditions, *version.ground.metres.of(where.at))


def sorted_out(
    version: PlanVersion,
    states: Mapping[str, PublicState],
    where: Where,
    walks: Nearby | None,
    clock: Clock,
    t: Translate,
) -> Lists:
    """Every site in its list."""
    going: list[Listed] = []
    never: list[Listed] = []
    others: defaultdict[str, list[str]] = defaultdict(list)
    missing, endangered = missing_at(version, where.hazards)
    far = _far(version, where, walks)
    for row, site in enumerate(version.ground.sites):
        state, planned = states.get(site.id), version.picture.openings[site.id]
        opening = opening_of(state, planned).opening
        if opening in (Opening.CLOSED, Opening.ENDANGERED) or endangered[row]:
            never.append(_avoided(row, opening, endangered[row], _Known(state, planned), clock, t))
        elif missing[row]:
            words = hazard_words(missing[row], t)
            others[t("{hazards}には使えません").format(hazards=words)].append(site.name)
        elif walks and walks.cost[row] >= FAR:
            others[t("ここから通れる道が見つかりません")].append(site.name)
        else:
            crowd = crowd_of(state, planned, clock, t)
            going.append(Listed(row, crowd, opening, (), far[row]))
    going.sort(key=lambda one: (one.opening in LATER, one.far, one.row))
    return Lists(
        tuple(going),
        tuple(never),
        tuple(Unsuited(why, tuple(names)) for why, names in sorted(others.items())),
    )


def avoided_near(
    version: PlanVersion, lists: Lists, shown: Sequence[Listed], where: Where
) -> tuple[Listed, ...]:
    """Those that somebody might go to by habit: as near as the places that are shown."""
    if where.at is None:
        return lists.never
    away = straight_m(version, where)
    reach = max((away[one.row] for one in shown), default=float("inf"))
    near = [one for one in lists.never if away[one.row] <= reach]
    return tuple(sorted(near, key=lambda one: away[one.row])[:NEVER])


def way_words(
    version: PlanVersion, row: int, where: Where, walks: Nearby | None, t: Translate
) -> str:
    """980 m・約29分; straight on where no way begins; for the whole city the area's name."""
    if where.at is None:
        area = version.ground.area_at(*version.ground.site_xy[row].tolist())
        return area.name if area else ""
    if walks is None:
        return t("直線で{metres}").format(metres=metres_words(straight_m(version, where)[row]))
    found = walks.walk_to(row)
    if found is None:
        return ""
    minutes = t("約{minutes}分").format(minutes=max(-(-found.duration_s // 60), 1))
    return f"{metres_words(found.distance_m)}{t('・')}{minutes}"


def straight_m(version: PlanVersion, where: Where) -> list[float]:
    """Metres from where one asked to each site, as the crow flies."""
    at = version.ground.metres.of(where.at) if where.at else (0.0, 0.0)
    metres: list[float] = np.hypot(*(version.ground.site_xy - at).T).tolist()
    return metres


@dataclass(frozen=True, slots=True)
class _Known:
    """A site's state in the stream, and its opening in the plan."""

    state: PublicState | None
    planned: SiteState


def _avoided(
    row: int, opening: Opening, danger: str, known: _Known, clock: Clock, t: Translate
) -> Listed:
    crowd = crowd_of(known.state, known.planned, clock, t)
    if crowd.sign != "stop":
        # However much room it has: nobody is to be drawn there.
        crowd = Crowd("stop", t("危険"))
    why = (t(NEVER_GO), *((t(danger),) if danger else ()))
    return Listed(row, crowd, opening, why, 0.0)


def _far(version: PlanVersion, where: Where, walks: Nearby | None) -> list[float]:
    """By what the sites are ordered: the cost of the way, or else metres; or their area's place in
    the city's own list.
    """
    if walks is not None:
        costs: list[float] = walks.cost.astype(float).tolist()
        return costs
    if where.at is not None:
        return straight_m(version, where)
    ground = version.ground
    order = {area.code: number for number, area in enumerate(ground.areas)}
    areas = (ground.area_at(x, y) for x, y in ground.site_xy.tolist())
    return [float(order[area.code] if area else len(order)) for area in areas]
