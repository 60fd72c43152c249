"""What the button 「確認しました」 of a card sends back: which revision was read."""

import re
from typing import Final

_DATA: Final = re.compile(r"seen=([1-9]\d{0,17})\.([1-9]\d{0,8})")


def seen_data(number: int, revision: int) -> str:
    """The button's data for a revision of an alert."""
    return f"seen={number}.{revision}"


def seen_of(data: str) -> tuple[int, int] | None:
    """Number and revision of what somebody says to have read; None for any other data."""
    found = _DATA.fullmatch(data)
    return (int(found[1]), int(found[2])) if found else None
