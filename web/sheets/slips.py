"""The slips of many homes as plain values for typst, one page each."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from hazards.kinds import AlertLevel
from routing.guidance import Guidance
from routing.version import PlanVersion
from routing.words import NO_WAY, same
from web.labels import text_width
from web.placeview import hazard_words
from web.securing import level_5_words, other_advice, secure_advice
from web.sheets.home import Home
from web.sheets.maps import MOST_LINES, maps_of
from web.sheets.placewords import notes, place_words, step_lines
from web.sheets.qrpath import qr_paths
from web.sheets.trails import trail_of
from web.slip import slip_rows

Values = dict[str, Any]
NOTE_LETTERS: Final = 53
LEVEL_5_LETTERS: Final = 29
"""Japanese letters of a line below the map, and of one in the table's last row."""


def slips(version: PlanVersion, homes: Sequence[Home], progress: Callable[[str], None]) -> Values:
    """The pages in the order of the homes, and the maps that they name by number."""
    codes = qr_paths([home.url for home in homes])
    pages = [_page(home, code) for home, code in zip(homes, codes, strict=True)]
    progress("words written")
    faces, number = maps_of(version, homes, [page.get("lines", 0) for page in pages])
    progress(f"{len(faces)} maps drawn")
    for page, home, face in zip(pages, homes, number, strict=True):
        if home.ways:
            page |= {"face": face, "trail": trail_of(faces[face], *home.ways)}
    return {"faces": [face.drawn for face in faces], "slips": pages}


def _page(home: Home, code: str) -> Values:
    head = {"label": home.label, "area": home.area, "han": home.han, "qr": code}
    guidance = home.guidance
    if guidance is None:
        return head | {"kind": "no_way", "do": NO_WAY, "hazards": "", "refuges": [], "other": []}
    head["hazards"] = hazard_words(guidance.hazards, same)
    if home.ways is None:
        return head | _without_way(guidance)
    first, second = (place_words(guidance, one) if one else None for one in home.ways)
    said = notes(guidance)
    level_5 = "".join(level_5_words(guidance, same))
    level_5_lines = _lines(level_5, LEVEL_5_LETTERS)
    lines = max(step_lines(first), 1 + step_lines(second))
    lines += _lines(said, NOTE_LETTERS) + max(level_5_lines - 2, 0)
    return head | {
        "kind": "way",
        "rows": [[row.level, row.word, row.does] for row in slip_rows(guidance, same)],
        "level_5": level_5,
        "level_5_lines": level_5_lines,
        "notes": said,
        "first": first,
        "second": second,
        "lines": lines,
        "long": lines > MOST_LINES,
    }


def _without_way(guidance: Guidance) -> Values:
    """What to do instead: before an order there is time to ask, under one there is none."""
    ordered = max((order.level for order in guidance.orders), default=AlertLevel.NONE)
    calm = guidance.rule == "told to leave, no way" and ordered < AlertLevel.ELDERLY_LEAVE
    refuges = secure_advice(guidance, same)
    return {
        "kind": "no_way" if calm else "secure",
        "do": NO_WAY if calm else (),
        "refuges": [[one.title, one.does] for one in refuges],
        "other": other_advice(guidance, same),
    }


def _lines(text: str, letters: int) -> int:
    return math.ceil(text_width(text, 1) / letters)
