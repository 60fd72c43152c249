"""What happens to photos by themselves: to the store, and away at their date."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import PurePosixPath
from typing import Final

from sqlalchemy import Engine

from city.staff import Caller
from data.database import transaction
from data.people import audit
from data.photos import rows, uploadrows
from data.photos.looking import show_thumbnail
from data.photos.store import Store, original_key, shown_key

AT_ONCE: Final = 100
"""Photos deleted in one transaction."""
ORPHAN: Final = timedelta(days=1)
"""A file that has had no row for so long belongs to something that was not carried out."""
FINISHED: Final = timedelta(days=30)
"""So long an upload that became a photo is remembered; the photo's report remembers it always."""


@dataclass(frozen=True, slots=True)
class Purged:
    """`stored` thumbnails went to the store; `photos`, `uploads` and stray `files` went away."""

    stored: int
    photos: int
    uploads: int
    files: int


def settle(engine: Engine, store: Store) -> int:
    """Put into the store what the database still holds; returns how many. Raises `StoreAway`."""
    count = 0
    while True:
        with transaction(engine, latest=True) as connection:
            found = rows.held(connection)
            if found is None:
                return count
            sha256, content = found
            store.put(shown_key(sha256), show_thumbnail(content))
            store.put(original_key(sha256), content)
            rows.taken(connection, sha256)
        count += 1


def purge(engine: Engine, store: Store, by: Caller, *, now: datetime) -> Purged:
    """Delete what is past its date: photos, unfinished uploads, files of nothing.

    Stopped anywhere it is gone on with the next time. Raises `StoreAway`.
    """
    stored, photos = settle(engine, store), _photos(engine, store, now)
    with transaction(engine, latest=True) as connection:
        uploads = uploadrows.remove_over(connection, now, now - FINISHED)
    files = _orphans(engine, store, now - ORPHAN)
    if photos or uploads or files:
        with transaction(engine, latest=True) as connection:
            audit.record(
                connection, by, "photos.purged", photos=photos, uploads=uploads, files=files
            )
    return Purged(stored, photos, uploads, files)


def _photos(engine: Engine, store: Store, now: datetime) -> int:
    """Rows first, and their files while the rows are held: who brings one again waits for it."""
    count = 0
    while True:
        with transaction(engine, latest=True) as connection:
            gone = rows.remove_over(connection, now, AT_ONCE)
            for sha256 in gone:
                store.remove(shown_key(sha256))
                store.remove(original_key(sha256))
        count += len(gone)
        if not gone:
            return count


def _orphans(engine: Engine, store: Store, before: datetime) -> int:
    count = 0
    for keys in _batched(store.older(before)):
        with transaction(engine) as connection:
            known = rows.known(connection, [PurePosixPath(key).stem for key in keys])
        for key in keys:
            if PurePosixPath(key).stem not in known:
                store.remove(key)
                count += 1
    return count


def _batched(keys: Iterable[str]) -> Iterator[list[str]]:
    left = iter(keys)
    while batch := list(islice(left, AT_ONCE)):
        yield batch
