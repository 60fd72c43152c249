"""An approved revision and people who registered, straight in the tables, for tests of sending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from alerts.channels.port import Batch, Carrier, Fate, Handed
from alerts.delivery import FallbackClock
from alerts.kinds import ChannelKind, Status
from data import tables
from data.database import transaction
from data.delivery import carriers, progress
from data.sealing import Sealer
from data.sealingkeys import create_keys
from operations.delivery.expanding import expand_next
from operations.delivery.handing import hand_over_next
from operations.delivery.opening import SealedAddresses
from operations.delivery.slot import Slot

CITY = "999"
LANGUAGES = ("ja", "en")
ADDRESSES = {
    ChannelKind.LINE: "U{:032x}",
    ChannelKind.SMS: "+8170{:08d}",
    ChannelKind.MAIL: "p{}@mail.example",
}


def message(channel: ChannelKind, language: str) -> dict[str, Any]:
    """A message as its carrier takes it."""
    text = f"{channel} {language}"
    if channel is ChannelKind.LINE:
        return {"messages": [{"type": "text", "text": text}]}
    return {"subject": "試験", "text": text} if channel is ChannelKind.MAIL else {"text": text}


@dataclass
class Counting:
    """A carrier that does as it is told, and counts what it took by recipient."""

    kind: ChannelKind
    remembers_s: float = 0.0
    at_once: int = 500
    rate: float = 0.0
    letters_rate: float = 0.0
    fates: list[Fate | Handed] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)
    name: str = "test"

    @property
    def credential(self) -> str:
        return f"{self.kind}-{self.name}"

    def hand_over(self, batch: Batch) -> Sequence[Handed]:
        self.batches.append(batch)
        told = self.fates.pop(0) if self.fates else Fate.ACCEPTED
        fate = told.fate if isinstance(told, Handed) else told
        if fate is Fate.ACCEPTED:
            for letter in batch.letters:
                self.taken[letter.recipient] = self.taken.get(letter.recipient, 0) + 1
        if not isinstance(told, Handed):
            told = Handed(fate, why="" if fate is Fate.ACCEPTED else "told so")
        return [told] * len(batch.letters)

    def close(self) -> None:
        pass


@dataclass
class Outbox:
    """A database with tables, a key file, and a clock that stands where the test puts it."""

    engine: Engine
    folder: Path
    now: datetime = datetime(2026, 10, 13, 2, 14, tzinfo=UTC)
    city: str = CITY

    def __post_init__(self) -> None:
        create_keys(self.folder / "keys.toml")
        self.sealer = Sealer(self.folder / "keys.toml")

    def clock(self) -> datetime:
        return self.now

    def pass_time(self, seconds: float) -> None:
        """Meanwhile workers keep their carriers."""
        self.now += timedelta(seconds=seconds)
        self.execute("UPDATE carrier_state SET seen_at = :now", now=self.now)

    def register(
        self,
        count: int,
        *channels: ChannelKind,
        area: str = "渡場一丁目",
        status: Status = Status.ACTUAL,
        language: str = "ja",
        household: int | None = None,
    ) -> list[int]:
        """So many people with these ways, in this order; returns their numbers."""
        with transaction(self.engine, latest=True) as connection:
            first = connection.execute(sql("SELECT coalesce(max(id), 0) FROM recipient")).scalar()
            numbers = list(range((first or 0) + 1, (first or 0) + 1 + count))
            people = [
                {"id": n, "city_code": self.city, "status": status, "area_name": area}
                | {"categories": ["evacuation", "general"], "language": language, "needs": []}
                | {"token_hash": f"t{n}", "confirmed_at": self.now, "household": household}
                for n in numbers
            ]
            connection.execute(tables.recipient.insert(), people)
            ways = []
            for n in numbers:
                for stage, channel in enumerate(channels):
                    address = ADDRESSES[channel].format(n)
                    sealed = self.sealer.seal(address, channel, status)
                    ways.append(
                        {"recipient_id": n, "channel": channel, "stage": stage}
                        | {"sealed": sealed.value, "key_number": sealed.key_number}
                        | {"lookup": self.sealer.lookup(address, channel, status)}
                        | {"verified_at": self.now}
                    )
            connection.execute(tables.recipient_address.insert(), ways)
            return numbers

    def approve(
        self,
        *,
        level: int = 4,
        areas: Sequence[str] = ("渡場一丁目",),
        status: Status = Status.ACTUAL,
        channels: Sequence[ChannelKind] = tuple(ChannelKind),
        alert: int | None = None,
        lasts_s: float = 7200,
    ) -> int:
        """A revision that has just been approved; returns its id."""
        messages: Mapping[str, Any] = {
            channel: {language: message(channel, language) for language in LANGUAGES}
            for channel in channels
        }
        with transaction(self.engine, latest=True) as connection:
            if alert is None:
                query = tables.alert.insert().values(
                    city_code=self.city, status=status, kind="evacuation"
                )
                alert = connection.execute(query.returning(tables.alert.c.id)).scalar_one()
            values = {
                "alert_id": alert,
                "revision": len(self._revisions(connection, alert)) + 1,
                "city_code": self.city,
                "step": "issue",
                "hazard": "flood",
                "level": level,
                "area_names": list(areas),
                "whole_city": not areas,
                "segment": {"names": list(areas)},
                **{"subject": "", "reason": "", "action": "", "made_by": 1},
                "expires_at": self.now + timedelta(seconds=lasts_s),
                "state": "approved",
                "decided_at": self.now,
                "rendered": {"messages": messages},
            }
            table = tables.alert_revision
            made = connection.execute(table.insert().values(**values).returning(table.c.id))
            return int(made.scalar_one())

    @staticmethod
    def _revisions(connection: Connection, alert: int) -> Sequence[Any]:
        table = tables.alert_revision
        return connection.execute(table.select().where(table.c.alert_id == alert)).all()

    def slot(
        self, carrier: Carrier, *, worker: str = "one", status: Status = Status.ACTUAL
    ) -> Slot:
        """A slot of a worker, whose waiting moves the clock."""
        with transaction(self.engine, latest=True) as connection:
            carriers.know(connection, carrier.credential, carrier.kind, status, self.now)
        opens = SealedAddresses(self.sealer, "https://city.example")
        return Slot(self.engine, carrier, opens, status, worker, self.clock, self.pass_time)

    def expand(self) -> int:
        """All that is to be expanded; returns in how many slices."""
        done = 0
        while expand_next(self.engine, FallbackClock(), self.now):
            done += 1
        return done

    def execute(self, query: str, **bound: Any) -> None:
        """One statement, straight in the tables."""
        with transaction(self.engine, latest=True) as connection:
            connection.execute(sql(query), bound)

    def work_off(self, *slots: Slot) -> int:
        """Hand over all that is due; returns how many chunks that was."""
        done = 0
        while worked := sum(map(hand_over_next, slots)):
            done += worked
        return done

    def counts(self, revision: int) -> dict[str, dict[str, Any]]:
        """Of each channel the rows by state, those that are there."""
        with transaction(self.engine, latest=True) as connection:
            found = progress.by_channel(connection, revision)
        return {
            one["channel"]: {key: n for key, n in one.items() if n and key != "channel"}
            for one in found
        }


def everything(connection: Connection) -> list[tuple[int, int]]:
    """(alert, revision) of all there are, as if a page had shown them."""
    rows = connection.execute(sql("SELECT alert_id, revision FROM alert_revision"))
    return [(row.alert_id, row.revision) for row in rows]
