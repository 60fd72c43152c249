"""A paper of an alert as a PDF: plain values go to typst, nothing is written to a disk."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import typst

from alerts.errors import NotFit
from web.alertsheets.doorsheet import TITLE, DoorSheet, door_values
from web.alertsheets.issued import Issued
from web.alertsheets.kinds import PAPER_WORDS, PaperKind
from web.alertsheets.mailviews import area_mail_values
from web.alertsheets.scriptviews import car_values, loudspeaker_values, radio_values
from web.alertsheets.sheetviews import (
    circular_values,
    poster_values,
    return_values,
    television_values,
)
from web.sheets.typesetting import FONT, PACKAGE, has_font

_ROOT: Final = Path(__file__).parent.parent
_MAIN: Final = Path(__file__).parent / "papers.typ"
Values = dict[str, Any]
_PARTS: Final[Mapping[PaperKind, Sequence[Callable[[Issued], Sequence[Values]]]]] = {
    PaperKind.LOUDSPEAKER: (loudspeaker_values,),
    PaperKind.AREA_MAIL: (area_mail_values,),
    PaperKind.RADIO: (radio_values,),
    PaperKind.CAR: (car_values,),
    PaperKind.TELEVISION: (television_values,),
    PaperKind.POSTER_A4: (partial(poster_values, size="a4"),),
    PaperKind.POSTER_A3: (partial(poster_values, size="a3"),),
    PaperKind.CIRCULAR: (circular_values,),
    PaperKind.RETURN: (return_values,),
    PaperKind.PACK: (loudspeaker_values, radio_values, car_values, return_values),
}


def paper_values(of: Issued, kind: PaperKind) -> list[Values]:
    """The pages of a paper; raises `NotFit` where there is no such paper of this alert."""
    return [page for part in _PARTS[kind] for page in part(of)]


def typeset(of: Issued, kind: PaperKind) -> bytes:
    """The PDF; raises `NotFit` where there is no such paper, or the font is missing."""
    check_font()
    return _compiled(f"{PAPER_WORDS[kind]} {of.alert.city}", paper_values(of, kind))


def typeset_doors(of: Issued, sheet: DoorSheet) -> bytes:
    """The PDF of a door list, whose title names no door; raises `NotFit` without the font."""
    check_font()
    return _compiled(f"{TITLE} {of.alert.city}", [door_values(of, sheet)])


def check_font() -> None:
    """Raise `NotFit` unless the papers' font is installed."""
    if not has_font():
        raise NotFit(f"書体 {FONT} がありません（install {PACKAGE}）")


def _compiled(title: str, papers: Sequence[Values]) -> bytes:
    said = {"title": title, "font": FONT, "papers": papers}
    compiler = typst.Compiler(str(_MAIN), root=str(_ROOT), font_paths=_fonts())
    inputs = {"data": json.dumps(said, ensure_ascii=False)}
    made = compiler.compile(format="pdf", sys_inputs=inputs, pdf_tags=False)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no document")
    return made


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the system, looked for once: that takes longer than a page."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
