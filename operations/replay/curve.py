"""Households that nobody had reached, minute by minute, as headquarters saw it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from alerts.kinds import AlertKind, Status, Step
from alerts.life import OUT
from data import replay
from data.replay import State
from operations.replay.nights import Night

Beat = Callable[[], None]
_TELLS: Final = (Step.ISSUE, Step.UPDATE)
_READ: Final = frozenset({"alerts", "unreached"})
"""Sections without which it is not known."""


def curve(
    connection: Connection, code: str, night: Night, beat: Beat = lambda: None
) -> list[tuple[datetime, int | None]]:
    """From each minute on in which it changed; None where it was not known. Drills count in a night
    that was nothing else. `beat` hears of each frame, and ends it by raising.
    """
    live: list[tuple[datetime, int | None]] = []
    drills: list[tuple[datetime, int | None]] = []
    is_drill = is_live = False
    for frame in replay.frames(connection, code, night.first, night.last):
        beat()
        city = frame.state.get("city", {}).get("city", {})
        is_drill, is_live = is_drill or bool(city.get("drill")), is_live or bool(city.get("live"))
        at = frame.at.replace(second=0, microsecond=0)
        for found, drill in ((live, False), (drills, True)):
            _add(found, at, unreached(frame.state, drill=drill))
    return drills if is_drill and not is_live else live


def _add(found: list[tuple[datetime, int | None]], at: datetime, count: int | None) -> None:
    if found and found[-1][0] == at:
        found[-1] = (at, count)
    elif not found or found[-1][1] != count:
        found.append((at, count))


def unreached(state: State, *, drill: bool) -> int | None:
    """Households under orders in force that no alert of theirs reached, as the frame says it of the
    whole city; of a drill, which has no orders, those of its alerts. None where it says no number.
    """
    city = state.get("city", {}).get("city", {})
    if {one.partition(".")[0] for one in city.get("missing") or ()} & _READ:
        return None
    if drill:
        mine = _drills(state)
        return total(row.get("unreached_households") for row in mine) if mine else None
    count = city.get("unreached")
    return None if count is None or count < _untold(state) else int(count)


def is_few(state: State, *, drill: bool) -> bool:
    """Whether the frame says that so few are unreached that they could be told apart; of a drill
    where it has one alert: few of two may be more than few.
    """
    if drill:
        mine = _drills(state)
        return len(mine) == 1 and bool(mine[0].get("unreached_few"))
    return bool(state.get("city", {}).get("city", {}).get("unreached_few"))


def _drills(state: State) -> list[Mapping[str, Any]]:
    """Of each alert of a drill the newest revision that went out, where it tells people to act and
    is being told: no order stands for it.
    """
    newest: dict[Any, Mapping[str, Any]] = {}
    rows = state.get("alerts", {}).values()
    for row in sorted(rows, key=lambda row: row.get("revision", 0)):
        if row.get("status") == Status.EXERCISE and row.get("state") in OUT:
            newest[row.get("alert")] = row
    return [
        row
        for row in newest.values()
        if row.get("told") and row.get("kind") == AlertKind.EVACUATION and row.get("step") in _TELLS
    ]


def _untold(state: State) -> int:
    """So many at least are unreached: older frames left orders out that no alert tells of."""
    untold = [row for row in state.get("orders", {}).values() if row.get("told") is False]
    return max((row.get("households") or 0 for row in untold), default=0)


def total(counts: Iterable[int | None]) -> int | None:
    """The sum; None where one of them is not known: it would be too small."""
    known = list(counts)
    return None if None in known else sum(one for one in known if one is not None)
