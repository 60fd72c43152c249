"""Sources are added and stopped by a person, in the audit log by number, theme and host."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from city.staff import Caller, CallerKind
from data import infosources
from data.database import transaction
from data.people import audit
from data.rows import current_load
from hazards.information import Shape, Theme, Way
from hazards.informationsettings import plain_hosts
from operations.errors import NotAllowed, Refused
from operations.information.addresses import Bounds, Forbidden, checked, refuse_inside

LEAST_S: Final = 60
USUAL_S: Final = {Way.URL: 300, Way.FOLDER: 60, Way.DROP: 6 * 3600}
MOST_S: Final = 7 * 86_400
PUT_OFF: Final = timedelta(hours=6)
LONGEST_NAME: Final = 60
LONGEST_LINE: Final = 200
_PRINTABLE: Final = re.compile(r"[^\x00-\x1f\x7f]*")


@dataclass(frozen=True, slots=True)
class GivenSource:
    """What is said of a new source. `every_s` is how often it is asked, or for how long what is
    handed over counts as new (by default `USUAL_S`); `only` are words, with commas, of which an
    item must have one.
    """

    name: str
    theme: Theme
    shape: Shape
    way: Way
    location: str = ""
    licence: str = ""
    attribution: str = ""
    every_s: int | None = None
    public: bool = False
    only: str = ""


def add(
    engine: Engine, by: Caller, given: GivenSource, now: datetime, *, loopback: bool = False
) -> int:
    """Add a source; returns its number. Raises `Refused`, `NotAllowed` for a folder elsewhere than
    at the console, `NoCity`. `loopback` is for peers of tests.
    """
    _refuse_words(given)
    with transaction(engine) as connection:
        load = current_load(connection)
        host = _place(by, given, Bounds(plain_hosts(load.settings), loopback))
        if infosources.count(connection, load.code) >= infosources.MOST_SOURCES:
            raise Refused(
                f"情報源は {infosources.MOST_SOURCES} までです。使わないものをやめてください"
            )
        number = infosources.add(
            connection,
            load.code,
            by.actor,
            now,
            name=given.name.strip(),
            theme=given.theme,
            format=given.shape,
            way=given.way,
            location=given.location.strip(),
            only_words=given.only.strip(),
            licence=given.licence.strip(),
            attribution=given.attribution.strip(),
            every_s=_every(given),
            public=given.public,
        )
        about = {"theme": given.theme, "format": given.shape, "way": given.way, "host": host}
        audit.record(connection, by, "source.added", str(number), **about, public=given.public)
        return number


def stop(engine: Engine, by: Caller, number: int, reason: str, now: datetime) -> None:
    """Ask a source no more, and forget what it said. Raises `NotThere`, `Refused`."""
    why = said_reason(reason)
    with transaction(engine, latest=True) as connection:
        row = infosources.find(connection, current_load(connection).code, number, lock=True)
        infosources.stop(connection, row.id, now)
        audit.record(connection, by, "source.stopped", str(number), reason=why)


def put_off(engine: Engine, by: Caller, number: int, reason: str, now: datetime) -> None:
    """Somebody knows that a source fails: nobody is asked again for `PUT_OFF`. Raises as `stop`."""
    why = said_reason(reason)
    with transaction(engine, latest=True) as connection:
        row = infosources.find(connection, current_load(connection).code, number, lock=True)
        infosources.say(connection, row.id, seen_until=now + PUT_OFF)
        audit.record(connection, by, "source.put_off", str(number), reason=why)


def said_reason(reason: str) -> str:
    """Why, in a line; raises `Refused` where nothing is said."""
    why = reason.strip()
    if not why or len(why) > LONGEST_LINE or not _PRINTABLE.fullmatch(why):
        raise Refused(f"理由を1行で書いてください（{LONGEST_LINE}字まで）")
    return why


def shown_place(row: Any) -> str:
    """Where a source is, without what its address may hold: a host, the end of a folder's path."""
    if row.way == Way.URL:
        return checked_host(row.location)
    return Path(row.location).name if row.way == Way.FOLDER else ""


def checked_host(url: str) -> str:
    """The host of an address that was checked once."""
    return url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]


def _every(given: GivenSource) -> int:
    return USUAL_S[given.way] if given.every_s is None else given.every_s


def _refuse_words(given: GivenSource) -> None:
    if not given.name.strip() or len(given.name) > LONGEST_NAME:
        raise Refused(f"名前を書いてください（{LONGEST_NAME}字まで）")
    lines = (given.name, given.licence, given.attribution, given.only)
    if any(len(one) > LONGEST_LINE or not _PRINTABLE.fullmatch(one) for one in lines):
        raise Refused(f"名前・ライセンス・出典は1行で書いてください（{LONGEST_LINE}字まで）")
    if not LEAST_S <= _every(given) <= MOST_S:
        raise Refused("取得の間隔は 1分から7日までです")
    if given.shape is Shape.GSI_SITES and given.theme is not Theme.NEIGHBOUR:
        # Under level 5 no neighbour's place is named (`safety.md` 4): it must be known as one.
        raise Refused("避難場所の一覧は、分野「近くの市町村」でだけ加えられます")
    if given.public and not (given.attribution.strip() and given.licence.strip()):
        raise Refused("市民に見せるものには、出典とライセンスが要ります")


def _place(by: Caller, given: GivenSource, bounds: Bounds) -> str:
    """The host or folder as the audit log names it; raises where it cannot be asked."""
    location = given.location.strip()
    if given.way is Way.DROP:
        if location:
            raise Refused("ファイルを受け取る情報源に、アドレスは要りません")
        return ""
    if given.way is Way.FOLDER:
        # Whoever names a folder reads the server's files: only who is at the server may.
        if by.kind is not CallerKind.CONSOLE:
            raise NotAllowed(
                "フォルダーの情報源は、サーバーで nigemichi source add を使って加えます"
            )
        folder = Path(location)
        if not folder.is_absolute() or not folder.is_dir():
            raise Refused("フォルダーがありません。/ から始まる場所で書いてください")
        return folder.name
    try:
        host = checked(location, bounds).hostname or ""
        refuse_inside(host, bounds)
    except Forbidden as error:
        raise Refused(f"{error}。") from None
    return host
