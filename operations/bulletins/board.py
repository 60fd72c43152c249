"""What headquarters sees of the JMA's bulletins and of what waits for a decision."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row

from data import suggestions
from data.live import outbox as live
from hazards.bulletin import BulletinItem
from hazards.bulletinplace import Place
from hazards.criteria import not_yet
from hazards.criterion import sentence
from hazards.order import EvacuationOrder
from hazards.suggestionstate import IN_DRAFTING, SUGGESTION_WORDS, SuggestionState
from operations.bulletins.nowstanding import HOW_WORDS, Standing, areas_here, standing_now
from operations.bulletins.surroundings import orders_of, place_of

KEY: Final = "bulletins"
"""Of the topic of headquarters."""
LATELY: Final = timedelta(days=1)


def board(connection: Connection, load: Row[Any], now: datetime) -> dict[str, Any]:
    """What stands and what waits. A suggestion whose level stands by now waits no longer here."""
    place = place_of(connection, load)
    found = standing_now(connection, load.code, place, now)
    open_ones = open_suggestions(connection, load.code, orders_of(connection, load))
    in_force = {one.number for one in found if one.items_in_force()}
    return {
        "standing": [_standing_state(one, place) for one in found],
        "suggestions": [_suggestion_state(row, in_force) for row in open_ones],
    }


def open_suggestions(
    connection: Connection, city_code: str, orders: Sequence[EvacuationOrder]
) -> list[Row[Any]]:
    """The rows that wait or of which a draft is being written, and whose level stands nowhere
    near: the highest level first.
    """
    rows = suggestions.waiting(connection, city_code)
    rows += suggestions.in_drafting(connection, city_code)
    rows.sort(key=lambda row: (-row.level, row.id))
    made = [(row, suggestions.suggestion_of(row)) for row in rows]
    return [
        row
        for row, one in made
        if not_yet(one.hazard, one.level, one.area_names, orders) is not None
    ]


def state_words(row: Row[Any]) -> str:
    """判断待ち, or 下書き中: of one that is listed."""
    state = SuggestionState(row.state)
    return IN_DRAFTING if state is SuggestionState.TAKEN else SUGGESTION_WORDS[state]


def renew_after_draft(connection: Connection, load: Row[Any], now: datetime) -> None:
    """The same after a draft was stored, where it may be that of a suggestion."""
    if suggestions.taken_since(connection, load.code, now - LATELY):
        renew_board(connection, load, now)


def renew_board(connection: Connection, load: Row[Any], now: datetime) -> None:
    """Put it on the screens of headquarters; call it late in a transaction (`latest`)."""
    live.put(connection, live.Topic.HEADQUARTERS, KEY, board(connection, load, now))


def _standing_state(standing: Standing, place: Place) -> dict[str, Any]:
    bulletin = standing.bulletin
    ends_at = bulletin.ends_at
    return {
        "number": standing.number,
        "kind": bulletin.kind,
        "heading": bulletin.heading,
        "status": bulletin.status,
        "office": bulletin.office,
        "headline": bulletin.shown_headline,
        "how": standing.how,
        "how_words": HOW_WORDS[standing.how],
        "reported_at": bulletin.reported_at.isoformat(),
        "ends_at": None if ends_at is None else ends_at.isoformat(),
        "items": [_item_state(one, place) for one in bulletin.items],
        "remarks": list(standing.remarks),
    }


def _item_state(item: BulletinItem, place: Place) -> dict[str, Any]:
    return {
        "name": item.name,
        "level": item.level,
        "level_is_said": item.level_is_said,
        "hazards": list(item.hazards),
        "condition": item.condition,
        "course": item.course,
        "areas": [area.name for area in areas_here(item, place)],
    }


def _suggestion_state(row: Row[Any], in_force: set[int]) -> dict[str, Any]:
    """`rests`: whether what it rests on is in force still; None for a gauge, which nobody asks."""
    return {
        "number": row.id,
        "criterion": row.criterion,
        "hazard": row.hazard,
        "level": row.level,
        "area_names": list(row.area_names),
        "areas_chosen": row.areas_chosen,
        "reason": sentence(suggestions.suggestion_of(row)),
        "bulletin": row.bulletin_id,
        "gauge": row.gauge,
        "rests": None if row.bulletin_id is None else row.bulletin_id in in_force,
        "made_at": row.made_at.isoformat(),
        "state": row.state,
        "state_words": state_words(row),
    }
