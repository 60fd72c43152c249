"""What a carrier says in its own words, without addresses and short enough for a row."""

import re
from typing import Final

ADDRESS: Final = re.compile(r"\S*@\S*|U[0-9a-fA-F]{32}|\+?\d(?:[\d() .-]{5,})\d")
"""A mail address, a LINE user id, or seven digits and more, however they are set apart."""

LONGEST: Final = 160


def without_addresses(said: str) -> str:
    """`said` on one line with … in place of whatever may be an address, at most `LONGEST` long."""
    plain = "".join(letter if letter.isprintable() else " " for letter in said)
    return ADDRESS.sub("…", plain).strip()[:LONGEST]
