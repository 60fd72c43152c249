"""Residents' reports: what, where, a few words; and what became of it. All of it without script.

No place and no secret stands in an address: a report's secret travels in forms and a cookie, and
behind the # of its own link.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from hazards.observation import OF_WATER, SHUTS_ROAD, ObservationKind, ObservationState
from routing.ground import CityCard, Ground
from web.assets import address
from web.clock import Clock
from web.document import document
from web.home import map_url
from web.language import SOURCE, spoken, translator
from web.registerplace import area_at
from web.reportpagewords import DEPTHS, KINDS, SAID, STATES, STEPS, WRONG
from web.reportplace import Spot, near_of
from web.search import search
from web.tapmap import SIZE, Box, around_point, whole

REPORT: Final = "/report"
PLACE: Final = "/report/place"
PHOTO: Final = "/report/photo"
MINE: Final = "/report/mine"
HOME: Final = "/h/report"
SHEET, OWN_SHEET, SCRIPT = "register.css", "report.css", "report.js"
LONGEST: Final = 80
LONGEST_NOTE: Final = 200
LONGEST_LINK: Final = 500
MOST_PICTURES: Final = 3
CALLS_119: Final = frozenset({ObservationKind.RESCUE, ObservationKind.FIRE})


@dataclass(frozen=True, slots=True)
class Typed:
    """The last form as it was typed; `wrong` names the fields that were not understood."""

    depth: str = ""
    note: str = field(default="", repr=False)
    link: str = field(default="", repr=False)
    wrong: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """One report as its sender sees it; `unsure` where its place or time cannot be."""

    id: UUID
    kind: ObservationKind
    area: str
    received_at: datetime
    state: ObservationState
    outcome: str
    pictures: int
    unsure: bool


def what_page(card: CityCard, *, lang: str, kind: str = "", wrong: bool = False) -> str:
    """「何がありましたか」."""
    values = {"kinds": KINDS, "chosen": kind, "wrong": WRONG["kind"] if wrong else ""}
    return _page("report_what", card, lang, values)


def where_page(
    ground: Ground,
    kind: ObservationKind,
    *,
    lang: str,
    text: str = "",
    near: str = "",
    box: Box | None = None,
    outside: bool = False,
) -> str:
    """「どこですか」: a name, the phone's position, or a tap on the map. `near`: a name chosen."""
    shown, city = text[:LONGEST].strip(), whole(ground)
    close = near_of(ground, near)
    if box is None and close is not None:
        box = around_point(ground, close.at)
    hits = [hit.name for hit in search(ground, shown)] if shown else []
    values = {
        "found": [(name, _link(lang, kind, near=name)) for name in hits] if shown else None,
        "text": shown,
        "near": close.name if close else "",
        "map_url": map_url(box or city, None),
        "box": (box or city).text,
        "step": 2 if box is not None and box.is_closest else 1,
        "wide": _link(lang, kind) if box is not None and box != city else "",
        "size": SIZE,
        "outside": outside,
        **_kind(kind, lang),
    }
    return _page("report_where", ground.card, lang, values, {"kind": kind})


def more_page(
    ground: Ground,
    kind: ObservationKind,
    spot: Spot,
    number: UUID,
    *,
    lang: str,
    typed: Typed,
) -> str:
    """A few words, and the button that sends. `number` makes sure that it counts once."""
    t = translator(spoken(ground.card, lang))
    area = area_at(ground, spot.at)
    chosen = t("{area}（選んだ場所）").format(area=area) if area else t("選んだ場所")
    values = {
        "spot": spot,
        "place": t("{name}のどこか").format(name=spot.name) if spot.name else chosen,
        "number": str(number),
        "typed": typed,
        "wrong": {name: WRONG[name] for name in typed.wrong},
        "depths": DEPTHS if kind in OF_WATER else {},
        "longest_note": LONGEST_NOTE,
        "longest_link": LONGEST_LINK,
        **_kind(kind, lang),
    }
    return _page("report_more", ground.card, lang, values, {"kind": kind})


def mine_page(
    card: CityCard,
    lines: Sequence[ReplyLine],
    *,
    lang: str,
    now: datetime,
    code: str,
    said: str = "",
) -> str:
    """What became of what was reported; without any, where a code is entered."""
    clock = Clock(ZoneInfo(card.timezone), now, translator(spoken(card, lang)))
    values = {
        "lines": [_line(line, clock) for line in lines],
        "said": SAID.get(said, ""),
        "is_sent": said == "sent",
        "is_good": said in ("sent", "pictured", "same"),
        "code": code if lines else "",
        "most": MOST_PICTURES,
        "steps": STEPS,
    }
    return _page("report_mine", card, lang, values, path=MINE)


def _line(line: ReplyLine, clock: Clock) -> dict[str, Any]:
    done = line.state in (ObservationState.RESOLVED, ObservationState.REFUTED)
    return {
        "id": str(line.id),
        "kind": KINDS[line.kind],
        "area": line.area,
        "time": clock.time(line.received_at),
        "state": STATES[line.state],
        "done": done,
        "step": 2 if done else int(line.state == ObservationState.CONFIRMED),
        "outcome": line.outcome,
        "pictures": line.pictures,
        "unsure": line.unsure and not done,
        "warns": done and line.kind in SHUTS_ROAD,
        "calls": line.kind in CALLS_119,
    }


def _kind(kind: ObservationKind, lang: str) -> dict[str, Any]:
    return {
        "kind": str(kind),
        "kind_words": KINDS[kind],
        "calls": kind in CALLS_119,
        "again": _link(lang),
    }


def _link(lang: str, kind: ObservationKind | None = None, **more: str) -> str:
    kept = {"kind": str(kind or ""), **more, "lang": "" if lang == SOURCE else lang}
    query = urlencode({key: value for key, value in kept.items() if value})
    return f"{REPORT}?{query}" if query else REPORT


def _page(
    template: str,
    card: CityCard,
    lang: str,
    values: Mapping[str, Any],
    asked: Mapping[str, str] | None = None,
    path: str = REPORT,
) -> str:
    shown = spoken(card, lang)
    every = {
        "sheet": address(SHEET),
        "own_sheet": address(OWN_SHEET),
        "script": address(SCRIPT),
        "query": "" if shown == SOURCE else f"?lang={shown}",
        "paths": {"report": REPORT, "place": PLACE, "photo": PHOTO, "mine": MINE},
        **values,
    }
    kept = {key: str(value) for key, value in (asked or {}).items()}
    return document(template, "home", card=card, lang=lang, path=path, asked=kept, values=every)
