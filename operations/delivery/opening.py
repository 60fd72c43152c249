"""Who opens sealed addresses for a worker, and makes the links that letters carry."""

from dataclasses import dataclass
from typing import Final

from alerts.kinds import ChannelKind, Status
from data.sealing import Sealed, Sealer

LINK: Final = "r"
"""Purpose of the stamp in a recipient's own link."""
STAMPED: Final = 24
"""Letters of a stamp (`data/sealing.py`)."""


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

    def address(self, sealed: bytes, key_number: int, channel: ChannelKind, status: Status) -> str:
        """The address; raises `CannotOpen`."""
        return self.sealer.open(Sealed(key_number, sealed), channel, status)

    def link(self, recipient: int) -> str:
        """The recipient's own link: whoever opens it has been reached."""
        return link_to(self.site, self.sealer.stamp(LINK, recipient)) if self.site else ""
