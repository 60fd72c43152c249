"""What the way does not take: closed streets and observed water near it."""

from dataclasses import dataclass
from typing import Final

import shapely
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from hazards.observation import KIND_WORDS, SOURCE_WORDS
from routing.advice import Advice
from routing.behind import NEAR_M, behind, closures_near
from routing.guidance import Guidance
from web.clock import Clock
from web.language import Translate

MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Avoided:
    """One thing that bars a street: its `name` in Japanese, `what` in words, `when` a moment."""

    name: str
    what: str
    when: Markup


def avoided(guidance: Guidance, first: Advice, clock: Clock, t: Translate) -> tuple[Avoided, ...]:
    """Closures and observed water within `NEAR_M` of the way, the nearest first."""
    ground, picture = guidance.version.ground, guidance.version.picture
    way = shapely.linestrings(ground.metres.xy(first.line))
    found: list[tuple[float, Avoided]] = []
    for closure in closures_near(guidance.version, first):
        named = next((n for s in closure.all_streets if (n := ground.roads.street_name(s))), "")
        name = named or _area(guidance, closure.line)
        what = t("通行止め")
        if closure.reason:
            what = t("{what}・{reason}").format(what=what, reason=_reason(closure.reason, t))
        line = Avoided(name, what, clock.time(closure.closed_at))
        found.append((float(closure.line.distance(way)), line))
    for water in picture.observed:
        line = Avoided(_area(guidance, water.area), t("道に水"), clock.time(water.observed_at))
        found.append((float(water.area.distance(way)), line))
    near = sorted((pair for pair in found if pair[0] <= NEAR_M), key=lambda pair: pair[0])
    return tuple(line for _, line in near[:MOST])


def doubted(guidance: Guidance, first: Advice, clock: Clock, t: Translate) -> tuple[Avoided, ...]:
    """Streets of the way of which somebody says something that nobody has confirmed."""
    return tuple(
        Avoided(one.street, t(one.reason), clock.time(one.since))
        for one in behind(guidance.version, first)
        if not one.shut
    )[:MOST]


def _reason(reason: str, t: Translate) -> str:
    """As it was written; what reports say is translated."""
    kind, _, source = reason.removesuffix("\N{FULLWIDTH RIGHT PARENTHESIS}").partition(
        "\N{FULLWIDTH LEFT PARENTHESIS}"
    )
    if kind not in KIND_WORDS.values() or source not in SOURCE_WORDS.values():
        return t(reason)
    return t("{kind}（{source}）").format(kind=t(kind), source=t(source))


def _area(guidance: Guidance, geometry: BaseGeometry) -> str:
    point = geometry.representative_point()
    area = guidance.version.ground.area_at(point.x, point.y)
    return area.name if area else ""
