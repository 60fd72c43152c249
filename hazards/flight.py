"""A drone's flight: who flew what, for which mission, by which right, and along which way."""

import math
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Final

from pyproj import Geod

from city.position import Position
from hazards.aiming import FLAT
from hazards.errors import HazardError

WIDEST_GAP: Final = timedelta(seconds=10)
"""Between two fixes farther apart nobody knows where a drone was."""
CLOCKS_S: Final = 1.0
"""One standard deviation of a camera's clock against its drone's: both tell whole seconds."""
TURNS_M_S2: Final = 2.0
"""How hard a drone turns or brakes between two fixes, one standard deviation: the project's own."""
EXEMPTION: Final = "捜索・救助の特例（航空法132条の92）"
"""無人航空機の飛行の特例: of the State, a municipality, or whom they ask (施行規則236条の88)."""

_EARTH: Final = Geod(ellps="WGS84")


class BadFlight(HazardError):
    """A flight or its track says something that cannot be."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One point of a track, `seconds` after its first; `height_m` above the take-off's ground."""

    seconds: float
    position: Position
    height_m: float | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """Where a track was at a moment; `sigma_m` one standard deviation in each direction."""

    position: Position
    sigma_m: float
    height_m: float | None


@dataclass(frozen=True)
class Track:
    """A way flown, its fixes in the order of time; `begins` aware, None where no file says it.

    Raises `BadFlight` for fixes that go back in time, or a beginning without an offset.
    """

    fixes: tuple[Fix, ...]
    begins: datetime | None = None

    def __post_init__(self) -> None:
        times = [fix.seconds for fix in self.fixes]
        if not times or not all(map(math.isfinite, times)):
            raise BadFlight("飛行記録に時刻のある点がありません（no point with a time）")
        if any(after <= before for before, after in pairwise(times)):
            raise BadFlight("飛行記録の時刻が前後しています（times go back）")
        if self.begins is not None and self.begins.tzinfo is None:
            raise BadFlight("飛行記録の開始時刻に時差がありません（no offset）")

    @cached_property
    def _times(self) -> list[float]:
        return [fix.seconds for fix in self.fixes]

    def at(self, moment: datetime) -> Located | None:
        """Where it was at a moment; None before, after, in a gap, or without a beginning."""
        if self.begins is None:
            return None
        seconds = (moment - self.begins).total_seconds()
        after = bisect_left(self._times, seconds)
        if after == len(self.fixes) or (after == 0 and seconds < self._times[0]):
            return None
        last, following = self.fixes[max(after - 1, 0)], self.fixes[after]
        if following.seconds - last.seconds > WIDEST_GAP.total_seconds():
            return None
        return _between(last, following, seconds)


@dataclass(frozen=True, slots=True)
class Exemption:
    """A flight for search and rescue, for which no permit is asked: by whom, or by whose wish."""

    asked_by: str


@dataclass(frozen=True, slots=True)
class Flight:
    """One flight as headquarters keeps it: `drone` its 登録記号, `operator` who flew it.

    Raises `BadFlight` where nobody answers for it.
    """

    drone: str
    operator: str
    mission: int | None = None
    permit: str = ""
    exemption: Exemption | None = None
    track: Track | None = None

    def __post_init__(self) -> None:
        if not self.drone.strip():
            raise BadFlight("機体の登録記号を書いてください（name the drone）")
        if not self.operator.strip():
            raise BadFlight("操縦者を書いてください（name the operator）")
        if self.exemption is not None and not self.exemption.asked_by.strip():
            raise BadFlight("特例での飛行は、依頼した機関を書いてください（by whose wish?）")

    @property
    def right(self) -> str:
        """By which right it flew, in words."""
        said = []
        if self.permit.strip():
            said.append(f"許可番号 {self.permit.strip()}")
        if self.exemption is not None:
            said.append(f"{EXEMPTION}・依頼 {self.exemption.asked_by.strip()}")
        return "、".join(said) or "許可・特例の記載なし"


def _between(last: Fix, following: Fix, seconds: float) -> Located:
    """By a straight line; what it may miss grows with the time to both fixes, and the speed."""
    took = following.seconds - last.seconds
    here, there = last.position, following.position
    azimuth, _, metres = _EARTH.inv(here.lon, here.lat, there.lon, there.lat)
    share = (seconds - last.seconds) / took if took else 0.0
    lon, lat, _ = _EARTH.fwd(here.lon, here.lat, azimuth, metres * share)
    turn = TURNS_M_S2 * (seconds - last.seconds) * (following.seconds - seconds) / 2
    slip = CLOCKS_S * metres / took if took else 0.0
    height = None
    if last.height_m is not None and following.height_m is not None:
        height = last.height_m + share * (following.height_m - last.height_m)
    sigma = math.hypot(FLAT.position_m, turn, slip)
    return Located(Position(float(lat), float(lon)), sigma, height)
