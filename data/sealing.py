"""Addresses sealed for the database, and what is found or recognised by a keyed hash.

Sealed with AES-256-GCM (NIST SP 800-38D) under random 96-bit nonces, far fewer than 2^32 a key. Way
and status are authenticated with it, so that a sealed value opens nowhere else. Hashes are keyed
BLAKE2b (RFC 7693), apart for each purpose.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from alerts.kinds import ChannelKind, Status
from data.errors import DataError
from data.sealingkeys import BrokenKeys, Keys, read_keys

NONCE: Final = 12
TAG: Final = 16
STAMP: Final = 12
"""Bytes of a stamp's hash: 2^96 guesses, and short enough for an SMS."""
NUMBER: Final = 6
"""Bytes of the number in a stamp."""


class CannotOpen(DataError):
    """A sealed value that none of the keys opens here; says of which key, never what it holds."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the database holds of an address, and the number of the key that opens it."""

    key_number: int
    value: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Ring:
    """Keys as they were read, ready for use, with the mark of the file that held them."""

    keys: Keys
    ciphers: dict[int, AESGCM] = field(repr=False)
    mark: tuple[int, int, int]


class Sealer:
    """Seals, opens and finds by the keys of a file. Safe to use from many threads.

    A file that was changed is read again before the next seal, and where a key is missing: servers
    need no restart after `nigemichi keys rotate`.
    """

    def __init__(self, path: Path, identity: str | None = None, *, may_come: bool = False) -> None:
        """Read the keys; raises `BrokenKeys`, unless they `may_come` later.

        `identity`: of the file that belongs to the database; any other is as good as none.
        """
        self.path, self._identity = path, identity
        self._ring: _Ring | None = None
        if not may_come:
            self._fresh()

    @property
    def newest(self) -> int:
        """The number of the key that seals now."""
        return self._fresh().keys.newest

    def seal(self, address: str, channel: ChannelKind, status: Status) -> Sealed:
        """Seal a normalised address for one way of one status; raises `BrokenKeys`."""
        return self._seal(address, _where(channel, status))

    def seal_text(self, text: str, purpose: str) -> Sealed:
        """Seal what is no address, for one purpose; raises `BrokenKeys`."""
        return self._seal(text, f"text\0{purpose}".encode())

    def open(self, sealed: Sealed, channel: ChannelKind, status: Status) -> str:
        """The address; raises `CannotOpen` for what was not sealed for this way and status."""
        return self._open(sealed, _where(channel, status))

    def open_text(self, sealed: Sealed, purpose: str) -> str:
        """The text; raises `CannotOpen` for what was not sealed for this purpose."""
        return self._open(sealed, f"text\0{purpose}".encode())

    def _seal(self, text: str, where: bytes) -> Sealed:
        ring = self._fresh()
        number, nonce = ring.keys.newest, secrets.token_bytes(NONCE)
        return Sealed(number, nonce + ring.ciphers[number].encrypt(nonce, text.encode(), where))

    def _open(self, sealed: Sealed, where: bytes) -> str:
        ring = self._held()
        if sealed.key_number not in ring.ciphers:
            ring = self._ring = _read(self.path, self._identity)
        cipher = ring.ciphers.get(sealed.key_number)
        if cipher is None:
            raise CannotOpen(f"key {sealed.key_number} is not in {self.path}: bring its copy back")
        nonce, value = sealed.value[:NONCE], sealed.value[NONCE:]
        if len(value) < TAG:
            raise CannotOpen("a sealed address is cut off")
        try:
            return cipher.decrypt(nonce, value, where).decode()
        except InvalidTag:
            said = ", ".join(where.decode().split("\0"))
            raise CannotOpen(
                f"key {sealed.key_number} does not open a sealed address as {said}"
            ) from None

    def lookup(self, address: str, channel: ChannelKind, status: Status) -> bytes:
        """(32 bytes) by which a normalised address is found; the same for ever."""
        return self.derive("lookup", b"\0".join((_where(channel, status), address.encode())))

    def derive(self, purpose: str, said: bytes) -> bytes:
        """(32 bytes) that only who has the keys can make of what was said."""
        key = self._held().keys.lookup
        return hashlib.blake2b(said, key=key, digest_size=32, person=purpose.encode()).digest()

    def stamp(self, purpose: str, number: int) -> str:
        """A short token that stands for a row's number and cannot be made up: 24 letters."""
        named = number.to_bytes(NUMBER, "big")
        return base64.urlsafe_b64encode(named + self.derive(purpose, named)[:STAMP]).decode()

    def stamped(self, purpose: str, token: str) -> int | None:
        """The number of a stamp of this purpose; None for anything else."""
        try:
            said = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            return None
        named, mark = said[:NUMBER], said[NUMBER:]
        right = self.derive(purpose, named)[:STAMP]
        return int.from_bytes(named, "big") if hmac.compare_digest(mark, right) else None

    def _fresh(self) -> _Ring:
        """The keys as the file has them now."""
        try:
            changed = self._ring is None or _mark(self.path.stat()) != self._ring.mark
        except OSError:
            raise BrokenKeys(f"the keys in {self.path} are gone: bring their copy back") from None
        if changed:
            self._ring = _read(self.path, self._identity)
        return self._held()

    def _held(self) -> _Ring:
        """The keys as they were read; where none were, they are looked for."""
        if self._ring is None:
            self._ring = _read(self.path, self._identity)
        return self._ring


def _read(path: Path, identity: str | None) -> _Ring:
    # Before the keys: of a file that changes meanwhile the mark is too old, and it is read again.
    mark = _mark(path.stat()) if path.exists() else (0, 0, 0)
    keys = read_keys(path)
    if identity is not None and keys.identity != identity:
        raise BrokenKeys(f"{path} holds other keys than the database's: bring their copy back")
    return _Ring(keys, {number: AESGCM(key) for number, key in keys.seal.items()}, mark)


def _mark(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_mtime_ns, found.st_size


@cache
def _where(channel: ChannelKind, status: Status) -> bytes:
    return f"{channel}\0{status}".encode()
