"""The level strip: number, word, hazard, area, who and when."""

from dataclasses import dataclass

from markupsafe import Markup

from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel
from hazards.order import EvacuationOrder
from routing.guidance import Guidance
from web.clock import Clock
from web.language import Translate


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One order in force, in words; `areas` are names, in Japanese in every language."""

    level: int
    word: str
    hazard: str
    areas: str
    whole_city: bool
    issued: Markup


@dataclass(frozen=True, slots=True)
class Strip:
    """`assumed`: the level was only asked about. `orders` are in force, highest first."""

    level: int
    word: str
    assumed: bool
    orders: tuple[OrderLine, ...]


def order_line(order: EvacuationOrder, clock: Clock, t: Translate) -> OrderLine:
    """An order in words."""
    return OrderLine(
        level=int(order.level),
        word=t(LEVEL_WORDS[order.level]),
        hazard=t(HAZARD_WORDS[order.hazard]),
        areas="、".join(order.area_names),
        whole_city=not order.area_names,
        issued=clock.says("{time} 市長が発令", order.issued_at),
    )


def strip_of(guidance: Guidance, clock: Clock, t: Translate) -> Strip:
    """The true level at the door, or the one asked about where that is higher."""
    in_force = max((order.level for order in guidance.orders), default=AlertLevel.NONE)
    return Strip(
        level=int(guidance.level),
        word=t(LEVEL_WORDS[guidance.level]),
        assumed=guidance.level > in_force,
        orders=tuple(order_line(order, clock, t) for order in guidance.orders),
    )
