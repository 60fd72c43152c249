"""Slips and 班 sheets as a PDF."""

from pathlib import Path
from typing import Any, Final

from web.sheets.compiling import FONT, compiled
from web.sheets.home import Paper

_MAIN: Final = Path(__file__).parent / "sheets.typ"


def typeset(paper: Paper, slips: dict[str, Any], sheets: list[dict[str, Any]], end: str) -> bytes:
    """The PDF of slips and 班 sheets, either may be empty. `end`: the withdrawal time, HH:MM, or
    empty where it is written by hand.
    """
    said = {
        "font": FONT,
        "city": paper.card.name,
        "fictional": paper.card.fictional,
        "plan": paper.plan,
        "checked": paper.moment(paper.checked_at),
        "printed": paper.day(paper.printed_at),
        "phone": paper.phone,
        "tonight": paper.tonight,
        "withdraw": end,
    }
    return compiled(_MAIN, {"paper": said, "sheets": sheets, **slips})
