"""How much of the field waits for headquarters, in a line for other pages; `fieldwaits.js` too."""

from collections.abc import Mapping
from typing import Final

WAIT_WORDS: Final[Mapping[str, str]] = {
    "overdue": "連絡のない班 {}",
    "moves": "大きな移動の承認待ち {}",
    "asks": "60分たった一時停止 {}",
}
"""What is loud, the most urgent first; reports that nobody decided on are only counted."""
NOTHING: Final[Mapping[str, int]] = {"moves": 0, "asks": 0, "overdue": 0, "reports": 0}


def loud(waits: Mapping[str, int]) -> str:
    """What a person must decide on now; "" where nothing waits."""
    return "・".join(words.format(waits[name]) for name, words in WAIT_WORDS.items() if waits[name])


def panel(waits: Mapping[str, int]) -> dict[str, object]:
    """What the page draws."""
    return {"loud": loud(waits), "count": sum(waits.values()), "words": list(WAIT_WORDS.items())}
