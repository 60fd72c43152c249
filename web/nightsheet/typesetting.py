"""The report as a PDF: plain values go to typst, nothing is written to a disk."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from alerts.errors import NotFit
from web.sheets.typesetting import FONT, PACKAGE, has_font

_ROOT: Final = Path(__file__).parent.parent
_MAIN: Final = Path(__file__).parent / "report.typ"


def typeset_report(values: Mapping[str, Any]) -> bytes:
    """The PDF of what `report_values` gives; raises `NotFit` where the font is missing."""
    if not has_font():
        raise NotFit(f"書体 {FONT} がありません（install {PACKAGE}）")
    compiler = typst.Compiler(str(_MAIN), root=str(_ROOT), font_paths=_fonts())
    inputs = {"data": json.dumps({**values, "font": FONT}, ensure_ascii=False)}
    made = compiler.compile(format="pdf", sys_inputs=inputs, pdf_tags=False)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no document")
    return made


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the system, looked for once: that takes longer than a page."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
