"""How a city's loudspeakers, radio and cars work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from hazards.kinds import AlertLevel

_EVERY_MIN: Final = {
    AlertLevel.ELDERLY_LEAVE: 30,
    AlertLevel.ALL_LEAVE: 15,
    AlertLevel.SECURE_NOW: 5,
}


@dataclass(frozen=True, slots=True)
class ScriptSettings:
    """Settings of one city; seconds are those of its own equipment.

    - `chime_s`: of the four notes up or down; `siren_s`: of the siren before a level of
      `siren_levels`: a minute is one blast of 水防信号 (水防法20条)†;
    - `every_min`: minutes after which the radio and the loudspeaker say it again, by level, else
      `other_min`: policy;
    - `car_loop_s`: what a car can say while it passes one house at walking speed: policy;
    - `stations`: names of the loudspeakers that speak, where the city knows them.
    """

    chime_s: float = 8
    siren_s: float = 60
    siren_levels: frozenset[AlertLevel] = frozenset({AlertLevel.SECURE_NOW})
    every_min: Mapping[AlertLevel, int] = field(default_factory=lambda: dict(_EVERY_MIN))
    other_min: int = 60
    car_loop_s: float = 20
    stations: tuple[str, ...] = ()

    def again_after_min(self, level: AlertLevel | None) -> int:
        """Minutes after which it is said again."""
        return self.other_min if level is None else self.every_min.get(level, self.other_min)
