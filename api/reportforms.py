"""What the forms of a resident's report send: bounded, and refused field by field."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import shapely

from api.asked import WrongForm
from data.weblinks import LINK, can_open
from hazards.observation import Depth, Draft, ObservationKind
from web.report import LONGEST_LINK, LONGEST_NOTE, Typed
from web.reportplace import Spot

_UNSEEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@dataclass(frozen=True, slots=True)
class Written:
    """The last form of a report: its words, and as they were typed where they are wrong."""

    note: str
    link: str
    depth: Depth | None
    typed: Typed

    def draft(self, kind: ObservationKind, spot: Spot) -> Draft:
        """What is reported; when it was seen nobody asks: it is now."""
        point = shapely.Point(spot.at.lon, spot.at.lat)
        return Draft(kind, point, spot.error_m, None, self.note, self.depth, self.link)


def kind_of(text: str) -> ObservationKind | None:
    """What was chosen, None for nothing that is known."""
    return ObservationKind(text) if text in set(ObservationKind) else None


def written_of(form: Mapping[str, str]) -> Written:
    """The words of a form."""
    note, link = _line(form.get("note", "")), form.get("link", "").strip()
    depth, wrong = form.get("depth", ""), []
    if len(note) > LONGEST_NOTE:
        wrong.append("note")
    if link and not (re.fullmatch(LINK, link) and can_open(link)):
        wrong.append("link")
    if form.get("trap"):
        wrong.append("trap")
    typed = Typed(depth, note[: 2 * LONGEST_NOTE], link[:LONGEST_LINK], wrong)
    return Written(note, link, Depth(depth) if depth in set(Depth) else None, typed)


def number_of(form: Mapping[str, str], field: str) -> UUID:
    """The id that a page made; raises `WrongForm`."""
    try:
        return UUID(form.get(field, ""))
    except ValueError:
        wrong = {"type": "uuid_parsing", "loc": (field,), "msg": "Not a UUID"}
        raise WrongForm([wrong]) from None


def _line(text: str) -> str:
    """In one line, of letters that can be seen."""
    plain = " ".join(text.split())
    return "".join(one for one in plain if unicodedata.category(one) not in _UNSEEN)
