"""How long people need from a decision until they are there, by the newest plan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from city.area import folded
from city.position import Metres
from city.traveller import Profile
from data.errors import NotThere
from data.homepoints import home_points
from data.rows import read_sites
from hazards.dutysettings import DUTIES, DutySettings, duty_settings_from
from hazards.orderdeadline import TimeNeeded
from operations.board.look import remembered
from operations.duties.seen import Seen
from operations.errors import Refused
from operations.published.decided import Decided, newest_decided
from routing.plan.assigned import NOWHERE
from routing.rules import Rules, rules_from

DETOUR: Final = 1.4
"""How much longer the way is than a straight line: policy, as in 逃げ地図 along streets."""
_newest: dict[tuple[object, ...], "Walks | None"] = {}
"""Of the newest version alone: they are as many numbers as the city has households."""
_NOT_YET: Final = "not read yet"
SHARE: Final = 95
"""Of a hundred households, who are there by then."""


@dataclass(frozen=True, slots=True, eq=False)
class Walks:
    """Straight metres from each household to its place by the name of its 町丁目, folded ("": in
    none); NaN for a household that has no place, as all have that nobody told to go yet.
    """

    by_area: Mapping[str, NDArray[np.float64]]

    def metres(self, names: Iterable[str]) -> NDArray[np.float64]:
        """Of the households of these 町丁目; of all without a name."""
        wanted = [folded(name) for name in names] or list(self.by_area)
        parts = [self.by_area[name] for name in wanted if name in self.by_area]
        return np.concatenate(parts) if parts else np.zeros(0)


class Pace:
    """The city's settings, and how far its households walk by the plan."""

    def __init__(self, seen: Seen) -> None:
        self.settings: DutySettings = duty_settings_from(seen.load.settings.get(DUTIES, {}))
        self.rules: Rules = rules_from(seen.load.settings)
        self.walks = _walks(seen)

    @property
    def speed_m_s(self) -> float:
        """A slow pace by daylight."""
        return self.rules.speed_m_s[Profile.SLOW]

    def needed(self, names: Iterable[str] = ()) -> TimeNeeded:
        """For these 町丁目, or the whole city: all but one household in twenty are there.

        Never less than where nothing is known, unless every household there has a place.
        """
        metres = self.walks.metres(names) if self.walks else np.zeros(0)
        placed = metres[np.isfinite(metres)]
        known = bool(len(placed)) and len(placed) == len(metres)
        seconds = (
            float(np.percentile(placed, SHARE)) * DETOUR / self.speed_m_s if len(placed) else 0.0
        )
        if not known:
            # Those whose way nobody knows may walk further than those who have a place.
            seconds = max(seconds, self.settings.unknown_walk_min * 60)
        return TimeNeeded(
            telling=timedelta(minutes=self.settings.telling_min),
            delay=timedelta(seconds=self.rules.start_delay_s),
            walk=timedelta(seconds=seconds),
            is_known=known,
        )


def needed_table(pace: Pace, needed: TimeNeeded) -> dict[str, Any]:
    """In minutes upwards, with what they are reckoned of."""
    return {
        "whole_min": _minutes(needed.whole),
        "telling_min": _minutes(needed.telling),
        "delay_min": _minutes(needed.delay),
        "walk_min": _minutes(needed.walk),
        "known": needed.is_known,
        "speed": pace.speed_m_s,
        "share": SHARE,
    }


def _minutes(length: timedelta) -> int:
    return -(-length // timedelta(minutes=1))


def _walks(seen: Seen) -> Walks | None:
    """None where no plan of this load is published, or nobody has a place in it."""
    plan = seen.state["plan"].get("newest")
    if plan is None or plan.get("earlier_load"):
        return None
    key = ("walks", str(seen.load.token), plan["number"], plan["published_at"])
    known = _newest.get(key, _NOT_YET)
    if not isinstance(known, str):
        return known
    made = _read(seen)
    _newest.clear()
    _newest[key] = made
    return made


def _read(seen: Seen) -> Walks | None:
    try:
        with seen.connection.begin_nested():
            found = newest_decided(seen.connection)
    except (NotThere, Refused):
        return None
    homes, places = remembered(("stand", str(seen.load.token), seen.load.id), lambda: _stand(seen))
    return walks_of(found, homes, places)


def walks_of(
    found: Decided, homes: NDArray[np.float64], places: NDArray[np.float64]
) -> Walks | None:
    """Of `homes` (H, 2) and `places` (S, 2) in metres; None where nobody has a place."""
    there = found.assigned.site != NOWHERE
    if not there.any():
        return None
    straight = np.full(len(there), np.nan)
    straight[there] = np.hypot(*(homes[there] - places[found.assigned.site[there]]).T)
    return Walks(_by_area(straight, found.area, found.areas))


def _by_area(
    straight: NDArray[np.float64], area: NDArray[np.int64], names: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    order = np.argsort(area, kind="stable")
    rows, begins = np.unique(area[order], return_index=True)
    parts = np.split(straight[order], begins[1:])
    return {
        folded(names[row]) if row >= 0 else "": part for row, part in zip(rows, parts, strict=True)
    }


def _stand(seen: Seen) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where households and places stand, in metres: they never change while a load does not."""
    metres = Metres(seen.card.crs)
    sites = read_sites(seen.connection, seen.load.id)
    places = np.array([(one.position.lon, one.position.lat) for one in sites])
    return metres.xy(home_points(seen.connection, seen.load.id)), metres.xy(places)
