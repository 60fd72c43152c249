"""Who opens sealed addresses for a worker, and makes the links that letters carry."""

import logging
import time
from dataclasses import dataclass, field
from typing import Final

from alerts.kinds import ChannelKind, Status
from data.sealing import CannotOpen, Sealed, Sealer
from data.sealingkeys import BrokenKeys, read_keys

LINK: Final = "r"
"""Purpose of the stamp in a recipient's own link."""
STAMPED: Final = 24
"""Letters of a stamp (`data/sealing.py`)."""
SAYS_S: Final = 60.0
"""How often a missing key is said."""

log = logging.getLogger("nigemichi.delivery")


class KeysMissing(Exception):
    """The key of an address is not on this machine; another may have it."""


def link_to(site: str, stamp: str) -> str:
    """A recipient's own link."""
    return f"{site}/r/{stamp}"


def link_length(site: str) -> int:
    """How long such a link is."""
    return len(link_to(site, "")) + STAMPED


@dataclass(frozen=True, slots=True)
class SealedAddresses:
    """`address`: where the city's pages are, "" where letters carry no link."""

    sealer: Sealer
    site: str = ""
    _said: dict[str, float] = field(default_factory=dict, init=False, repr=False, compare=False)

    def address(self, sealed: bytes, key_number: int, channel: ChannelKind, status: Status) -> str:
        """The address; raises `CannotOpen` for what no key opens, and `KeysMissing`."""
        try:
            return self.sealer.open(Sealed(key_number, sealed), channel, status)
        except BrokenKeys as error:
            words = str(error)
        except CannotOpen:
            if self._has(key_number):
                raise
            words = f"key {key_number} is missing here: copy the file of keys to this machine"
        self._say(words)
        raise KeysMissing(words)

    def has_keys(self) -> bool:
        """Whether the file is here and the database's; otherwise it is said, once a minute."""
        try:
            self.sealer.derive(LINK, b"")
        except BrokenKeys as error:
            self._say(str(error))
            return False
        return True

    def _has(self, key_number: int) -> bool:
        try:
            return key_number in read_keys(self.sealer.path).seal
        except BrokenKeys:
            return False

    def _say(self, words: str) -> None:
        """Once a minute, whichever slot meets it."""
        now, last = time.monotonic(), self._said.get(words)
        if last is None or now - last >= SAYS_S:
            self._said[words] = now
            log.error("%s", words)

    def link(self, recipient: int) -> str:
        """The recipient's own link: whoever opens it has been reached."""
        return link_to(self.site, self.sealer.stamp(LINK, recipient)) if self.site else ""
