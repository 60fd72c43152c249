"""Codes and links that follow from a random salt and the keys: the database holds none of them."""

import base64
import hmac
import secrets as random
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from alerts.kinds import ChannelKind
from data.sealing import Sealer

SALT: Final = 16
"""Bytes."""
LINK: Final = 18
"""Bytes of a link's token: 24 letters."""
DIGITS: Final = 6
LASTS: Final[Mapping[ChannelKind, timedelta]] = {
    ChannelKind.SMS: timedelta(minutes=30),
    ChannelKind.MAIL: timedelta(hours=24),
    ChannelKind.LINE: timedelta(hours=24),
}
"""A code is typed with the phone in the hand; a mail may be read the next day."""


def new_salt() -> bytes:
    """Random bytes of which a code and a link follow."""
    return random.token_bytes(SALT)


def code_of(sealer: Sealer, salt: bytes) -> str:
    """Six digits."""
    number = int.from_bytes(sealer.derive("code", salt), "big") % 10**DIGITS
    return f"{number:0{DIGITS}d}"


def is_code(sealer: Sealer, salt: bytes, typed: str) -> bool:
    """Whether that is the code, in whatever width it was typed; takes as long for a wrong one."""
    plain = unicodedata.normalize("NFKC", typed[:40])
    digits = "".join(letter for letter in plain if letter.isdecimal() and letter.isascii())
    return hmac.compare_digest(code_of(sealer, salt), digits)


def link_token(sealer: Sealer, salt: bytes) -> str:
    """The token of a link that is used once."""
    return base64.urlsafe_b64encode(sealer.derive("link", salt)[:LINK]).decode()
