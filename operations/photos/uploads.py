"""Originals that come in pieces: tus 1.0.0 (https://tus.io/protocols/resumable-upload).

One request is one transaction, so that an offset that was answered is one that was kept, and the
last piece counts only with the whole photo in the store.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from resumable_upload.server.core import TusServerCore
from sqlalchemy import Connection, Engine

from city.staff import Caller
from data.database import transaction
from data.photos.errors import NotAPhoto
from data.photos.looking import MOST_BYTES
from data.photos.store import Store
from operations.photos.keeping import AnotherPhoto
from operations.photos.uploadstore import LIFE, NotWhole, Uploads

BASE: Final = "/api/v1/field/uploads"
CHECKSUMS: Final = ("sha256", "sha1")
_KNOWN: Final = (
    *("tus-resumable", "content-type", "upload-length", "upload-offset"),
    *("upload-metadata", "upload-checksum"),
)
"""Headers of what is offered; the library would follow others too."""

# It tells of each request at length, and of what clients do wrong as errors.
logging.getLogger("resumable_upload").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of the protocol; `upload` is "" where one is to begin."""

    method: str
    upload: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answered:
    """Its answer; `said` is the library's word where it refuses."""

    status: int
    headers: Mapping[str, str]
    said: str


class _Tus(TusServerCore):  # type: ignore[misc]  # the library has no types
    """The protocol; a photo whose upload was begun before is gone on with."""

    SUPPORTED_EXTENSIONS = ("creation", "checksum", "expiration", "termination")

    def _build_location(self, upload_id: str, request_headers: dict[str, str]) -> str:
        return f"{BASE}/{self.storage.begun.get(upload_id, upload_id)}"


def answer(engine: Engine, store: Store, by: Caller, asked: Asked, now: datetime) -> Answered:
    """Carry out one request. What can never become a photo is forgotten at once.

    Raises `Refused`, `NotAPhoto`, `StoreAway`, `NoDatabase`.
    """
    try:
        with transaction(engine, latest=True) as connection:
            return _answer(connection, store, by, asked, now)
    except (NotAPhoto, NotWhole, AnotherPhoto):
        if asked.method == "PATCH":
            with transaction(engine, latest=True) as connection:
                Uploads(connection, store, by, now).delete_upload(asked.upload)
        raise


def _answer(
    connection: Connection, store: Store, by: Caller, asked: Asked, now: datetime
) -> Answered:
    uploads = Uploads(connection, store, by, now)
    tus = _Tus(
        uploads,
        BASE,
        max_size=MOST_BYTES,
        upload_expiry=int(LIFE.total_seconds()),
        checksum_algorithms=CHECKSUMS,
        disable_concatenation=True,
    )
    headers = {name: asked.headers[name] for name in _KNOWN if name in asked.headers}
    path = f"{BASE}/{asked.upload}" if asked.upload else BASE
    status, found, said = tus.handle_request(asked.method, path, headers, asked.body)
    if status == 201:
        found["Upload-Offset"] = str(uploads.offset)
    return Answered(status, found, said.decode() if status >= 400 else "")
