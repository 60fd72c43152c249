"""Guidance as the plain table that the API and the command line both give."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel
from operations.serving import Freshness
from routing.advice import Advice
from routing.behind import behind
from routing.exposure import DEPTHS, FORECASTS, Exposure
from routing.guidance import Guidance
from routing.verdict import Verdict
from routing.version import PlanVersion
from routing.words import NO_WAY, same, say_reason, say_step
from web.securing import other_advice, secure_advice

Table = dict[str, Any]


def answer(guidance: Guidance, freshness: Freshness) -> Table:
    """Verdict, reasons, what to do, destination, way.

    All that is about a way is None for `secure_now`; `do` is for those who are shown none.
    """
    version = guidance.version
    zone = ZoneInfo(version.ground.card.timezone)
    first = guidance.first
    card = version.ground.card
    return {
        "city": card.name,
        "fictional": card.fictional,
        "verdict": guidance.verdict,
        "reasons": [
            {
                "code": reason.code,
                "words": say_reason(reason.code, reason.values),
                "source": reason.source,
            }
            for reason in guidance.reasons
        ],
        "do": _do(guidance),
        "destination": first and _destination(first, zone),
        "route": first and _route(first),
        "distance_m": first and round(first.way.distance_m),
        "duration_s": first and first.way.duration_s,
        "exposure": first and _exposure(first),
        "steps": first and _steps(first),
        "observations": first and _observations(first, version, zone),
        "alternative": _alternative(guidance.second, zone),
        "level": int(guidance.level),
        "level_words": LEVEL_WORDS[guidance.level],
        "hazards": sorted(guidance.hazards),
        "leave_by": "now" if guidance.leave_now else None,
        "start_delay_s": version.ground.rules.start_delay_s if first else None,
        "profile": guidance.question.household.profile,
        "night": guidance.night,
        "stale": freshness.stale,
        "plan_version": version.number,
        "as_of": local(freshness.checked_at, zone),
    }


def _do(guidance: Guidance) -> list[Table]:
    """What to do where no way is shown, by building; what the household named stands first."""
    if guidance.first is not None:
        return []
    if guidance.verdict is not Verdict.SECURE_NOW:
        return [{"where": None, "words": list(NO_WAY)}]
    advice = [
        {"where": one.title, "words": list(one.does)} for one in secure_advice(guidance, same)
    ]
    others = other_advice(guidance, same)
    return advice + ([{"where": None, "words": list(others)}] if others else [])


def in_force(guidance_orders: Any, zone: ZoneInfo) -> list[Table]:
    """Orders in force, with their words."""
    return [
        {
            "id": order.id,
            "hazard": order.hazard,
            "hazard_words": HAZARD_WORDS[order.hazard],
            "level": int(order.level),
            "level_words": LEVEL_WORDS[AlertLevel(order.level)],
            "areas": list(order.area_names),
            "issued_at": local(order.issued_at, zone),
        }
        for order in guidance_orders
    ]


def _destination(advice: Advice, zone: ZoneInfo) -> Table:
    site = advice.site
    return {
        "id": site.id,
        "name": site.name,
        "kind": "指定緊急避難場所",
        "lat": site.position.lat,
        "lon": site.position.lon,
        "designated_for": sorted(site.designated_for),
        "opening": advice.state.opening,
        "opening_since": advice.state.since and local(advice.state.since, zone),
    }


def _route(advice: Advice) -> Table:
    return {"type": "LineString", "coordinates": advice.line.round(6).tolist()}


def _exposure(advice: Advice) -> Table:
    """Whole metres: assumed and forecast water by depth rank, collapse and landslide zones,
    observed water.
    """
    metres = {code: round(value) for code, value in advice.exposure.items()}
    return {
        "assumed": _by_rank(metres, DEPTHS),
        "forecast": _by_rank(metres, FORECASTS),
        "observed": metres.get(Exposure.OBSERVED, 0),
        "collapse": metres.get(Exposure.COLLAPSE, 0),
        "landslide": metres.get(Exposure.LANDSLIDE, 0),
        "landslide_special": metres.get(Exposure.LANDSLIDE_SPECIAL, 0),
    }


def _by_rank(metres: dict[Exposure, int], ranks: tuple[Exposure, ...]) -> dict[str, int]:
    return {str(rank): metres[code] for rank, code in enumerate(ranks, start=1) if code in metres}


def _steps(advice: Advice) -> list[Table]:
    return [
        {
            "words": say_step(step, advice.site.name),
            "turn": step.turn,
            "heading_deg": step.heading * 45,
            "street": step.street or None,
            "street_en": step.street_en or None,
            "distance_m": round(step.distance_m),
        }
        for step in advice.steps
    ]


def _observations(advice: Advice, version: PlanVersion, zone: ZoneInfo) -> list[Table]:
    """The reports behind the way: what it goes round, and doubts about streets that it takes."""
    return [
        {
            "ids": list(one.observations),
            "street": one.street or None,
            "reason": one.reason,
            "since": local(one.since, zone),
            "effect": "shut" if one.shut else "doubted",
            "confirmed": one.confirmed,
        }
        for one in behind(version, advice)
    ]


def _alternative(advice: Advice | None, zone: ZoneInfo) -> Table | None:
    if advice is None:
        return None
    return {
        "destination": _destination(advice, zone),
        "route": _route(advice),
        "distance_m": round(advice.way.distance_m),
        "duration_s": advice.way.duration_s,
    }


def local(moment: datetime, zone: ZoneInfo) -> str:
    """ISO 8601 in the city's time zone, to the second."""
    return moment.astimezone(zone).isoformat(timespec="seconds")
