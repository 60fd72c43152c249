"""What `resumable_upload` stands on: uploads in PostgreSQL, as far as one caller may touch them."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from resumable_upload.storage import Storage
from sqlalchemy import Connection, Row

from city.staff import Caller
from data.people import audit
from data.photos import rows, uploadrows
from data.photos.apart import turn
from data.photos.errors import NotAPhoto
from data.photos.looking import is_photo
from data.photos.store import Store
from operations.errors import NotAllowed, Refused
from operations.photos.keeping import AnotherPhoto, keep_original, prepare
from operations.photos.uploadsaid import BadUpload, Said, metadata_of, read_said

LIFE: Final = timedelta(days=7)
"""Of an upload that is not finished."""
MOST_AT_ONCE: Final = 50
"""Unfinished uploads of one caller: 1.5 GB."""
_ANOTHER: Final = (
    "この写真の番号では、別の写真を受け取っています。送りかけなら取り消してから送り直してください"
    "（another photo has this id: end its upload first, or give it an id of its own）"
)


class NotWhole(Refused):
    """All is there, and it is not what was to come: it begins anew."""


class Uploads(Storage):  # type: ignore[misc]  # the library has no types
    """Those of one request; `begun` names the upload that a new one would have been again."""

    def __init__(self, connection: Connection, store: Store, by: Caller, now: datetime) -> None:
        self._connection, self._store = connection, store
        self._by, self._now = by, now
        self.begun: dict[str, str] = {}
        self.offset = 0

    def create_upload(
        self,
        upload_id: str,
        upload_length: int | None,
        metadata: dict[str, str],
        expires_at: datetime | None = None,
        is_partial: bool = False,
    ) -> None:
        """Begin; where it was begun before by the same caller, go on with that one."""
        said, actor = read_said(metadata), self._by.actor
        if not upload_length:
            raise BadUpload(
                "写真が空か、大きさが書かれていません。撮り直して送ってください"
                "（Upload-Length is missing, or 0）"
            )
        there = self._is_there(said)
        others = uploadrows.unfinished(self._connection, actor, self._now, said.photo)
        if others >= MOST_AT_ONCE:
            raise Refused("送りかけの写真が多すぎます。先のものを送り終えてください（too many）")
        row = uploadrows.begin(
            self._connection,
            said.photo,
            actor,
            self._now,
            id=UUID(upload_id),
            observation=said.observation,
            length=upload_length,
            received=upload_length if there else 0,
            sha256=said.sha256,
            taken_at=said.taken_at,
            made_at=self._now,
            expires_at=self._now + LIFE,
            finished_at=self._now if there else None,
        )
        if (row.observation, row.length) != (said.observation, upload_length) or (
            row.sha256 and said.sha256 and row.sha256 != said.sha256
        ):
            raise AnotherPhoto(_ANOTHER)
        self.begun[upload_id], self.offset = str(row.id), row.received

    def _is_there(self, said: Said) -> bool:
        """Whether that original is there already, whoever sent it."""
        found = rows.find_belongs(self._connection, said.photo)
        if found is None:
            return False
        if found.observation != said.observation or (
            said.sha256 and found.original and found.original != said.sha256
        ):
            raise AnotherPhoto(_ANOTHER)
        return found.original is not None and found.original == said.sha256

    def get_upload(self, upload_id: str) -> dict[str, Any] | None:
        """What is known of one; raises `NotAllowed` where somebody else began it."""
        row = self._row(upload_id)
        if row is None:
            return None
        finished = row.finished_at is not None
        return {
            "upload_id": upload_id,
            "upload_length": row.length,
            "offset": row.received,
            "metadata": metadata_of(row),
            "completed": finished,
            "expires_at": None if finished else row.expires_at,
        }

    def _row(self, upload_id: str) -> Row[Any] | None:
        row = uploadrows.find(self._connection, UUID(upload_id))
        if row is not None and row.made_by != self._by.actor:
            raise NotAllowed(
                "この写真は、送り始めた人だけが続けられます。"
                "自分の写真として最初から送ってください（somebody else began it）"
            )
        return row

    def write_chunk(self, upload_id: str, offset: int, data: bytes) -> None:
        """Keep a piece; the first one shows already whether it is a picture."""
        if offset == 0 and len(data) >= 12 and not is_photo(data[:12]):
            raise NotAPhoto("写真ではありません。JPEG・PNG・WebP を送ってください（no picture）")
        if data:
            uploadrows.add_part(self._connection, UUID(upload_id), offset, data)

    def update_offset(self, upload_id: str, offset: int) -> None:
        """Not called: the offset moves from one that is named."""
        raise NotImplementedError

    def update_offset_atomic(self, upload_id: str, expected_offset: int, new_offset: int) -> bool:
        """Say how much is there now."""
        return uploadrows.advance(self._connection, UUID(upload_id), expected_offset, new_offset)

    def complete_upload(self, upload_id: str) -> bool:
        """All pieces are here: they are a photo, or the request is refused as a whole."""
        row = self._row(upload_id)
        if row is None:
            return False
        with turn():
            content = self.read_file(upload_id)
            if row.sha256 and hashlib.sha256(content).hexdigest() != row.sha256:
                raise NotWhole("途中で壊れました。最初から送り直してください（another SHA-256）")
            new = keep_original(
                self._connection,
                self._store,
                prepare(content),
                row.observation,
                row.photo,
                now=self._now,
                taken_at=row.taken_at,
            )
        uploadrows.finish(self._connection, row.id, self._now)
        said = {"photo": str(row.photo), "bytes": row.length, "new": new}
        audit.record(self._connection, self._by, "photo.kept", str(row.observation), **said)
        return True

    def delete_upload(self, upload_id: str) -> None:
        """Forget it; raises `Refused` where it is a photo already."""
        row = self._row(upload_id)
        if row is not None and row.finished_at is not None:
            raise Refused(
                "もう写真として保存されています。送り直す必要はありません（it is kept already）"
            )
        uploadrows.remove(self._connection, UUID(upload_id))

    def read_file(self, upload_id: str) -> bytes:
        """All pieces, joined."""
        return uploadrows.content(self._connection, UUID(upload_id))

    def get_expired_uploads(self) -> list[str]:
        """None: `purging.py` deletes them."""
        return []

    def cleanup_expired_uploads(self) -> int:
        """None: `purging.py` deletes them."""
        return 0
