"""Photos taken in: once each, whichever part comes first, and whoever sends it again.

A thumbnail comes with its report and stays in the database until the store takes it: no report
waits for a disk or for another machine. An original goes to the store before it counts.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from data.photos import rows
from data.photos.apart import look_apart
from data.photos.looking import Looked, look_at_thumbnail
from data.photos.store import Store, original_key, shown_key
from operations.errors import Refused
from operations.photos.settings import photos_life


class AnotherPhoto(Refused):
    """That id is another photo's already: nothing was changed."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An original that was looked at."""

    sha256: str
    content: bytes
    looked: Looked
    shown: bytes


def prepare(content: bytes) -> Prepared:
    """Look at an original; raises `NotAPhoto`, `StoreAway`. Takes a second: hold no rows then."""
    looked, shown = look_apart(content)
    return Prepared(hashlib.sha256(content).hexdigest(), content, looked, shown)


def keep_thumbnail(
    connection: Connection,
    observation: UUID,
    photo_id: UUID,
    content: bytes,
    *,
    now: datetime,
    taken_at: datetime | None = None,
) -> str:
    """Keep a report's thumbnail, in the transaction that takes the report; returns its hash.

    A JPEG up to 30 kB. Where one is there already, that one stays and is returned. Raises
    `NotAPhoto` and `AnotherPhoto` before anything is written.
    """
    looked = look_at_thumbnail(content)
    sha256 = hashlib.sha256(content).hexdigest()
    found = rows.belong(
        connection, photo_id, observation, now=now, thumbnail=sha256, taken_at=taken_at
    )
    _check_report(found, observation)
    if found.thumbnail == sha256:
        until = now + photos_life()
        rows.add(
            connection, sha256, len(content), looked, now=now, delete_after=until, held=content
        )
    return found.thumbnail or sha256


def keep_original(
    connection: Connection,
    store: Store,
    prepared: Prepared,
    observation: UUID,
    photo_id: UUID,
    *,
    now: datetime,
    taken_at: datetime | None = None,
) -> bool:
    """Keep an original; True where it is new, False where it was there.

    Raises `AnotherPhoto` where another one is, `StoreAway` where it could not be stored: the
    transaction must end then.
    """
    sha256 = prepared.sha256
    found = rows.belong(
        connection, photo_id, observation, now=now, original=sha256, taken_at=taken_at
    )
    _check_report(found, observation)
    if found.original != sha256:
        raise AnotherPhoto(
            "この写真の番号では、別の写真をもう受け取っています。"
            "新しい写真として送り直してください（another original）"
        )
    new = rows.find(connection, sha256) is None
    until, size = now + photos_life(), len(prepared.content)
    rows.add(connection, sha256, size, prepared.looked, now=now, delete_after=until)
    store.put(original_key(sha256), prepared.content)
    store.put(shown_key(sha256), prepared.shown)
    return new


def _check_report(found: rows.Belongs, observation: UUID) -> None:
    if found.observation != observation:
        raise AnotherPhoto(
            "この写真の番号は、別の報告の写真です。"
            "新しい写真として送り直してください（it is of another report）"
        )
