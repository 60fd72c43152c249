"""What a client says of a photo that it begins to send: `Upload-Metadata`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from operations.errors import Refused


class BadUpload(Refused):
    """What is said of an upload cannot be used."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a client says of a photo when it begins to send it."""

    photo: UUID
    observation: UUID
    sha256: str | None
    taken_at: datetime | None


def read_said(metadata: Mapping[str, str]) -> Said:
    """What the client says; raises `BadUpload`."""
    try:
        photo, observation = UUID(metadata["photo"]), UUID(metadata["observation"])
        at = metadata.get("taken_at")
        taken_at = datetime.fromisoformat(at) if at else None
    except (KeyError, ValueError) as error:
        words = (
            "写真と報告の番号か、撮った日時が読めません。画面を開き直して送ってください"
            "（photo, observation: UUIDs; taken_at: ISO 8601）"
        )
        raise BadUpload(words) from error
    sha256 = metadata.get("sha256") or None
    if sha256 is not None and not re.fullmatch("[0-9a-f]{64}", sha256):
        raise BadUpload("sha256 は16進数64字にしてください（64 hexadecimal digits）")
    if taken_at is not None and taken_at.tzinfo is None:
        raise BadUpload(
            "taken_at に時差（+09:00 など）を付けてください（taken_at needs an offset）"
        )
    return Said(photo, observation, sha256, taken_at)


def metadata_of(row: Row[Any]) -> dict[str, str]:
    """As the client said it."""
    said = {
        "photo": str(row.photo),
        "observation": str(row.observation),
        "sha256": row.sha256,
        "taken_at": row.taken_at.isoformat() if row.taken_at else None,
    }
    return {name: value for name, value in said.items() if value}
