"""Levels: what somebody proposed, and what the 発令判断表 suggests.

An order that waits should have been decided on when it came up: no deadline of another day may
stand before it.
"""

from collections.abc import Iterator
from typing import Final

from data import suggestions
from hazards.criterion import sentence
from hazards.suggestionstate import SuggestionState
from operations.board.decisions.asking import act, area_words, clock, decision, level_words
from operations.board.look import Line, Look, moment
from operations.bulletins.board import open_suggestions
from operations.bulletins.surroundings import orders_of
from operations.proposals.proposalstate import proposed

PLACES: Final = "/hq/places"
NOT_SET: Final = "発令しません。自動では進まず、待ち続けます。"
NOT_LIFTED: Final = "解除しません。避難情報は出たままです。"
NOT_TAKEN: Final = "発令しません。候補のまま待ち続け、市民には何も出ません。"


def proposals(look: Look) -> Iterator[Line]:
    """For another person than who proposed it."""
    for one in proposed(look.connection, look.load):
        path = f"/proposals/{one['number']}"
        names, lifts = one["area_names"], one["lifts"] is not None
        what = "解除" if lifts else "発令"
        yield decision(
            f"proposal:{one['number']}",
            "proposal",
            title=f"{what}の提案：{level_words(one['level'], one['hazard'])}",
            what=f"{area_words(names)}。{clock(look, one['proposed_at'])}に提案。"
            "提案した人は承認できません。",
            if_nobody=NOT_LIFTED if lifts else NOT_SET,
            due=None if lifts else moment(one["proposed_at"]),
            since=moment(one["proposed_at"]),
            href=PLACES,
            acts=[
                act(*("a", "承認する", path, {"decision": "approved"}), role="approver"),
                act(
                    *("x", "却下する", path, {"decision": "rejected"}),
                    role="approver",
                    asks="却下の理由",
                ),
            ],
        )


def suggested(look: Look) -> Iterator[Line]:
    """What the JMA's bulletins and the gauges suggest, that nobody took up or passed over."""
    for row in open_suggestions(look.connection, look.code, orders_of(look.connection, look.load)):
        made = suggestions.suggestion_of(row)
        drafting = row.state == SuggestionState.TAKEN
        path = f"/suggestions/{row.id}/passed_over"
        yield decision(
            f"suggestion:{row.id}",
            "suggestion",
            title=f"発令の判断：{level_words(row.level, row.hazard)}",
            what=f"{area_words(row.area_names)}。{sentence(made)}"
            + ("（下書き中）" if drafting else ""),
            if_nobody=NOT_TAKEN,
            due=row.made_at,
            since=row.made_at,
            href="/hq/alerts",
            acts=[]
            if drafting
            else [
                act(
                    *("v", "見送る", path, {}),
                    asks="見送る理由",
                )
            ],
        )
