"""A file that holds what opens doors: written whole or not at all, readable by its owner alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from operations.errors import Refused


class Draft:
    """A hidden file beside the one to be, of mode 600."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fill(self, body: bytes) -> None:
        """Write all of it, down to the disk."""
        with self.path.open("wb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())


@contextmanager
def whole_file(target: Path) -> Iterator[Draft]:
    """The draft gets its name when the block ends well, and is removed otherwise.

    Raises `Refused` where the file is there already or cannot be written.
    """
    if target.exists():
        raise Refused(f"{target} exists already: choose another name, nothing was written")
    draft = Draft(target.with_name(f".{target.name}.{os.getpid()}.partial"))
    try:
        draft.path.touch(mode=0o600, exist_ok=False)
        yield draft
        draft.path.rename(target)
    except OSError as error:
        raise Refused(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        draft.path.unlink(missing_ok=True)
