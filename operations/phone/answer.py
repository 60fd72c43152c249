"""What the phone desk is shown and reads aloud for one door."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from city.position import Position
from operations.answer import answer
from operations.serving import Freshness
from routing.advice import Advice
from routing.ground import Ground
from routing.guidance import Guidance
from routing.verdict import Verdict
from routing.words import same
from shelters.saying import crowding_words, is_known
from web.clock import Clock
from web.crowding import opening_of
from web.home import map_url
from web.said import said_of
from web.staff.aloud import seconds
from web.staff.answering import read_aloud
from web.strip import strip_of
from web.tapmap import CLOSEST_M, Box
from web.wayview import TITLES

GRID_M: Final = 100.0
"""Maps are cut on this grid: the image's address does not say where a caller is."""
CHANGING: Final = "行き先を確かめ直しています。このままお待ちください。"

Table = dict[str, Any]


def phone_answer(
    guidance: Guidance, freshness: Freshness, state: Mapping[str, Any] | None, now: datetime
) -> Table:
    """The text to read aloud, and what is behind it; `state` is the public state of the place.

    Where the plan does not know yet that the place was closed, `changing` is true and nobody is
    sent there: the next plan names another.
    """
    zone = ZoneInfo(guidance.version.ground.card.timezone)
    here = now.astimezone(zone)
    if _is_closed(guidance, state):
        return _basis(guidance, freshness, here) | {
            "changing": True,
            "text": [CHANGING],
            "seconds": seconds([CHANGING]),
        }
    crowding = crowding_words(state, here)
    said = read_aloud(guidance, crowding)
    table = answer(guidance, freshness)
    shown = guidance.verdict is not Verdict.SECURE_NOW
    return _basis(guidance, freshness, here) | {
        "changing": False,
        "text": list(said.sentences),
        "seconds": said.seconds,
        "place": guidance.first and shown and _place(guidance.first, state, crowding, here),
        "second": guidance.second and shown and _second(guidance.second),
        "steps": [
            {key: step[key] for key in ("words", "street", "distance_m")}
            for step in table["steps"] or []
        ],
        "do": table["do"],
    }


def place_of(guidance: Guidance) -> str | None:
    """The id of the place that the answer names, None where it names none."""
    if guidance.first is None or guidance.verdict is Verdict.SECURE_NOW:
        return None
    return guidance.first.site.id


def _basis(guidance: Guidance, freshness: Freshness, now: datetime) -> Table:
    """What holds of every answer."""
    version = guidance.version
    ground, position = version.ground, guidance.question.position
    clock = Clock(ZoneInfo(ground.card.timezone), now, same)
    strip, said = strip_of(guidance, clock, same), said_of(guidance, clock, same)
    area = ground.area_at(*ground.metres.of(position))
    return {
        "verdict": guidance.verdict,
        "title": TITLES[guidance.verdict].replace("|", ""),
        "level": strip.level,
        "level_words": strip.word,
        "assumed": strip.assumed,
        "orders": [
            f"{one.hazard}・{'市内全域' if one.whole_city else one.areas}"
            for one in strip.orders
            if one.level == strip.level
        ],
        "asks_slow": any(one.code == "not_addressed" for one in guidance.reasons),
        "why": [*said.why, *said.no_stay, *said.beside_map],
        "area": area.name if area else "",
        "map": map_of(ground, position),
        "place": None,
        "second": None,
        "steps": [],
        "do": [],
        "plan_version": version.number,
        "stale": freshness.stale,
        "as_of": freshness.checked_at.isoformat(timespec="seconds"),
        "now": now.isoformat(timespec="seconds"),
    }


def map_of(ground: Ground, position: Position) -> Table:
    """A map around a position: the image's address, and the degrees of its sides."""
    x, y = (round(metre / GRID_M) * GRID_M for metre in ground.metres.of(position))
    box = Box(x, y, CLOSEST_M)
    half = box.side / 2
    low, high = (ground.metres.position(x + d, y + d) for d in (-half, half))
    sides = {"west": low.lon, "south": low.lat, "east": high.lon, "north": high.lat}
    return {"url": map_url(box, None), "side_m": box.side} | sides


def _is_closed(guidance: Guidance, state: Mapping[str, Any] | None) -> bool:
    """Whether the last that was said of the place, in the plan or since, is that it is closed."""
    if guidance.first is None or guidance.verdict is Verdict.SECURE_NOW:
        return False
    return not opening_of(state, guidance.first.state).receives


def _place(advice: Advice, state: Mapping[str, Any] | None, crowding: str, now: datetime) -> Table:
    return {
        "id": advice.site.id,
        "name": advice.site.name,
        "opening": opening_of(state, advice.state).opening,
        "crowding": crowding,
        "known": bool(state and is_known(state, now)),
        "counted_at": state and state.get("counted_at"),
        "unknown_after": state and state.get("unknown_after"),
        "minutes": _minutes(advice),
        "metres": round(advice.way.distance_m),
    }


def _second(advice: Advice) -> Table:
    return {"name": advice.site.name, "minutes": _minutes(advice)}


def _minutes(advice: Advice) -> int:
    return max(-(-advice.way.duration_s // 60), 1)
