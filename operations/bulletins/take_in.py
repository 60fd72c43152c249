"""One telegram: read, kept, and its suggestions beside it, in one transaction.

It sets no order and lifts none (`safety.md` 11).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row

from city.staff import Caller
from data import bulletins, inforce
from data.database import transaction
from data.people import audit
from data.readers.jma import SetAside, read_telegram
from data.rows import current_load
from hazards.bulletin import Bulletin
from hazards.bulletinplace import Place, here
from hazards.criteria import met, remarks, suggested
from operations.bulletins.board import renew_board
from operations.bulletins.nowstanding import standing_now
from operations.bulletins.suggesting import keep, settle
from operations.bulletins.surroundings import Surroundings, look_around
from operations.errors import Refused

AHEAD: Final = timedelta(hours=1)
"""So much later than our clock a telegram's time may be: a wrong one would stay the newest."""


class Became(StrEnum):
    """What became of a telegram."""

    TAKEN_IN = "taken_in"
    KNOWN = "known"
    LATE = "late"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a telegram, in words; the numbers of its bulletin and its new suggestions."""

    became: Became
    words: str
    bulletin: int | None = None
    suggestions: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()


def take_in(engine: Engine, by: Caller, content: bytes, *, name: str, now: datetime) -> TakenIn:
    """Take a telegram in; `name` is what it is called in a complaint.

    Raises `BrokenSource` for what is no telegram, `Refused` for one of the future, `HazardError`
    for a 発令判断表 that cannot be used, `NoCity`.
    """
    read = read_telegram(content, name)
    if isinstance(read, SetAside):
        return TakenIn(Became.SET_ASIDE, read.reason)
    if read.reported_at > now + AHEAD:
        raise Refused(
            f"{name}: 発表時刻が今より先です。時計を確かめてください（reported in the future:"
            f" {read.reported_at.isoformat()}）"
        )
    with transaction(engine, latest=True) as connection:
        inforce.wait_for_load(connection)
        load = current_load(connection)
        bulletins.hold_bulletins(connection)
        before = bulletins.newest(connection, load.code, read)
        number = bulletins.add(connection, load.code, read, now=now)
        if number is None:
            return TakenIn(Became.KNOWN, f"{read.heading}: もう取り込んであります")
        # Telegrams come in any order: what was withdrawn before it came does not stand either.
        others = [*before, *bulletins.withdrawals(connection, load.code, read)]
        if any(bulletins.bulletin_of(row).order > read.order for row in others):
            bulletins.supersede(connection, [number])
            _record(connection, by, number, read, Became.LATE, ())
            words = f"{read.heading}: もっと新しい電文があるため、記録だけしました"
            return TakenIn(Became.LATE, words, number)
        bulletins.supersede(connection, [row.id for row in before])
        around = look_around(connection, load)
        return _taken(connection, around, by, number, read, _last(before, around.place), now)


def _taken(
    connection: Connection,
    around: Surroundings,
    by: Caller,
    number: int,
    read: Bulletin,
    last: Bulletin | None,
    now: datetime,
) -> TakenIn:
    """It is the newest of its series: suggest, remark, tell headquarters."""
    seen = here(read, around.place)
    found = suggested(around.criteria, seen, around.orders, last) if not _over(seen, now) else []
    settle(connection, around.load, around.orders, now)
    going_on = _going_on(connection, around, number, last, now)
    new = keep(connection, around.load, found, going_on=going_on, now=now, bulletin=number)
    said = remarks(seen, around.orders, last)
    bulletins.remark(connection, number, said)
    if read.is_cancelled and not (last and last.items):
        # What it withdraws was never said of this city.
        bulletins.supersede(connection, [number])
    renew_board(connection, around.load, now)
    _record(connection, by, number, read, Became.TAKEN_IN, new)
    return TakenIn(Became.TAKEN_IN, _words(read, seen), number, tuple(new), tuple(said))


def _last(before: Sequence[Row[Any]], place: Place) -> Bulletin | None:
    """What stood in the series until now, here."""
    found = sorted((bulletins.bulletin_of(row) for row in before), key=lambda one: one.order)
    return here(found[-1], place) if found else None


def _over(seen: Bulletin, now: datetime) -> bool:
    return seen.ends_at is not None and seen.ends_at <= now


def _going_on(
    connection: Connection,
    around: Surroundings,
    number: int,
    last: Bulletin | None,
    now: datetime,
) -> frozenset[str]:
    """The criteria met by what stood in the series before, and by what stands in another."""
    others = [
        one.bulletin
        for one in standing_now(connection, around.load.code, around.place, now)
        if one.number != number and one.items_in_force()
    ]
    stood = [*others, *([last] if last else [])]
    return frozenset(one.id for one in around.criteria if any(met(one, other) for other in stood))


def _words(read: Bulletin, seen: Bulletin) -> str:
    status = "" if read.is_real else f"【{read.status}】"
    if read.is_cancelled:
        return f"{status}{read.heading}を取り消す電文を取り込みました"
    here_now = "" if any(one.in_force for one in seen.items) else "（この市では解除）"
    if not seen.items:
        here_now = "（この市への発表はありません）"
    return f"{status}{read.heading}を取り込みました{here_now}"


def _record(
    connection: Connection,
    by: Caller,
    number: int,
    read: Bulletin,
    became: Became,
    new: Sequence[int],
) -> None:
    details = {"kind": read.kind, "status": read.status, "issue": read.issue}
    audit.record(
        connection, by, f"bulletin.{became}", str(number), **details, suggestions=list(new)
    )
