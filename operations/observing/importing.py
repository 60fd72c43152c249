"""Files of 現地報告: looked at before they count, and taken in as what was looked at.

Whoever drew a file is nobody we know: its rows are shown 未確認, and shut no road.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from city.staff import Caller
from data.database import transaction
from data.errors import BrokenSource
from data.readers.observed import read_observed
from data.readers.observedrow import ObservedFile, ObservedRow
from data.rows import card_of, current_load
from hazards.observation import CLOCKS_APART, Draft, SourceKind, seen_at
from hazards.plausible import NOWHERE, OUTSIDE, doubtful
from operations.errors import Refused
from operations.observing.importplaces import Place, places
from operations.observing.report import GivenReport, report_all

ROWS: Final = UUID("5d1c1f0e-6a3b-4d0a-9b53-0d0a7f6f2c11")
"""Ids of rows are made from this, the file and the row: the same file once more is the same."""
UNCONFIRMED: Final = "未確認として表示、通行止めにはなりません"
SET_ASIDE: Final = "記録だけします（{why}）"
_OUTSIDE_DO: Final = "この市のことか、座標が正しいか確かめてください"
_ANOTHER: Final = (
    "確かめたときと違うファイルか、地図が新しくなりました。もう一度、内容を確かめてください"
    "（not what was previewed: preview it again）"
)
_NOTHING: Final = "取り込める行がありません。理由を確かめてください（no row can be taken in）"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What one row would become: a report that `does` something, or a refusal.

    `place` is None where the row names no place of the city.
    """

    label: str
    draft: Draft | None
    place: Place | None
    does: str
    refused: str = ""
    remedy: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it would be taken in, by the clocks of `zone`; `digest` names it, and what was
    shown of it.
    """

    name: str
    shape: str
    digest: str
    zone: ZoneInfo
    rows: tuple[PreviewRow, ...]

    @property
    def taken(self) -> list[PreviewRow]:
        """The rows that become reports."""
        return [row for row in self.rows if not row.refused]


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows became reports, were there before, count for nothing, were refused."""

    new: int
    known: int
    set_aside: int
    refused: int


def preview(engine: Engine, by: Caller, name: str, data: bytes, now: datetime) -> Preview:
    """What a file would do; nothing is kept. Raises `Refused` for what is no such file."""
    with transaction(engine) as connection:
        return _looked_at(connection, name, data, now)


def accept(
    engine: Engine, by: Caller, name: str, data: bytes, digest: str, now: datetime
) -> Imported:
    """Take in the file that was previewed, each row once however often it is sent.

    Raises `Refused` for another file than the one of that digest, and where no row is sound.
    """
    with transaction(engine) as connection:
        seen = _looked_at(connection, name, data, now)
    if digest != seen.digest:
        raise Refused(_ANOTHER)
    if not seen.taken:
        raise Refused(_NOTHING)
    file = sha256(data).hexdigest()
    given = [
        (by, GivenReport(_id(file, row.label), row.draft, SourceKind.FILE, source=""))
        for row in seen.taken
        if row.draft
    ]
    done = report_all(engine, given, now)
    new = sum(one.is_new for one in done)
    aside = sum(bool(one.set_aside) for one in done)
    return Imported(new, len(done) - new, aside, len(seen.rows) - len(seen.taken))


def _id(file: str, label: str) -> UUID:
    return uuid5(ROWS, f"{file}/{label}")


def _looked_at(connection: Connection, name: str, data: bytes, now: datetime) -> Preview:
    load = current_load(connection)
    zone = ZoneInfo(card_of(load).timezone)
    name = PurePath(name.replace("\\", "/")).name or "file"
    try:
        file = read_observed(name, data, zone)
    except BrokenSource as error:
        raise Refused(_broken(name, error)) from error
    rows = _rows(connection, load, file, now)
    return Preview(name, file.shape, _digest(data, rows), zone, rows)


def _broken(name: str, error: BrokenSource) -> str:
    """Why no row of a file can be read, and what to do, for who chose it."""
    where = f"（{error.row}行目）" if isinstance(error.row, int) else ""
    return f"{name}{where}: {error.what} — {error.remedy}"


def _rows(
    connection: Connection, load: Any, file: ObservedFile, now: datetime
) -> tuple[PreviewRow, ...]:
    drafts = [row.draft for row in file.rows if row.draft]
    found = iter(places(connection, load, drafts))
    return tuple(_row(row, next(found) if row.draft else None, now) for row in file.rows)


def _row(row: ObservedRow, place: Place | None, now: datetime) -> PreviewRow:
    draft = row.draft
    if draft is None or place is None:
        return PreviewRow(row.label, None, None, "", row.refused, row.remedy, row.remarks)
    why = doubtful(draft.geometry, place.away_m, seen_at(draft.seen_at, now), now)
    if why in (OUTSIDE, NOWHERE):
        return PreviewRow(row.label, draft, None, "", why, _OUTSIDE_DO, row.remarks)
    does = SET_ASIDE.format(why=why) if why else UNCONFIRMED
    remarks = (*row.remarks, *_clock(draft, now))
    return PreviewRow(row.label, draft, place, does, remarks=remarks)


def _clock(draft: Draft, now: datetime) -> Sequence[str]:
    """A device whose clock is ahead told no time (`observation.seen_at`)."""
    if draft.seen_at is None or draft.seen_at <= now + CLOCKS_APART:
        return ()
    ahead = _in_words(draft.seen_at - now)
    return (f"日時がいまより{ahead}先です（時計のずれ）。取り込んだ時刻とします",)


def _in_words(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes}分"
    hours = round(minutes / 60)
    return f"{hours}時間" if hours < 48 else f"{round(hours / 24):,}日"


def _digest(data: bytes, rows: Sequence[PreviewRow]) -> str:
    """Of the file, and of what was said of each row but its age."""
    said = [
        f"{row.label}|{row.draft.kind if row.draft else ''}|{bool(row.refused)}|{row.does}|"
        f"{'・'.join(row.place.names) if row.place else ''}"
        for row in rows
    ]
    return sha256(sha256(data).digest() + "\n".join(said).encode()).hexdigest()
