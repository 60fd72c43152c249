"""Papers as PDF: plain values go to typst, nothing is written to a disk on the way."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from alerts.errors import NotFit

FONT: Final = "BIZ UDPGothic"
PACKAGE: Final = "fonts-morisawa-bizud-gothic"
"""The UD font of all papers, and the package of Debian and Ubuntu that brings it."""
_ROOT: Final = Path(__file__).parent.parent


def has_font() -> bool:
    """Whether the papers' font is installed: another would lay them out differently."""
    return FONT in _fonts().families()


def check_font() -> None:
    """Raise `NotFit` unless the papers' font is installed."""
    if not has_font():
        raise NotFit(f"書体 {FONT} がありません（install {PACKAGE}）")


def compiled(main: Path, values: Mapping[str, Any]) -> bytes:
    """The PDF of a document below `web`, which reads its `values` and the `font` as JSON."""
    compiler = typst.Compiler(str(main), root=str(_ROOT), font_paths=_fonts())
    inputs = {"data": json.dumps({"font": FONT, **values}, ensure_ascii=False)}
    made = compiler.compile(format="pdf", sys_inputs=inputs, pdf_tags=False)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no document")
    return made


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the system, looked for once: that takes longer than a page."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
