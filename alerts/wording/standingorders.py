"""An order that stands where an alert goes: what may not be said beside it."""

from dataclasses import dataclass

from hazards.kinds import AlertLevel, HazardKind


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """避難情報 in force; `area_names` as the city spells them, none for the whole city.

    `touched`: those areas of the alert, by name, that it touches; none where nobody knows.
    """

    level: AlertLevel
    hazard: HazardKind
    area_names: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
