"""Photos in a bucket of any store that speaks S3.

Credentials and endpoint are read as AWS's own tools read them: `AWS_ACCESS_KEY_ID`,
`AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from data.photos.errors import StoreAway

PATIENCE: Final = timedelta(seconds=10)
"""For one request; it is tried again for as long."""


class Bucket:
    """`url` is `s3://bucket/prefix`; `insecure` lets an endpoint be plain http."""

    def __init__(self, url: str, *, insecure: bool = False) -> None:
        self._store = S3Store.from_url(
            url,
            client_options={
                "timeout": PATIENCE,
                "connect_timeout": PATIENCE / 2,
                "allow_http": insecure,
            },
            retry_config={"max_retries": 2, "retry_timeout": PATIENCE},
        )

    def put(self, key: str, content: bytes) -> None:
        """One object in one request."""
        with _answering():
            obstore.put(self._store, key, content, use_multipart=False)

    def find(self, key: str) -> bytes | None:
        """The object's bytes."""
        with _answering():
            try:
                return bytes(obstore.get(self._store, key).bytes())
            except FileNotFoundError:
                return None

    def has(self, key: str) -> bool:
        """Whether there is an object."""
        with _answering():
            try:
                obstore.head(self._store, key)
            except FileNotFoundError:
                return False
            return True

    def remove(self, key: str) -> None:
        """Remove the object."""
        with _answering():
            try:
                obstore.delete(self._store, key)
            except FileNotFoundError:
                return

    def older(self, than: datetime) -> Iterator[str]:
        """Objects under the prefix."""
        with _answering():
            for rows in obstore.list(self._store):
                for row in rows:
                    if row["last_modified"] < than:
                        yield row["path"]


@contextmanager
def _answering() -> Iterator[None]:
    """What the store says may name the account: only its kind is repeated."""
    try:
        yield
    except (BaseError, OSError) as error:
        raise StoreAway(
            f"写真の保管先につながりません。少し待って、もう一度試してください（{type(error).__name__}）"
        ) from error
