"""A person enters a line, corrects one by another, or says how far something is.

Nothing is ever changed or taken away: a correction is a line of its own that names what it
corrects. What is written is hashed into the audit log, which says so if it was changed later.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, Engine, Row

from city.staff import Caller, CallerKind
from data import chronology as kept
from data import chronologysteps
from data.database import in_order, transaction
from data.errors import NotThere
from data.live import outbox as live
from data.live.outbox import Topic
from data.people import audit
from data.rows import current_load
from operations.chronology.correcting import check_stands, corrected
from operations.chronology.refs import Ref, read_ref
from operations.errors import NotAllowed, Refused
from operations.refusals import refusals
from operations.wording import line
from web.staff.chronologywords import TO

KEY: Final = "chronology"
"""Of the live stream: the highest numbers of entries and steps; no words."""
LONGEST: Final = 40
"""From, to and owner."""
LONGEST_CONTENT: Final = 400
LONGEST_ACTION: Final = 200
AHEAD: Final = timedelta(minutes=1)
"""A clock on a wall may be so far ahead of ours."""


class LineState(StrEnum):
    """How far the matter of a line is."""

    OPEN = "open"
    WORKING = "working"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class GivenLine:
    """A line as somebody typed it; its key is made by the page, the same once more changes nothing.

    `at`: when it happened, None for now.
    """

    key: UUID
    content: str
    at: datetime | None = None
    sender: str = ""
    recipient: str = ""
    action: str = ""
    owner: str = ""
    corrects: str | None = None


def enter(engine: Engine, by: Caller, given: GivenLine, *, now: datetime) -> int:
    """Add a line; returns its number.

    Raises `NotAllowed`, `NotThere`, `Refused`; `Corrected` for what another line stands for.
    """
    with (
        refusals(engine, by, "chronology"),
        transaction(engine, latest=True) as connection,
    ):
        _check_person(by)
        code = current_load(connection).code
        values = _checked(connection, code, given, now)
        in_order(connection)
        known = kept.find_key(connection, given.key)
        if known is not None:
            return _same(known, code, by, values)
        if values["corrects"] is not None:
            check_stands(connection, values["corrects"])
        number = kept.add(connection, key=given.key, city_code=code, entered_by=by.actor, **values)
        if number is None:
            again = kept.find_key(connection, given.key)
            assert again is not None  # noqa: S101 - somebody else has just added it
            return _same(again, code, by, values)
        _tell(connection, entry=number)
        audit.record(connection, by, "chronology.entered", f"entry:{number}", sha256=_hash(values))
        return number


def say_state(
    engine: Engine, by: Caller, text: str, state: LineState, owner: str | None, *, now: datetime
) -> int:
    """Say how far a line is and who has it (None: whoever had it); returns the number of what was
    said.

    Raises `NotAllowed`, `NotThere`, `Refused`.
    """
    with (
        refusals(engine, by, "chronology", text[:LONGEST]),
        transaction(engine, latest=True) as connection,
    ):
        _check_person(by)
        ref = read_ref(text)
        named = None if owner is None else line(owner, "担当", longest=LONGEST)
        code = current_load(connection).code
        if not kept.is_there(connection, code, ref.kind, ref.number, TO):
            raise NotThere(f"クロノロに {ref} はありません（no such line）")
        in_order(connection)
        last = chronologysteps.last_steps(connection, code, [str(ref)]).get(str(ref))
        owner = _owner(connection, code, ref, last) if named is None else named
        if last is not None and (last.state, last.owner) == (state, owner):
            return int(last.id)
        said = {"state": state, "owner": owner, "said_by": by.actor}
        number = chronologysteps.add_step(connection, city_code=code, ref=str(ref), **said)
        _tell(connection, step=number)
        audit.record(connection, by, "chronology.stated", str(ref), state=state)
        return number


def _owner(connection: Connection, code: str, ref: Ref, last: Row[Any] | None) -> str:
    """Who has it so far, "" for nobody."""
    if last is not None:
        return str(last.owner)
    entry = kept.find(connection, code, ref.number) if ref.kind == "entry" else None
    return "" if entry is None else str(entry.owner)


def _check_person(by: Caller) -> None:
    if by.kind is not CallerKind.STAFF:
        raise NotAllowed(
            "自分の名前でログインしてから書いてください（sign in with an account of your own）"
        )


def _checked(connection: Connection, code: str, given: GivenLine, now: datetime) -> dict[str, Any]:
    at = given.at or now
    if at > now + AHEAD:
        raise Refused("時刻が今より後です。起きた時刻を入れてください（the time is in the future）")
    return {
        "at": min(at, now),
        "sender": line(given.sender, "発", longest=LONGEST),
        "recipient": line(given.recipient, "宛", longest=LONGEST),
        "content": line(given.content, "内容", longest=LONGEST_CONTENT, needed=True),
        "action": line(given.action, "処置", longest=LONGEST_ACTION),
        "owner": line(given.owner, "担当", longest=LONGEST),
        "corrects": None
        if given.corrects is None
        else corrected(connection, code, read_ref(given.corrects)),
    }


def _same(known: Row[Any], code: str, by: Caller, values: dict[str, Any]) -> int:
    """What was sent again; refused for the key of somebody else's line, and for other content: who
    edited it must hear that the first is what stands.
    """
    if known.city_code != code or known.entered_by != by.actor:
        raise Refused("この番号の行は別の人が書いています（the key is taken: make another）")
    if any(known._mapping[name] != value for name, value in values.items() if name != "at"):
        raise Refused(
            "先に送った内容で記録済みです。直すときは訂正として書いてください"
            "（it is entered as it was sent first: enter a correction）"
        )
    return int(known.id)


def _tell(connection: Connection, **numbers: int) -> None:
    live.put(connection, Topic.HEADQUARTERS, KEY, numbers)


def _hash(values: dict[str, Any]) -> str:
    plain = {key: value.isoformat() if key == "at" else value for key, value in values.items()}
    return hashlib.sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()
