"""A person decides on a suggestion: it is taken up for a draft, or passed over (見送り).

Neither sets an order.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row

from city.staff import Caller
from data import bulletins, inforce, suggestions
from data.database import transaction
from data.people import audit
from data.rows import current_load
from hazards.criteria import not_yet
from hazards.criterion import Suggestion, sentence
from hazards.kinds import AlertLevel, HazardKind
from hazards.suggestionstate import SuggestionState, check_open, check_passer, check_taker
from operations.bulletins.board import renew_board
from operations.bulletins.surroundings import orders_of
from operations.errors import Refused
from operations.proposals.proposable import spelled
from operations.refusals import refusals
from operations.wording import line


@dataclass(frozen=True, slots=True)
class Draft:
    """What a draft of a proposal begins with. No area names: the whole city.

    Where `areas_chosen` is false a person must choose the areas first.
    """

    suggestion: int
    hazard: HazardKind
    level: AlertLevel
    area_names: tuple[str, ...]
    areas_chosen: bool
    reason: str


def take(engine: Engine, by: Caller, number: int, *, now: datetime) -> Draft:
    """Take a suggestion up; returns what a draft needs, and sets nothing.

    It stays listed, 下書き中, until a draft of it is stored or somebody passes it over; until then
    it may be taken up again.
    Raises `MayNotDecide`, `Decided`, `NotThere` for an area that the city has not any more, and
    `Refused` where the level stands there by now.
    """
    with _deciding(engine, by, number, SuggestionState.TAKEN, now) as (connection, load, made):
        check_taker(by)
        left = not_yet(made.hazard, made.level, made.area_names, orders_of(connection, load))
        if left is None:
            raise Refused("そこにはもうその警戒レベルが出ています（an order stands there already）")
        names = tuple(spelled(connection, load, left))
        suggestions.decide(
            connection, number, SuggestionState.TAKEN, by=by.actor, why=None, now=now
        )
        return Draft(number, made.hazard, made.level, names, made.areas_chosen, sentence(made))


def pass_over(engine: Engine, by: Caller, number: int, *, why: str, now: datetime) -> None:
    """見送り, with a reason; what goes on is suggested again some hours later.

    Raises `MayNotDecide`, `Decided`, `NotThere`, `Refused` without a reason.
    """
    state = SuggestionState.PASSED_OVER
    with _deciding(engine, by, number, state, now) as (connection, _, _made):
        check_passer(by)
        why = line(why, "見送りの理由", needed=True)
        suggestions.decide(connection, number, state, by=by.actor, why=why, now=now)


@contextmanager
def _deciding(
    engine: Engine, by: Caller, number: int, state: SuggestionState, now: datetime
) -> Iterator[tuple[Connection, Row[Any], Suggestion]]:
    """Hold one that waits or is in drafting; afterwards tell headquarters and the audit log."""
    with (
        refusals(engine, by, "suggestion", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        inforce.wait_for_load(connection)
        load = current_load(connection)
        bulletins.hold_bulletins(connection)
        row = suggestions.get(connection, load.code, number)
        drafting = {one.id for one in suggestions.in_drafting(connection, load.code)}
        check_open(number, SuggestionState(row.state), in_drafting=number in drafting)
        yield connection, load, suggestions.suggestion_of(row)
        renew_board(connection, load, now)
        details = {"criterion": row.criterion, "hazard": row.hazard, "level": row.level}
        audit.record(connection, by, f"suggestion.{state}", str(number), **details)
