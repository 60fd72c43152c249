"""An original that came in pieces (`operations/photos/uploads.py`), taken in as a drone's photo."""

from datetime import datetime
from io import BytesIO
from uuid import UUID

from data import drones
from data.database import transaction
from data.errors import NotThere
from data.photos.store import original_key
from data.readers.dronefolder import read_entry
from data.readers.photoentries import Entry
from operations.observing.droneflight import Reading
from operations.observing.dronephotos import TakenPhoto, take_in

NAME = "アップロード"
_NOT_YET = (
    "この写真はまだ全部は届いていません。送り終えてから、もう一度送ってください"
    "（send the original first: /api/v1/field/uploads）"
)


def take_in_uploaded(reading: Reading, photo: UUID, now: datetime) -> TakenPhoto:
    """Take in the photo of that number, which the caller has sent whole.

    Raises `NotThere`, `StoreAway`.
    """
    with transaction(reading.engine) as connection:
        sha256 = drones.uploaded(connection, photo, reading.by.actor)
    content = reading.store.find(original_key(sha256)) if sha256 else None
    if content is None:
        raise NotThere(_NOT_YET)
    return take_in(reading, read_entry(Entry(NAME, BytesIO(content)), reading.setting), now)
