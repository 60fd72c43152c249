"""What a button 「確認しました」 sends back: which revisions were read."""

import re
from collections.abc import Iterable
from typing import Final

_ONE: Final = r"([1-9]\d{0,17})\.([1-9]\d{0,8})"
_DATA: Final = re.compile(f"seen={_ONE}")
_SHOWN: Final = re.compile(f"(?:^| ){_ONE}(?= |$)")


def seen_data(number: int, revision: int) -> str:
    """The button's data for a revision of an alert."""
    return f"seen={number}.{revision}"


def seen_of(data: str) -> tuple[int, int] | None:
    """Number and revision of what somebody says to have read; None for any other data."""
    found = _DATA.fullmatch(data)
    return (int(found[1]), int(found[2])) if found else None


def shown_text(revisions: Iterable[tuple[int, int]]) -> str:
    """All that a page shows, (alert, revision) of each: "128.1 131.2"."""
    return " ".join(f"{number}.{revision}" for number, revision in revisions)


def shown_of(text: str) -> list[tuple[int, int]]:
    """What a page says that it showed; anything else in it is passed over."""
    return [(int(number), int(revision)) for number, revision in _SHOWN.findall(text)]
