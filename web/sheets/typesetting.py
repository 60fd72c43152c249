"""Sheets as a PDF: plain values go to typst, nothing is written to a disk on the way."""

import json
from pathlib import Path
from typing import Any, Final

import typst

from web.sheets.home import Paper

FONT: Final = "BIZ UDPGothic"
PACKAGE: Final = "fonts-morisawa-bizud-gothic"
"""The UD font of the sheets, and the package of Debian and Ubuntu that brings it."""
_MAIN: Final = Path(__file__).parent / "sheets.typ"


def has_font() -> bool:
    """Whether the sheets' font is installed: another would lay them out differently."""
    return FONT in _fonts().families()


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
    compiler = typst.Compiler(str(_MAIN), root=str(_MAIN.parent), font_paths=_fonts())
    inputs = {"data": json.dumps({"paper": said, "sheets": sheets, **slips}, ensure_ascii=False)}
    made = compiler.compile(format="pdf", sys_inputs=inputs, pdf_tags=False)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no document")
    return made


def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
