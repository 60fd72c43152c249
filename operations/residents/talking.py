"""A report by LINE: a picture and a place, two questions, and a report that is 未確認.

`hear` keeps what somebody said; `finish` makes the report of it, once, whoever calls it how often.
"""

import re
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

import shapely
from geoalchemy2.shape import from_shape, to_shape
from sqlalchemy import Connection, Engine, Row

from alerts.channels.line_webhook import LineEvent, Located, Pictured, Tapped, Wrote
from alerts.kinds import Language
from city.staff import PUBLIC
from data import linereports, recipients
from data.database import transaction
from data.rows import current_load
from data.sealing import Sealer
from hazards.observation import Draft, ObservationKind, SourceKind
from operations.observing.report import GivenReport, report
from operations.residents.words import Answer, Says
from operations.wording import LONGEST, words_of_need

TOGETHER: Final = timedelta(minutes=15)
"""Picture and place of one user belong together within it; who is silent so long is done."""
ANSWERED: Final = timedelta(hours=2)
"""So long a question may be answered: with one hand, in the rain."""
EACH_HOUR: Final = 10
"""Reports of one user."""
ERROR_M: Final = 50.0
"""Of a place that somebody sends: LINE does not say it, and a pin may be set by hand."""
TAPPED: Final = re.compile(r"report=([0-9a-f]{32})&(kind|answer)=([a-z_]{1,30})")
IN_DANGER: Final = "けが人か助けがいる人がいる（LINE での答え）"
NOBODY: Final = "けが人も助けがいる人もいない（LINE での答え）"


def concerns(event: LineEvent) -> bool:
    """Whether an event belongs to a report."""
    if isinstance(event, Tapped):
        return event.data.startswith("report=")
    return isinstance(event, Pictured | Located)


def hear(
    connection: Connection,
    sealer: Sealer,
    event: LineEvent,
    recipient: int | None,
    now: datetime,
) -> UUID | None:
    """Keep what somebody said; returns the report that can be made now, None for none yet.

    `recipient` is who has that LINE, where anybody registered it: they are asked in their language.
    """
    recipients.hold_keys(connection)
    found = linereports.lookup(sealer, event.user)
    linereports.lock_user(connection, found)
    if isinstance(event, Tapped):
        return _answer(connection, found, event, now)
    row = linereports.latest(connection, found, now - TOGETHER)
    if row is not None and row.reported_at is None:
        _put(connection, row.id, event, now, there=row)
    elif row is not None and row.picture is None and isinstance(event, Pictured):
        _add_picture(connection, row.id, event, now)
    else:
        _begin(connection, sealer, event, recipient, now)
    return None


def hear_words(connection: Connection, sealer: Sealer, event: Wrote, now: datetime) -> bool:
    """Keep what somebody writes while their report is open, and ask again; False for none open."""
    found, note = linereports.lookup(sealer, event.user), words_of_need(event.text)
    linereports.lock_user(connection, found)
    row = linereports.latest(connection, found, now - TOGETHER)
    if row is None or row.reported_at is not None or not note:
        return False
    words = " ".join(filter(None, (row.note, note)))[:LONGEST]
    linereports.change(connection, row.id, note=words, heard_at=now)
    asks = Says.MORE if row.kind else Says.KIND
    linereports.say(connection, row.id, asks if row.geom is not None else Says.WHERE, now)
    return True


def finish(engine: Engine, number: UUID, now: datetime) -> None:
    """Make the report of a conversation, and say so; once."""
    with transaction(engine, latest=True) as connection:
        row = linereports.find(connection, number)
    if row is None or row.reported_at is not None or row.geom is None:
        return
    answer = Answer(row.answer) if row.answer else None
    taken = report(engine, PUBLIC, _given(row, answer), now)
    if answer is Answer.DANGER and row.kind != ObservationKind.RESCUE:
        report(engine, PUBLIC, _given(row, answer, rescue=True), now)
    says = Says.SET_ASIDE if taken.set_aside else Says.TAKEN
    if answer is Answer.DANGER or row.kind == ObservationKind.RESCUE:
        says = Says.IN_DANGER
    with transaction(engine, latest=True) as connection:
        row = linereports.find(connection, number, held=True)
        if row is not None and row.reported_at is None:
            linereports.change(connection, number, reported_at=now)
            linereports.say(connection, number, says, now)


