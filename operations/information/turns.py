"""One source's turn: asked, and what it says taken in; whatever happens, it has a next turn."""

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from city.staff import SYSTEM, Caller
from data import infosources
from data.database import transaction
from data.errors import BrokenSource
from data.infosources import Found
from data.rows import current_load
from hazards.information import Shape, Way
from hazards.informationsettings import plain_hosts
from operations.errors import Refused
from operations.information.addresses import Bounds
from operations.information.fetching import MOST_BYTES, Fetcher, Known, NotFetched
from operations.information.folders import newest
from operations.information.pinned import Deadline
from operations.information.taking import (
    Became,
    Taken,
    note_failure,
    take,
    unchanged,
)
from operations.information.telegramstaken import Telegram, take_telegrams
from operations.information.telegramturns import ask_telegrams, stand

MOST_TURN_S: Final = 45.0
"""All that is fetched in one turn; a feed of telegrams goes on in the next one."""
log: Final = logging.getLogger("nigemichi.sources")


@dataclass(frozen=True, slots=True)
class Turns:
    """Turns of a city's sources. `loopback` is for peers of tests alone, as in `Bounds`."""

    engine: Engine
    fetcher: Fetcher = field(default_factory=Fetcher)

    def due(self, now: datetime) -> list[int]:
        """Numbers of the sources whose turn has come; raises `NoCity`, `NoDatabase`."""
        with transaction(self.engine) as connection:
            return [
                row.id for row in infosources.due(connection, current_load(connection).code, now)
            ]

    def take_turn(self, number: int, now: datetime, by: Caller = SYSTEM) -> str:
        """Ask a source once; what became of it, in words. Raises `NotThere`, `NoDatabase`."""
        row, fetcher = self._begin(number, now)
        try:
            said = self._ask(row, fetcher, now, by)
        except NotFetched as error:
            note_failure(self.engine, number, str(error), now)
            said = str(error)
        except BrokenSource as error:
            note_failure(self.engine, number, f"壊れています：{error.what}", now, broken=True)
            said = f"壊れています：{error.what}"
        log.info("source %d: %s", number, said)
        return said

    def drop(self, number: int, name: str, body: bytes, now: datetime, by: Caller) -> Taken:
        """Take in a file that somebody hands over; raises `BrokenSource`, `Refused`, `NotThere`."""
        if len(body) > MOST_BYTES:
            raise Refused(f"ファイルが大きすぎます（{MOST_BYTES:,}バイトまで）")
        row = self._row(number)
        if row.way != Way.DROP:
            raise Refused("この情報源は、ファイルを受け取るものではありません")
        if row.format == Shape.JMA:
            took = take_telegrams(self.engine, by, [Telegram(name, body)], now)
            if took.words:
                raise BrokenSource(Path("電文"), [*took.useless, *took.again][0])
            return stand(self.engine, number, now)
        return take(self.engine, number, body, now, by=by)

    def _begin(self, number: int, now: datetime) -> tuple[Found, Fetcher]:
        """Its next turn is set first: one that kills its asker is not asked again at once."""
        with transaction(self.engine, latest=True) as connection:
            load = current_load(connection)
            row = infosources.find(connection, load.code, number, lock=True)
            infosources.say(connection, number, next_at=now + timedelta(seconds=row.every_s))
            plain = plain_hosts(load.settings)
        mine = self.fetcher
        bounds = Bounds(plain | mine.bounds.plain, mine.bounds.loopback)
        return row, replace(mine, bounds=bounds, turn=Deadline(MOST_TURN_S, mine.clock))

    def _row(self, number: int) -> Found:
        with transaction(self.engine) as connection:
            return infosources.find(connection, current_load(connection).code, number)

    def _ask(self, row: Found, fetcher: Fetcher, now: datetime, by: Caller) -> str:
        if row.way == Way.DROP:
            raise Refused("この情報源は、ファイルを渡されるのを待ちます")
        if row.format == Shape.JMA:
            return ask_telegrams(self.engine, row, fetcher, now, by)
        if row.way == Way.FOLDER:
            read = newest(Path(row.location), Shape(row.format))
            # The file is as old as it is, however often it is read.
            at = min(read.at, now)
            return _words(take(self.engine, row.id, read.body, now, by=by, written_at=at))
        found = fetcher.fetch(row.location, Shape(row.format), Known(row.etag, row.modified))
        if found.body is None:
            unchanged(self.engine, row.id, now)
            return "変わりありません"
        return _words(take(self.engine, row.id, found.body, now, by=by, tags=found.known))


def _words(taken: Taken) -> str:
    if taken.became is Became.SAME:
        return "変わりありません"
    if taken.became is Became.SHOWN:
        return f"{taken.items}件"
    return "止めています：" + "。".join(taken.doubts)
