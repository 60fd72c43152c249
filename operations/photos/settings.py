"""Where photos are kept, and how long: `NIGEMICHI_PHOTOS`, `NIGEMICHI_PHOTOS_DAYS`."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Final

from data.photos.store import Folder, Store
from operations.errors import Refused

DAYS: Final = 365
"""Policy: a flood season and the looking back on it; the city's own rule for records comes first"""
MOST_DAYS: Final = 36_500


def photo_store(state: Path) -> Store:
    """A folder, by default one of the state folder, or a bucket as `s3://bucket/prefix`.

    Over plain http a bucket is asked on this machine alone. Raises `Refused`, also where it is not
    said how long: a server tells it when it starts, not when a report comes.
    """
    photos_life()
    where = os.environ.get("NIGEMICHI_PHOTOS", "")
    if where.startswith("s3://"):
        from data.photos.objects import Bucket

        endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
        return Bucket(where, insecure=endpoint.startswith("http://127.0.0.1:"))
    if "://" in where:
        raise Refused("NIGEMICHI_PHOTOS is a folder or s3://bucket/prefix")
    return Folder(Path(where) if where else state / "photos")


def photos_life() -> timedelta:
    """How long a photo is kept; raises `Refused`."""
    said = os.environ.get("NIGEMICHI_PHOTOS_DAYS") or str(DAYS)
    if not said.isascii() or not said.isdigit() or not 1 <= int(said[:6]) <= MOST_DAYS:
        raise Refused(f"NIGEMICHI_PHOTOS_DAYS is a number of days, 1 to {MOST_DAYS}, not {said!r}")
    return timedelta(days=int(said[:6]))
