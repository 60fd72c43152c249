"""A print as a PDF."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from web.dutysheets.stamp import Stamp
from web.sheets.compiling import check_font, compiled

_MAIN: Final = Path(__file__).parent / "papers.typ"


def typeset(title: str, papers: Sequence[Mapping[str, Any]], stamp: Stamp) -> bytes:
    """The PDF of these papers; raises `NotFit` without the font.

    訓練 at head and tail is put in here, from the stamp: no paper says it of itself.
    """
    check_font()
    said = {"title": f"{title} {stamp.city}", "stamp": stamp.values(), "papers": papers}
    return compiled(_MAIN, said)
