"""The small city with keys, and a carrier that keeps what it was handed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from alerts.channels.line_webhook import Followed, LineEvent
from alerts.channels.port import Batch, Carrier, Fate, Handed
from alerts.kinds import AlertKind, ChannelKind, Language
from alerts.registration import AccessNeed
from data.database import connect
from data.sealing import Sealer
from data.sealingkeys import create_keys
from operations.registering.codes import send_codes
from operations.registering.confirm import confirm_code, use_link
from operations.registering.from_line import hear
from operations.registering.register import Asked, change, register
from operations.registering.standing import Given
from tests.integration.databases import Database, Server

LINE, SMS, MAIL = ChannelKind.LINE, ChannelKind.SMS, ChannelKind.MAIL
NUMBER: Final = "+819012345678"
ADDRESS: Final = "hanako.asase@mail.example"
USER: Final = "U0123456789abcdef0123456789abcdef"
NOW: Final = datetime(2026, 10, 10, 20, 42, tzinfo=UTC)
SITE: Final = "https://asase.example"


@dataclass
class Kept:
    """A carrier that takes everything, or says what `fates` say first."""

    kind: ChannelKind
    remembers_s: float = 0.0
    batches: list[Batch] = field(default_factory=list)
    fates: list[Handed] = field(default_factory=list)
    credential: str = "kept"
    at_once: int = 1
    rate: float = 100.0
    letters_rate: float = 0.0

    def hand_over(self, batch: Batch) -> Sequence[Handed]:
        """Keep it."""
        self.batches.append(batch)
        return [self.fates.pop(0) if self.fates else Handed(Fate.ACCEPTED)]

    def close(self) -> None:
        """There is nothing to close."""


@dataclass
class Office:
    """The database of a city, its keys, and what went out."""

    engine: Engine
    database: Database
    sealer: Sealer
    kept: Mapping[ChannelKind, Kept] = field(
        default_factory=lambda: {kind: Kept(kind) for kind in ChannelKind}
    )
    now: datetime = NOW

    def send(self, limit: int = 100) -> int:
        """Send what waits."""
        carriers: dict[ChannelKind, Carrier] = dict(self.kept)
        return send_codes(self.engine, self.sealer, carriers, self.now, limit, site=SITE)

    def text(self, channel: ChannelKind) -> str:
        """The words of the last letter of this way."""
        message = self.kept[channel].batches[-1].message
        return str(message["messages"][0]["text"] if channel is LINE else message["text"])

    def code(self) -> str:
        """The code of the last short message."""
        return re.findall(r"\d{6}", self.text(SMS))[0]

    def link(self, channel: ChannelKind) -> str:
        """The token of the last link."""
        return re.findall(rf"{SITE}/register/(\S+)", self.text(channel))[0]

    def registered(self, area: str = "北町一丁目", **addresses: str) -> str:
        """Register and confirm by all ways; returns the page's token."""
        ways = {ChannelKind(way): address for way, address in addresses.items()}
        token = register(self.engine, self.sealer, asked(area, ways), self.now)
        self.send()
        if SMS in ways:
            confirm_code(self.engine, self.sealer, token, self.code(), self.now)
        if MAIL in ways:
            use_link(self.engine, self.link(MAIL), self.now)
        return token

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def ways(self) -> list[tuple[Any, ...]]:
        """(recipient, way, stage, whether it is blocked) of all addresses."""
        return self.database.rows(
            "SELECT recipient_id, channel, stage, blocked_at IS NOT NULL FROM recipient_address"
            " ORDER BY recipient_id, channel"
        )

    def confirmed(self) -> list[int]:
        """The numbers of those who are told."""
        query = "SELECT id FROM recipient WHERE confirmed_at IS NOT NULL AND left_at IS NULL"
        return [row[0] for row in self.database.rows(f"{query} ORDER BY 1")]

    def by_line(self, area: str = "北町一丁目") -> str:
        """Follow, and choose an area by the link; returns the page's token."""
        hear(self.engine, self.sealer, followed("first"), self.now)
        self.send()
        return change(self.engine, self.sealer, self.link(LINE), asked(area), self.now)

    def count(self, table: str) -> int:
        """Rows of a table."""
        return int(self.database.one(f"SELECT count(*) FROM {table}"))  # noqa: S608


@contextmanager
def an_office(server: Server, template: str, folder: Path) -> Iterator[Office]:
    """A city like the template, whose keys lie in the folder."""
    made = server.create(template)
    engine = connect(made.url)
    yield Office(engine, made, a_sealer(folder))
    engine.dispose()
    server.drop(made)


def followed(event_id: str, *, at: int = 0, unblocked: bool = False) -> LineEvent:
    """Somebody follows, so many seconds after `NOW`."""
    when = NOW + timedelta(seconds=at)
    return Followed(event_id, when, USER, redelivered=False, reply_token="", unblocked=unblocked)


def asked(area: str | Given | None, addresses: Mapping[ChannelKind, str] | None = None) -> Asked:
    """What somebody asks who wants all."""
    where = Given(area_name=area) if isinstance(area, str) else area
    needs = frozenset({AccessNeed.TIME})
    kinds = frozenset({AlertKind.GENERAL})
    return Asked(where, kinds, Language.JAPANESE, needs, addresses or {})


def a_sealer(folder: Path) -> Sealer:
    """A sealer with keys of its own."""
    create_keys(folder / "keys")
    return Sealer(folder / "keys")
