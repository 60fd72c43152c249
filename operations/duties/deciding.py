"""発令判断表 of the moment: each criterion, what it waits for, what is reached, until when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from city.daylight import is_night, next_sun
from city.position import Position
from data import dutyentries, suggestions
from data.rows import read_sites
from hazards.criterion import Criterion
from hazards.gauge import Gauge
from operations.bulletins.nowstanding import Standing, areas_here, standing_now
from operations.bulletins.surroundings import (
    criteria_of,
    gauge_criteria_of,
    orders_of,
    place_of,
)
from operations.duties.criteriarows import Around, criterion_row
from operations.duties.entries import Form, moment_of
from operations.duties.seen import Seen
from operations.duties.walking import Pace, needed_table
from operations.observing.sensors import gauges_of


def decision_table(seen: Seen) -> dict[str, Any]:
    """All of it, in plain values: `web/dutysheets/decisiontable.py` and the page show it."""
    pace = Pace(seen)
    at = _middle(seen)
    sun = _sun(seen, at)
    wind = moment_of(
        dutyentries.newest(seen.connection, seen.load.code, Form.WIND).get("expected_at")
    )
    orders = orders_of(seen.connection, seen.load)
    found = standing_now(
        seen.connection, seen.load.code, place_of(seen.connection, seen.load), seen.now
    )
    dark = at is not None and is_night(at, seen.now)
    ends = None if dark or sun is None else sun[1]
    around = Around(
        gauges_of(seen.connection, seen.load),
        list(seen.state["gauges"].values()),
        found,
        orders,
        _first_said(seen),
        seen.stamp.clock,
    )
    rows = [
        criterion_row(one, around) | _deadlines(pace, one.area_names, ends, wind, seen.now)
        for one in _criteria(seen, around.gauges)
    ]
    return {
        "dark": dark,
        "sun": None
        if sun is None
        else {"sunrise": sun[0].isoformat(), "sunset": sun[1].isoformat()},
        "wind": {
            "limit_m_s": pace.settings.gust_limit_m_s,
            "expected_at": wind.isoformat() if wind else None,
        },
        "needed": needed_table(pace, pace.needed()),
        "city_deadlines": _deadlines(pace, (), ends, wind, seen.now),
        "criteria": sorted(
            rows,
            key=lambda one: (
                not one["open"],
                not one["reached"],
                not one["unknown"],
                -one["level"],
            ),
        ),
        "gauges": list(seen.state["gauges"].values()),
        "bulletins": [one for standing in found for one in _items(standing, seen)],
    }


def _criteria(seen: Seen, gauges: Sequence[Gauge]) -> list[Criterion]:
    """The city's table; without one the default, and the Guideline's of each gauge."""
    table = list(criteria_of(seen.load))
    known = {one.id for one in table}
    for gauge in gauges:
        table += [one for one in gauge_criteria_of(seen.load, gauge) if one.id not in known]
    return table


def _first_said(seen: Seen) -> dict[str, str]:
    """When each criterion made the suggestion that still waits or was drafted."""
    rows = suggestions.waiting(seen.connection, seen.load.code)
    rows += suggestions.in_drafting(seen.connection, seen.load.code)
    found: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: row.made_at):
        found.setdefault(row.criterion, row.made_at.isoformat())
    return found


def _deadlines(
    pace: Pace, names: Sequence[str], ends: datetime | None, wind: datetime | None, now: datetime
) -> dict[str, Any]:
    """The latest moments to order; a plan that is unknown makes them earlier, never later."""
    needed = pace.needed(names)

    def before(end: datetime | None) -> dict[str, Any] | None:
        if end is None:
            return None
        latest = needed.latest_before(end)
        return {"at": latest.isoformat(), "past": latest <= now, "known": needed.is_known}

    return {"sunset": before(ends), "wind": before(wind)}


def _items(standing: Standing, seen: Seen) -> list[dict[str, Any]]:
    place = place_of(seen.connection, seen.load)
    return [
        {
            "name": item.name,
            "level": item.level,
            "at": standing.bulletin.reported_at.isoformat(),
            "where": "、".join(area.name for area in areas_here(item, place)),
        }
        for item in standing.items_in_force()
        if standing.bulletin.is_real
    ]


def _middle(seen: Seen) -> Position | None:
    """Where the city is: its first place, by which the sun sets within a minute."""
    sites = read_sites(seen.connection, seen.load.id)
    return sites[0].position if sites else None


def _sun(seen: Seen, at: Position | None) -> tuple[datetime, datetime] | None:
    if at is None:
        return None
    try:
        return next_sun(at, seen.now, seen.card.timezone)
    except (ValueError, StopIteration):
        return None
