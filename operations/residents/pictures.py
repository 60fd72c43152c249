"""Pictures that residents send after their report: looked at apart, made small, kept once.

The original is not kept: anybody may send one, and a disk is soon full. What is kept says neither
where nor by what it was taken.
"""

import hashlib
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import Engine

from city.staff import PUBLIC
from data.database import transaction
from data.errors import NotThere
from data.live import outbox as live
from data.live.outbox import Topic
from data.observing import observations, replies
from data.people import audit
from data.photos import rows
from data.photos.apart import look_apart
from data.photos.thumbs import thumbnail_of
from data.rows import current_load
from operations.errors import Refused
from operations.observing.deciding import NO_REPORT
from operations.observing.report import REPORTS
from operations.photos.keeping import keep_thumbnail

MOST: Final = 3
"""Pictures of one report."""
ENOUGH: Final = "写真は1つの報告に3枚までです（three pictures a report）"


def add_picture(engine: Engine, number: UUID, content: bytes, now: datetime) -> bool:
    """Add a picture to a resident's report; False where that one was there.

    Takes a second. Raises `NotAPhoto`, `StoreAway`, `NotThere`, and `Refused` for a fourth.
    """
    # Apart, whatever its size: nothing that a stranger made is decoded beside anything else.
    picture = thumbnail_of(look_apart(content)[1])
    key = uuid5(number, hashlib.sha256(content).hexdigest())
    with transaction(engine, latest=True) as connection:
        row = observations.find(connection, current_load(connection).code, number, hold=True)
        if row is None:
            raise NotThere(NO_REPORT)
        if rows.find_belongs(connection, key) is not None:
            return False
        if replies.count_pictures(connection, number) >= MOST:
            raise Refused(ENOUGH)
        keep_thumbnail(connection, number, key, picture, now=now)
        replies.with_photo(connection, number)
        live.put(connection, Topic.HEADQUARTERS, REPORTS, {"id": str(number)})
        audit.record(connection, PUBLIC, "observation.pictured", str(number))
    return True
