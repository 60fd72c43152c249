"""A place to flee to, and the way there, in words."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from city.traveller import Profile
from hazards.kinds import HAZARD_WORDS, HazardKind
from routing.advice import Advice
from routing.guidance import Guidance
from routing.steps import Step, Turn
from routing.words import same, say_step
from shelters.place import Opening
from web.clock import Clock
from web.crowding import NOTHING, Crowd, PublicState, crowd_of
from web.language import Translate
from web.links import PLACES, link

_NAME: Final = "\0"
_OPENED: Final = defaultdict(lambda: "{time} 開設", {Opening.FULL: "{time} から満員"})
_PACE: Final = {
    (Profile.WALK, False): "歩いて",
    (Profile.WALK, True): "歩いて（夜）",
    (Profile.SLOW, False): "ゆっくり歩いて",
    (Profile.SLOW, True): "ゆっくり歩いて（夜）",
    (Profile.WHEELCHAIR, False): "車いすで",
    (Profile.WHEELCHAIR, True): "車いすで（夜）",
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step in words around a name; `metres` says 「すぐ」 before a bend, nothing at the end."""

    turn: str
    before: str
    name: str
    after: str
    street: str
    metres: str


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A destination as it is shown; `open` only where somebody said so. `places` are the others."""

    name: str
    hazards: str
    open: bool
    opened: Markup
    pace: str
    minutes: str
    metres: str
    steps: tuple[StepLine, ...]
    crowd: Crowd
    places: str


def metres_words(metres: float) -> str:
    """Metres rounded to 10, with a comma in thousands."""
    return f"{max(round(metres / 10) * 10, 10):,}\N{NO-BREAK SPACE}m"


def hazard_words(hazards: frozenset[HazardKind], t: Translate) -> str:
    """Hazards in the order of the law."""
    return t("・").join(t(HAZARD_WORDS[kind]) for kind in HazardKind if kind in hazards)


def pace_words(profile: Profile, *, night: bool, t: Translate) -> str:
    """How somebody gets about, and whether in the dark."""
    return t(_PACE[profile, night])


def place_view(
    guidance: Guidance,
    advice: Advice,
    clock: Clock,
    t: Translate,
    states: Mapping[str, PublicState] = NOTHING,
) -> PlaceView:
    """The place and its way; minutes are rounded up. `states` say how full it is, no more."""
    household = guidance.question.household
    minutes = max(math.ceil(advice.way.duration_s / 60), 1)
    since = advice.state.since
    return PlaceView(
        name=advice.site.name,
        hazards=hazard_words(advice.site.designated_for, t),
        open=advice.state.opening in (Opening.OPEN, Opening.FULL),
        opened=clock.says(_OPENED[advice.state.opening], since) if since else Markup(),
        pace=pace_words(household.profile, night=guidance.night, t=t),
        minutes=t("約{minutes}分").format(minutes=minutes),
        metres=metres_words(advice.way.distance_m),
        steps=tuple(_step_line(step, advice.site.name, t) for step in advice.steps),
        crowd=crowd_of(states.get(advice.site.id), advice.state, clock, t),
        places=_places(guidance),
    )


def _places(guidance: Guidance) -> str:
    """The page of places around the door: by its area, which says less than where somebody is."""
    asked, ground = guidance.question, guidance.version.ground
    area = ground.area_at(*ground.metres.of(asked.position))
    at = {"lat": f"{asked.position.lat:.6f}", "lon": f"{asked.position.lon:.6f}"}
    said = {"hazard": ",".join(sorted(asked.hazards)), "level": str(int(asked.level) or "")}
    said["profile"] = asked.household.profile if asked.household.profile.needs_time else ""
    return link(PLACES, said | ({"area": area.name} if area else at))


def _step_line(step: Step, site: str, t: Translate) -> StepLine:
    before, name, after = say_step(step, _NAME, t).partition(_NAME)
    metres = metres_words(step.distance_m) if step.distance_m >= 5 else _soon(step, t)
    street = step.street
    if t is not same and step.street_en:
        street = f"{street} ({step.street_en})"
    return StepLine(step.turn, before, site if name else "", after, street, metres)


def _soon(step: Step, t: Translate) -> str:
    return "" if step.turn is Turn.ARRIVE else t("すぐ")
