"""A paper of an alert as a PDF."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

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
from web.sheets.compiling import check_font, compiled

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
    title = f"{PAPER_WORDS[kind]} {of.alert.city}"
    return compiled(_MAIN, {"title": title, "papers": paper_values(of, kind)})


def typeset_doors(of: Issued, sheet: DoorSheet) -> bytes:
    """The PDF of a door list, whose title names no door; raises `NotFit` without the font."""
    check_font()
    title = f"{TITLE} {of.alert.city}"
    return compiled(_MAIN, {"title": title, "papers": [door_values(of, sheet)]})