def finish_silent(engine: Engine, now: datetime, most: int = 100) -> int:
    """Make the reports that nobody made: answered ones, and of those who fell silent."""
    with transaction(engine, latest=True) as connection:
        found = linereports.unreported(connection, now - TOGETHER, most)
    for number in found:
        finish(engine, number, now)
    return len(found)


def _begin(
    connection: Connection, sealer: Sealer, event: LineEvent, recipient: int | None, now: datetime
) -> None:
    found = linereports.lookup(sealer, event.user)
    row = linereports.latest(connection, found, now - timedelta(hours=1))
    often = linereports.begun_since(connection, found, now - timedelta(hours=1)) >= EACH_HOUR
    if often and row is not None:
        linereports.say(connection, row.id, Says.OFTEN, now)
        return
    known = recipients.find(connection, recipient) if recipient is not None else None
    sealed, number = sealer.seal_text(event.user, linereports.PURPOSE), uuid4()
    linereports.add(
        connection,
        id=number,
        city_code=current_load(connection).code,
        lookup=found,
        sealed=sealed.value,
        key_number=sealed.key_number,
        language=known.wishes.language if known else Language.JAPANESE,
        begun_at=min(event.at, now),
        heard_at=now,
    )
    _put(connection, number, event, now)


def _put(
    connection: Connection,
    number: UUID,
    event: LineEvent,
    now: datetime,
    there: Row[Any] | None = None,
) -> None:
    """A picture or a place; asks for what is missing next."""
    values: dict[str, Any] = {"heard_at": now}
    if isinstance(event, Pictured):
        values |= {"picture": event.picture, "picture_due": now}
    if isinstance(event, Located):
        values |= {"geom": from_shape(shapely.Point(event.lon, event.lat), srid=4326)}
    linereports.change(connection, number, **values)
    placed = isinstance(event, Located) or (there is not None and there.geom is not None)
    asks = Says.MORE if there is not None and there.kind else Says.KIND
    linereports.say(connection, number, asks if placed else Says.WHERE, now)


def _add_picture(connection: Connection, number: UUID, event: Pictured, now: datetime) -> None:
    """The picture of a report that was made without one."""
    values = {"picture": event.picture, "picture_due": now, "heard_at": now}
    linereports.change(connection, number, **values)
    linereports.say(connection, number, Says.PICTURE, now)


def _answer(connection: Connection, found: bytes, event: Tapped, now: datetime) -> UUID | None:
    """An answer to a question of theirs; any other tap says nothing."""
    read = TAPPED.fullmatch(event.data)
    row = linereports.find(connection, UUID(read[1]), held=True) if read else None
    if read is None or row is None or row.lookup != found or row.reported_at is not None:
        return None
    if now - row.heard_at > ANSWERED:
        linereports.say(connection, row.id, Says.OLD, now)
        return None
    if read[2] == "kind" and read[3] in set(ObservationKind):
        linereports.change(connection, row.id, kind=read[3], heard_at=now)
        linereports.say(connection, row.id, Says.MORE, now)
    elif read[2] == "answer" and read[3] in set(Answer) and row.kind and row.geom is not None:
        linereports.change(connection, row.id, answer=read[3], heard_at=now)
        return UUID(str(row.id))
    return None


def _given(row: Row[Any], answer: Answer | None, *, rescue: bool = False) -> GivenReport:
    kind = ObservationKind.RESCUE if rescue else ObservationKind(row.kind or "other")
    said = {Answer.DANGER: IN_DANGER, Answer.NOBODY: NOBODY}.get(answer or Answer.UNKNOWN, "")
    draft = Draft(
        kind,
        to_shape(row.geom),
        ERROR_M,
        row.begun_at,
        "　".join(filter(None, (said, row.note)))[:LONGEST],
        answer.depth if answer else None,
    )
    number = uuid5(row.id, "rescue") if rescue else row.id
    # The same user's reports are of one source: they corroborate nothing.
    return GivenReport(number, draft, SourceKind.PUBLIC, f"line:{row.lookup.hex()[:12]}")
