"""The fictional city's files, written once and kept until their generator changes."""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path
from typing import Final

from pyogrio.errors import DataLayerError, DataSourceError

import data.fictional
import data.town
from data.errors import DataError
from data.fictional.write import write_fictional_city
from data.report import Progress

STAMP: Final = "generated.json"
"""Written last: without it, nothing beside it counts."""
ROOM_BYTES: Final = 20_000_000
"""What must be free. The files take 4 million; osmium ends the process where room ends."""


class NotWritten(DataError):
    """The fictional city's files could not be written."""


def kept_fictional_city(directory: Path, progress: Progress, seed: int = 1) -> Path:
    """The path of the city file in a directory, whose files are written anew where they are not
    all there, as they were written, by this generator.

    They are written beside it and put in its place when they are whole; whoever asks meanwhile
    waits. Raises `NotWritten`, for example where the disk is full. A file of the same size with
    other bytes in it is not noticed.
    """
    if not _holds(directory / STAMP, seed):
        try:
            directory.parent.mkdir(parents=True, exist_ok=True)
            with _alone(directory, progress):
                if not _holds(directory / STAMP, seed):
                    progress("generating the fictional city")
                    _write(directory, seed)
        except (OSError, DataSourceError, DataLayerError) as error:
            raise NotWritten(_why(directory, error)) from error
    return directory / "city.toml"


def _write(directory: Path, seed: int) -> None:
    """Write all files into a draft, and put it in the directory's place."""
    draft, old = _beside(directory, "draft"), _beside(directory, "old")
    _remove(draft, old)  # What a run left that was killed.
    if (free := shutil.disk_usage(directory.parent).free) < ROOM_BYTES:
        what = f"{ROOM_BYTES / 1e6:.0f} MB are needed there, and {free / 1e6:.1f} MB are free"
        raise OSError(ENOSPC, what)
    try:
        write_fictional_city(draft, seed)
        files = _files(draft)
        stamp = draft / STAMP
        stamp.write_text(json.dumps({"by": _generator(seed), "files": files}), "utf-8")
        if directory.exists():
            directory.rename(old)
        draft.rename(directory)
    finally:
        _remove(draft, old)


@contextmanager
def _alone(directory: Path, progress: Progress) -> Iterator[None]:
    """Hold the directory's lock; the kernel frees that of a process which is killed."""
    with _beside(directory, "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("waiting for another process, which is generating the fictional city")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _beside(directory: Path, word: str) -> Path:
    return directory.with_name(f".{directory.name}.{word}")


def _remove(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _why(directory: Path, error: Exception) -> str:
    """Why nothing could be written, and what to do about it."""
    cause = (isinstance(error, OSError) and error.strerror) or str(error).partition("\n")[0]
    what = f"{directory.name}: the fictional city cannot be written: {cause[:200]}"
    return f"{what} — see that {directory.parent} has room and may be written to, and try again"


def _holds(stamp: Path, seed: int) -> bool:
    try:
        said = json.loads(stamp.read_text("utf-8"))
        return bool(said == {"by": _generator(seed), "files": _files(stamp.parent)})
    except (OSError, ValueError):
        return False


def _files(directory: Path) -> dict[str, int]:
    """Every file's size in bytes."""
    return {
        str(path.relative_to(directory)): path.stat().st_size
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name != STAMP
    }


def _generator(seed: int) -> str:
    """A hash over the generator's own source."""
    total = hashlib.sha256(f"seed {seed}".encode())
    for package in (data.fictional, data.town):
        for folder in package.__path__:
            for module in sorted(Path(folder).glob("*.py")):
                total.update(module.read_bytes())
    return total.hexdigest()
