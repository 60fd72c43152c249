"""The file of keys: numbered ones that seal addresses, and one by which addresses are found.

It stands outside the database, readable by its owner alone; whoever has only one of the two can
read no address. The newest key seals, all of them open. No error repeats anything of a key.
"""

import base64
import binascii
import fcntl
import hashlib
import os
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from data.errors import DataError

BYTES: Final = 32
"""Of each key: AES-256, and keyed BLAKE2b."""
HIGHEST: Final = 32_767
"""Number of a key, as a row keeps it (smallint)."""
HEAD: Final = """\
# Keys of the addresses of people who registered. Keep a copy apart from the database's backups:
# without it no address can be read, and with both everybody can read all of them.
# Changed by `nigemichi keys rotate` and `nigemichi keys drop-old`, never by hand.
"""


class BrokenKeys(DataError):
    """The file of keys is not there, or not as it must be: says what to do about it."""


@dataclass(frozen=True, slots=True)
class Keys:
    """`seal` by number, 32 bytes each; `lookup` for everything that is only compared."""

    lookup: bytes = field(repr=False)
    seal: Mapping[int, bytes] = field(repr=False)

    @property
    def newest(self) -> int:
        """The number of the key that seals."""
        return max(self.seal)

    @property
    def identity(self) -> str:
        """What tells this file from any other, whichever keys were rotated; opens nothing."""
        mark = hashlib.blake2b(key=self.lookup, digest_size=16, person=b"identity")
        return mark.hexdigest()


def new_keys() -> Keys:
    """Keys that nobody has had before."""
    return Keys(secrets.token_bytes(BYTES), {1: secrets.token_bytes(BYTES)})


def with_another(keys: Keys) -> Keys:
    """The keys and a newer one; raises `BrokenKeys` where there is no number left."""
    number = keys.newest + 1
    if number > HIGHEST:
        raise BrokenKeys(f"key {keys.newest} is the last that a row can name")
    return replace(keys, seal={**keys.seal, number: secrets.token_bytes(BYTES)})


def read_keys(path: Path) -> Keys:
    """The keys of a file; raises `BrokenKeys` where others could read it, or it is not whole."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise BrokenKeys(
                    f"{path} can be read by others: chmod 600 it, then rotate the keys"
                )
            table = tomllib.load(file)
    except FileNotFoundError:
        raise BrokenKeys(f"there are no keys in {path}: nigemichi keys new, once") from None
    except OSError as error:
        raise BrokenKeys(f"the keys in {path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise BrokenKeys(f"{path} is no file of keys: bring back its copy") from None
    return _keys(path, table)


def create_keys(path: Path) -> None:
    """Write new keys where no file is; raises `BrokenKeys`: keys are never overwritten."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = _draft(path, new_keys())
        try:
            path.hardlink_to(draft)
        finally:
            draft.unlink()
        _sync(path.parent)
    except FileExistsError:
        raise BrokenKeys(f"{path} is there already: nigemichi keys rotate adds a key") from None
    except OSError as error:
        raise BrokenKeys(f"no keys can be written to {path}: {error.strerror}") from None


@contextmanager
def locked(path: Path) -> Iterator[Keys]:
    """The keys, which nobody else on this machine changes meanwhile."""
    with path.with_name(f"{path.name}.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield read_keys(path)


def replace_keys(path: Path, keys: Keys) -> None:
    """Write the file anew in one step, on the disk before it counts; only while `locked`."""
    _draft(path, keys).replace(path)
    _sync(path.parent)


def _draft(path: Path, keys: Keys) -> Path:
    """The keys in a file beside it, whole and on the disk."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    lines = [HEAD, f'lookup = "{_text(keys.lookup)}"', "", "[seal]"]
    lines += [f'{number} = "{_text(key)}"' for number, key in sorted(keys.seal.items())]
    opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync(folder: Path) -> None:
    """Bring a folder's names to the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _keys(path: Path, table: Mapping[str, Any]) -> Keys:
    try:
        seal = {int(number): _bytes(text) for number, text in table["seal"].items()}
        keys = Keys(_bytes(table["lookup"]), seal)
    except (LookupError, TypeError, ValueError, AttributeError, binascii.Error):
        raise BrokenKeys(f"{path} is no file of keys: bring back its copy") from None
    if not seal or min(seal) < 1 or max(seal) > HIGHEST:
        raise BrokenKeys(f"{path} has no key that seals: bring back its copy")
    return keys


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")


def _bytes(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != BYTES:
        raise ValueError("not a key")
    return key
