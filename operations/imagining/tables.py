"""What is imagined, as plain tables: counts by place and 町丁目, never a household."""

from collections import Counter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from operations.imagining.effect import Effect, counted
from operations.imagining.flowtables import flow_differences
from operations.imagining.imagined import Imagined
from operations.imagining.streets import MINUTE, area_name, street_row
from operations.imagining.today import Today
from routing.ground import Ground
from routing.homes import Bools
from routing.plan.assigned import NOWHERE
from routing.plan.turnout import HUNDREDTHS
from routing.version import PlanVersion
from shelters.opening import OPENING_WORDS

MOST_ROWS: Final = 200


def effect_table(effect: Effect) -> dict[str, Any]:
    """All that `POST /api/v1/headquarters/imagined` answers of an effect."""
    today, after = effect.today, effect.after
    persons = today.basis.homes.persons
    return {
        **about(today),
        "digest": effect.digest,
        "seconds": round(effect.seconds, 3),
        "imagined": imagined_table(today.version, effect.imagined),
        "gap": after.figures.gap,
        "cut_off": {
            **_people(effect.cut, persons),
            "areas": _areas(today, effect.cut),
        },
        "no_room": {**_people(effect.roomless, persons), "areas": _areas(today, effect.roomless)},
        "moved": {
            **_people(effect.moved, persons),
            "least": after.figures.least,
            "minutes": _minutes(effect, effect.moved),
            "areas": _areas(today, effect.moved),
        },
        "another_way": {
            **_people(effect.way, persons),
            "minutes": _minutes(effect, effect.way),
        },
        "farther": {**_people(effect.farther, persons), "areas": _areas(today, effect.farther)},
        "on_the_way": {
            "turned": int(effect.turned.sum()),
            "rerouted": int(effect.rerouted.sum()),
        },
        "moves": _moves(effect),
        "sites": _sites(effect),
        "flows": flow_differences(effect),
        "waits": effect.waits,
    }


def about(today: Today) -> dict[str, Any]:
    """On which version something was computed, and for how many households."""
    version = today.version
    return {
        "version": version.number,
        "as_of": version.picture.as_of.isoformat(timespec="seconds"),
        "households": len(today.basis.homes),
    }


def imagined_table(version: PlanVersion, imagined: Imagined) -> dict[str, Any]:
    """What is imagined, with names and lines."""
    ground = version.ground
    names = {site.id: site.name for site in ground.sites}
    words = {key: OPENING_WORDS[state.opening] for key, state in version.picture.openings.items()}
    return {
        "close": [street_row(ground, street) for street in imagined.closed],
        "open": [{"id": one, "name": names[one], "now": words[one]} for one in imagined.opened],
        "shut": [{"id": one, "name": names[one], "now": words[one]} for one in imagined.shut],
        "lost": [{"rings": [_ring(part) for part in _parts(area)]} for area in imagined.lost],
        "more": imagined.more,
    }


def _people(who: Bools, persons: NDArray[np.int16]) -> dict[str, int]:
    return {"households": int(who.sum()), "persons": int(persons[who].sum())}


def _areas(today: Today, who: Bools) -> list[dict[str, Any]]:
    """By 町丁目, the most households first."""
    ground = today.version.ground
    counts = Counter(today.basis.homes.area[who].tolist())
    rows = []
    for row, count in counts.most_common(MOST_ROWS):
        at = None
        if row >= 0:
            middle = ground.areas[row].geometry.representative_point()
            at = [round(middle.x, 5), round(middle.y, 5)]
        rows.append({"area": area_name(ground, row), "households": count, "at": at})
    return rows


def _minutes(effect: Effect, who: Bools) -> float | None:
    """Minutes that those walk longer on average who had a way and have one."""
    before, after = effect.today.flows.time[who], effect.flows.time[who]
    both = (before >= 0) & (after >= 0)
    if not both.any():
        return None
    return round(float((after - before)[both].mean()) / MINUTE, 1)


def _moves(effect: Effect) -> list[dict[str, Any]]:
    told, after, ground = effect.today.told.site, effect.after.site, effect.today.version.ground
    lost = effect.cut | effect.roomless
    moved = np.flatnonzero(effect.moved | lost)
    rows = []
    for before, then, count in counted(told[moved], after[moved])[:MOST_ROWS]:
        mine = np.zeros(len(told), bool)
        mine[moved] = (told[moved] == before) & (after[moved] == then)
        rows.append(
            {
                "before": _site(ground, before),
                "after": _site(ground, then),
                "households": count,
                "cut_off": int((mine & effect.cut).sum()),
                "minutes": _minutes(effect, mine),
            }
        )
    return rows


def _site(ground: Ground, row: int) -> dict[str, str] | None:
    return None if row == NOWHERE else {"id": ground.sites[row].id, "name": ground.sites[row].name}


def _sites(effect: Effect) -> list[dict[str, Any]]:
    """Places to which another number comes than now, the most changed first."""
    before, after = effect.today.told.load, effect.after.load
    spaces, ground = effect.evening.spaces, effect.today.version.ground
    rows = []
    full = effect.gets_full
    for row in np.argsort(-np.abs(after - before), kind="stable").tolist():
        if before[row] == after[row]:
            break
        site = ground.sites[row]
        space = spaces.get(site.id)
        rows.append(
            {
                "id": site.id,
                "name": site.name,
                "inside": space.inside if space else 0,
                "capacity": space.ordinary if space else None,
                "coming": -(-int(before[row]) // HUNDREDTHS),
                "coming_then": -(-int(after[row]) // HUNDREDTHS),
                "gets_full": bool(full[row]),
            }
        )
    return rows[:MOST_ROWS]


def _parts(area: Any) -> list[Any]:
    return list(getattr(area, "geoms", [area]))


def _ring(part: Any) -> list[list[float]]:
    return [[round(lon, 6), round(lat, 6)] for lon, lat, *_ in part.exterior.coords]
