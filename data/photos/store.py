"""Where photos are: a folder, or whatever else keeps bytes under keys (`objects.py`)."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from data.photos.errors import StoreAway


def original_key(sha256: str) -> str:
    """Where an original is."""
    return f"originals/{sha256[:2]}/{sha256}"


def shown_key(sha256: str) -> str:
    """Where its copy for showing is."""
    return f"shown/{sha256[:2]}/{sha256}.jpg"


class Store(Protocol):
    """Bytes under keys. All of it raises `StoreAway` where it does not answer."""

    def put(self, key: str, content: bytes) -> None:
        """Keep it whole or not at all; on return it outlives a power cut. Once more is the same."""

    def find(self, key: str) -> bytes | None:
        """What is there, None for nothing."""

    def has(self, key: str) -> bool:
        """Whether something is there."""

    def remove(self, key: str) -> None:
        """Remove it; where nothing is, nothing happens."""

    def older(self, than: datetime) -> Iterator[str]:
        """The keys of all that was last put before then."""


class Folder:
    """Photos as files of one folder, which nobody but us reads."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, content: bytes) -> None:
        """Write a file beside it, and rename it."""
        path = self._root / key
        with _answering():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
            try:
                with open(beside, "xb", opener=_private) as stream:
                    stream.write(content)
                    stream.flush()
                    os.fsync(stream.fileno())
                beside.replace(path)
            except OSError:
                beside.unlink(missing_ok=True)
                raise
            for folder in (path.parent, path.parent.parent, self._root):
                _sync(folder)

    def find(self, key: str) -> bytes | None:
        """The file's bytes."""
        with _answering():
            try:
                return (self._root / key).read_bytes()
            except FileNotFoundError:
                return None

    def has(self, key: str) -> bool:
        """Whether there is a file."""
        return (self._root / key).is_file()

    def remove(self, key: str) -> None:
        """Remove the file."""
        with _answering():
            (self._root / key).unlink(missing_ok=True)

    def older(self, than: datetime) -> Iterator[str]:
        """Files, also those that a power cut left half written."""
        with _answering():
            for path in self._root.rglob("*"):
                if path.is_file() and datetime.fromtimestamp(path.stat().st_mtime, UTC) < than:
                    yield str(path.relative_to(self._root))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreAway(
            f"写真を保存する場所が使えません。少し待って、もう一度試してください（{error.strerror}）"
        ) from error
