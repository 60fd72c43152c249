"""A print as a PDF: plain values go to typst, nothing is written to a disk."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from web.alertsheets.typesetting import check_font
from web.dutysheets.stamp import Stamp
from web.sheets.typesetting import FONT

_ROOT: Final = Path(__file__).parent.parent
_MAIN: Final = Path(__file__).parent / "papers.typ"


def typeset(title: str, papers: Sequence[Mapping[str, Any]], stamp: Stamp) -> bytes:
    """The PDF of these papers; raises `NotFit` without the font.

    訓練 at head and tail is put in here, from the stamp: no paper says it of itself.
    """
    check_font()
    said = {
        "title": f"{title} {stamp.city}",
        "font": FONT,
        "stamp": stamp.values(),
        "papers": papers,
    }
    compiler = typst.Compiler(str(_MAIN), root=str(_ROOT), font_paths=_fonts())
    inputs = {"data": json.dumps(said, ensure_ascii=False)}
    made = compiler.compile(format="pdf", sys_inputs=inputs, pdf_tags=False)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no document")
    return made


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the system, looked for once."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
