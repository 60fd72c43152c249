"""The state that a print is made of, read once on one view of the data."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, select

from data import tables
from data.rows import card_of, current_load
from operations.board.state import State, board_state, state_hash
from routing.ground import CityCard
from web.dutysheets.stamp import Stamp


@dataclass(frozen=True, eq=False)
class Seen:
    """What headquarters sees at `now`; all that is read beside it is of the same transaction."""

    connection: Connection
    load: Row[Any]
    card: CityCard
    state: State
    now: datetime

    @cached_property
    def record(self) -> str:
        """The state's hash."""
        return state_hash(self.state)

    @cached_property
    def frame(self) -> int | None:
        """The number of the newest frame where it is of just this state, else None."""
        table = tables.replay_frame
        query = select(table.c.id, table.c.hash).where(table.c.city_code == self.load.code)
        query = query.order_by(table.c.at.desc(), table.c.id.desc()).limit(1)
        newest = self.connection.execute(query).first()
        return newest.id if newest and newest.hash == self.record else None

    @cached_property
    def stamp(self) -> Stamp:
        """What traces each number of a print to this state."""
        city = self.state["city"]["city"]
        plan = self.state["plan"].get("newest")
        return Stamp(
            city=self.card.name,
            fictional=self.card.fictional,
            drill=bool(city.get("drill")),
            zone=self.card.timezone,
            made_at=self.now,
            plan=plan["number"] if plan else None,
            record=self.record,
            frame=self.frame,
            missing=tuple(city.get("missing", ())),
        )


def seen(connection: Connection, now: datetime) -> Seen:
    """All of it, on one unchanging view (`transaction` without `latest`). Raises `NoCity`."""
    load = current_load(connection)
    return Seen(connection, load, card_of(load), board_state(connection, now), now)
