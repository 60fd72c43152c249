"""Closures follow reports: at once where evidence suffices, and back only by headquarters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import Connection, Row

from city.position import Metres
from data import inforce, tables
from data.live import outbox as live
from data.live.outbox import Topic
from data.observing import closures, observations
from data.observing.stretch import stretch
from data.rows import card_of
from hazards.closure import ClosureBasis
from hazards.evidence import Effect, Evidence, effect
from hazards.observation import (
    KIND_WORDS,
    OF_WATER,
    SOURCE_WORDS,
    ObservationKind,
    ObservationState,
    SourceKind,
)

Reports = Sequence[tuple[Row[Any], Evidence]]


@dataclass(slots=True)
class Weighed:
    """What reports did: numbers of closures that began, that headquarters confirmed, that ended;
    and the streets of which it is `doubted` from now on whether they are open.
    """

    suspended: list[int] = field(default_factory=list)
    confirmed: list[int] = field(default_factory=list)
    reopened: list[int] = field(default_factory=list)
    doubted: list[str] = field(default_factory=list)
    effects: dict[str, Effect] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.suspended or self.confirmed or self.reopened or self.doubted)

    @property
    def said(self) -> str:
        """In a line, for the planner's log."""
        parts = {
            "roads suspended": self.suspended,
            "closures confirmed": self.confirmed,
            "roads reopened": self.reopened,
        }
        said = [f"{what}: {numbers}" for what, numbers in parts.items() if numbers]
        return "; ".join(said) or f"roads doubted: {len(self.doubted)}"


def weigh(
    connection: Connection,
    load: Any,
    streets: Iterable[str],
    *,
    new: Iterable[object] = (),
    may_reopen: bool = False,
) -> Weighed:
    """Bring the closures of these streets to what all their reports say; `new` are the ids that
    just came. With `may_reopen` a person at headquarters has taken evidence back.
    """
    keys, fresh, done = sorted(set(streets)), set(new), Weighed()
    observations.lock_streets(connection, keys)
    reports = observations.evidence(connection, keys)
    standing = closures.standing_of(connection, load.code, keys)
    for key in keys:
        found, row = reports.get(key, []), standing.get(key)
        done.effects[key] = what = effect(one for _, one in found)
        if what >= Effect.SUSPENDED:
            _shut(connection, load, found, what, row, done)
        elif row is not None and may_reopen:
            inforce.end(connection, tables.closure, [row.id])
            done.reopened.append(row.id)
        elif what is Effect.DOUBTED and row is None and _is_first(found, fresh):
            done.doubted.append(key)
    _tell(connection, load, done)
    return done


def _is_first(found: Reports, fresh: set[object]) -> bool:
    """Whether nobody doubted the street before those who did now."""
    return all(row.id in fresh for row, one in found if one.counts)


def _shut(
    connection: Connection,
    load: Any,
    found: Reports,
    what: Effect,
    row: Row[Any] | None,
    done: Weighed,
) -> None:
    basis = ClosureBasis.CONFIRMED if what is Effect.CLOSED else ClosureBasis.SUSPENDED
    best = _best(found)
    shuts = [row for row, one in found if one.counts and _answers(one)]
    part = stretch(
        Metres(card_of(load).crs),
        to_shape(best.line),
        [(ObservationKind(one.kind), to_shape(one.geom), one.error_m or 0.0) for one in shuts],
    )
    said: dict[str, Any] = {
        "reason": _reason(best),
        "line": part,
        "by_water": any(ObservationKind(one.kind) in OF_WATER for one in shuts),
    }
    if row is None:
        number = closures.add(connection, load.code, street=best.street, basis=basis, **said)
    elif row.basis != basis or not _says(row, said):
        number = row.id
        grown = not shapely.equals(to_shape(row.geom), part)
        closures.change(connection, number, basis=basis, grown=grown, **said)
    else:
        return
    (done.suspended if basis is ClosureBasis.SUSPENDED else done.confirmed).append(number)


def _answers(one: Evidence) -> bool:
    """Whether somebody answers for it: its sender, or headquarters. What unknown people add to a
    street that is shut makes it no longer, and no water.
    """
    return one.is_known or one.state is ObservationState.CONFIRMED


def _says(row: Row[Any], said: Mapping[str, Any]) -> bool:
    """Whether a closure stands as its reports say."""
    same = row.reason == said["reason"] and row.by_water == said["by_water"]
    return same and bool(shapely.equals(to_shape(row.geom), said["line"]))


def _best(found: Reports) -> Row[Any]:
    """The report that a closure is named after: the first that shuts it alone, or the first."""
    counting = [(row, one) for row, one in found if one.counts and _answers(one)]
    return next((row for row, one in counting if one.suffices), counting[0][0])


def _reason(row: Row[Any]) -> str:
    return f"{KIND_WORDS[ObservationKind(row.kind)]}（{SOURCE_WORDS[SourceKind(row.source_kind)]}）"


def _tell(connection: Connection, load: Any, done: Weighed) -> None:
    """Open pages hear of what began and of what ended, in this very transaction."""
    told = closures.told(connection, load, [*done.suspended, *done.confirmed])
    states: dict[tuple[Topic, str], Any] = {(Topic.ROADS, key): one for key, one in told.items()}
    states |= {(Topic.ROADS, str(number)): None for number in done.reopened}
    if states:
        live.put_all(connection, states)
