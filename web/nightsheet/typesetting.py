"""The report as a PDF."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from web.sheets.compiling import check_font, compiled

_MAIN: Final = Path(__file__).parent / "report.typ"


def typeset_report(values: Mapping[str, Any]) -> bytes:
    """The PDF of what `report_values` gives; raises `NotFit` where the font is missing."""
    check_font()
    return compiled(_MAIN, values)
