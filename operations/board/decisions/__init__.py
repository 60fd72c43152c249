"""What waits for a person, of all kinds, in the order of its deadlines."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from operations.board.decisions import alerts, held, levels, lines, places, roads, teams
from operations.board.look import Line, Look, Section
from operations.information.board import source_decisions

State: TypeAlias = Mapping[str, Section]

LAST: Final = "9999"


def _plan(state: State) -> Line | None:
    return state["plan"].get("newest")


def _sources(look: Look) -> Iterable[Line]:
    """What the room of sources asks, with its reasons as its own calls take them."""
    found = source_decisions(look.connection, look.load, look.now)
    for one in found.values():
        acts = [{"number": False, "field": _field(act), **act} for act in one["acts"]]
        yield {**one, "acts": acts}


def _field(act: Line) -> str | None:
    return "reason" if act["asks"] else None


KINDS: Final[Mapping[str, Callable[[Look, State], Iterable[Line]]]] = {
    "alerts": lambda look, _: alerts.waiting(look),
    "untold": lambda look, _: alerts.untold(look),
    "proposals": lambda look, _: levels.proposals(look),
    "suggestions": lambda look, _: levels.suggested(look),
    "teams": lambda look, state: teams.overdue(look, state["teams"]),
    "rescues": lambda look, _: teams.rescues(look),
    "moves": lambda look, state: held.moves(look, state["closures"]),
    "held_water": lambda look, _: held.water(look),
    "unplaced": lambda look, state: held.unplaced(look, _plan(state)),
    "rooms": lambda look, state: held.rooms(look, _plan(state)),
    "closures": lambda look, state: roads.of_age(look, state["closures"]),
    "reports": lambda look, _: roads.reports(look),
    "needs": lambda look, state: places.needs(look, state["sites"]),
    "calls": lambda look, _: places.calls(look),
    "channels": lambda look, state: lines.failed(look, state["channels"]),
    "silent": lambda look, _: lines.silent(look),
    "sources": lambda look, _: _sources(look),
}
"""Of each kind what reads it; it may use the sections of the state."""


def in_order(rows: Iterable[Line]) -> Section:
    """By their keys, the soonest deadline first; then without one, the longest waiting first, and
    several places together behind the single ones.
    """
    ranked = sorted(
        rows,
        key=lambda one: (
            one["due"] or LAST,
            one["since"] or LAST,
            one["kind"] == "calls",
            one["key"],
        ),
    )
    return {one["key"]: one for one in ranked}
