"""Suggestions are kept for a person, each once: nobody is asked again what was just decided."""

from collections.abc import Container, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row

from city.staff import SYSTEM
from data import suggestions
from hazards.criteria import not_yet
from hazards.criterion import Suggestion
from hazards.order import EvacuationOrder
from hazards.suggestionstate import SuggestionState

HOLDS: Final = timedelta(hours=6)
"""So long a decision holds while its cause goes on: policy. Then a person is asked again."""


def keep(
    connection: Connection,
    load: Row[Any],
    found: Sequence[Suggestion],
    *,
    going_on: Container[str],
    now: datetime,
    bulletin: int | None = None,
    gauge: str | None = None,
) -> list[int]:
    """Let what was found wait for a person; the numbers of those that are new.

    One that waits already says what was seen last. `going_on` names the criteria that were met
    before: on those a decision holds for a while.
    """
    new = []
    for one in found:
        last = suggestions.last_of(connection, load.code, one.criterion)
        if last is not None and last.state == SuggestionState.WAITING:
            suggestions.renew(connection, last.id, one, bulletin=bulletin, gauge=gauge)
        elif last is None or one.criterion not in going_on or now - last.decided_at > HOLDS:
            number = suggestions.add(
                connection, load.code, one, now=now, bulletin=bulletin, gauge=gauge
            )
            new.append(number)
    return new


def settle(
    connection: Connection, load: Row[Any], orders: Sequence[EvacuationOrder], now: datetime
) -> None:
    """Let none wait, or be in drafting, whose level stands by now.

    It must not come back when that order is lifted.
    """
    for row in suggestions.waiting(connection, load.code):
        one = suggestions.suggestion_of(row)
        if not_yet(one.hazard, one.level, one.area_names, orders) is None:
            state, why = SuggestionState.TAKEN, "その警戒レベルが発令されています"
            suggestions.decide(connection, row.id, state, by=SYSTEM.actor, why=why, now=now)
    for row in suggestions.in_drafting(connection, load.code):
        one = suggestions.suggestion_of(row)
        if not_yet(one.hazard, one.level, one.area_names, orders) is None:
            suggestions.close(connection, row.id, "その警戒レベルが発令されています")
