"""What is imagined, as plain tables: counts by place and 町丁目, never a household."""

from collections import Counter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data.delivery.ledger import LEAST_CELL
from operations.imagining.effect import Effect, counted
from operations.imagining.flowtables import flows_of
from operations.imagining.imagined import Imagined
from operations.imagining.outlines import multipolygon
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
        "load": today.load,
        "digest": effect.digest,
        "seconds": round(effect.seconds, 3),
        "imagined": imagined_table(today.version, effect.imagined),
        "gap": after.figures.gap,
        "cut_off": {
            **_cut_off(effect),
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
        "flows": flows_of(effect),
        "waits": effect.waits,
        "until": _until(effect.until),
    }


def _until(effect: Effect | None) -> dict[str, Any] | None:
    """What is so at once, before the doors are open that are to open."""
    if effect is None:
        return None
    persons = effect.today.basis.homes.persons
    return {
        "cut_off": _cut_off(effect),
        "no_room": _people(effect.roomless, persons),
        "moved": _people(effect.moved, persons),
        "on_the_way": {"turned": int(effect.turned.sum())},
    }


def _cut_off(effect: Effect) -> dict[str, Any]:
    """Of `households`, to how many it is said that they go up at once (`secure_now`)."""
    persons = effect.today.basis.homes.persons
    return {**_people(effect.cut, persons), "secure_now": int(effect.secured.sum())}


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
        "by_water": imagined.by_water,
        "open": [{"id": one, "name": names[one], "now": words[one]} for one in imagined.opened],
        "shut": [{"id": one, "name": names[one], "now": words[one]} for one in imagined.shut],
        "lost": [{"area": multipolygon(area)} for area in imagined.lost],
        "more": imagined.more,
    }


def _people(who: Bools, persons: NDArray[np.int16]) -> dict[str, int]:
    return {"households": int(who.sum()), "persons": int(persons[who].sum())}


def _areas(today: Today, who: Bools) -> list[dict[str, Any]]:
    """By 町丁目, the most households first; those of fewer than `LEAST_CELL` are one, ""."""
    ground = today.version.ground
    counts: Counter[int] = Counter()
    for row, count in Counter(today.basis.homes.area[who].tolist()).items():
        counts[row if count >= LEAST_CELL else NOWHERE] += count
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
    before, after = effect.before.flows.time[who], effect.flows.time[who]
    both = (before >= 0) & (after >= 0)
    if not both.any():
        return None
    return round(float((after - before)[both].mean()) / MINUTE, 1)


def _moves(effect: Effect) -> list[dict[str, Any]]:
    """Whence and whither, the most first; those of fewer than `LEAST_CELL` are one row, `few`."""
    told, after = effect.before.assigned.site, effect.after.site
    ground = effect.today.version.ground
    moved = np.flatnonzero(effect.moved | effect.cut | effect.roomless)
    rows: list[dict[str, Any]] = []
    few = np.zeros(len(told), bool)
    for before, then, count in counted(told[moved], after[moved]):
        mine = np.zeros(len(told), bool)
        mine[moved] = (told[moved] == before) & (after[moved] == then)
        if count < LEAST_CELL:
            few |= mine
        elif len(rows) < MOST_ROWS:
            rows.append(_move(effect, mine, _site(ground, before), _site(ground, then)))
    return [*rows, {**_move(effect, few, None, None), "few": True}] if few.any() else rows


def _move(
    effect: Effect, mine: Bools, before: dict[str, str] | None, after: dict[str, str] | None
) -> dict[str, Any]:
    return {
        "before": before,
        "after": after,
        "households": int(mine.sum()),
        "cut_off": int((mine & effect.cut).sum()),
        "secure_now": int((mine & effect.secured).sum()),
        "minutes": _minutes(effect, mine),
        "few": False,
    }


def _site(ground: Ground, row: int) -> dict[str, str] | None:
    return None if row == NOWHERE else {"id": ground.sites[row].id, "name": ground.sites[row].name}


def _sites(effect: Effect) -> list[dict[str, Any]]:
    """Places to which another number comes than now, the most changed first."""
    before, after = effect.before.assigned.load, effect.after.load
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
