"""The first step of registering: a 町丁目 by its name, or a place on a map that needs no script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from markupsafe import Markup

from city.position import Position
from routing.ground import Ground
from routing.snapping import is_near
from web.assets import address
from web.document import document
from web.gps import GPS_SCRIPT
from web.home import map_url, tap_of
from web.language import SOURCE, known
from web.register import PLACE, REGISTER, SHEET
from web.search import HitKind, search
from web.tapmap import SIZE, Box, box_of, position_at, position_of, whole

LONGEST: Final = 80
"""Letters of a name that is looked for."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """What a tap or a phone's position said: a point, or the box to show next."""

    point: Position | None
    box: Box
    outside: bool = False


def tapped(ground: Ground, form: Mapping[str, str]) -> Tapped:
    """Read the form of the map; a point outside the city is none."""
    box = box_of(form.get("box", ""), ground)
    point, tap = position_of(form.get("lat", ""), form.get("lon", "")), tap_of(form)
    if point is None and tap is not None:
        if not box.is_closest:
            return Tapped(None, box.closer(*tap))
        point = position_at(ground, box, *tap)
    if point is not None and not is_near(ground, *ground.metres.of(point)):
        return Tapped(None, whole(ground), outside=True)
    return Tapped(point, box)


def area_at(ground: Ground, point: Position) -> str:
    """The 町丁目 of a point, "" where none holds it."""
    area = ground.area_at(*ground.metres.of(point))
    return area.name if area else ""


def place_page(
    ground: Ground,
    *,
    lang: str,
    text: str = "",
    box: Box | None = None,
    outside: bool = False,
    new: bool = False,
    by_line: bool = False,
) -> str:
    """「どこのお知らせを受け取りますか」. `new`: of somebody else than who uses this phone."""
    shown, city = text[:LONGEST].strip(), whole(ground)
    kept = {"new": "1" if new else "", "lang": "" if known(lang) == SOURCE else lang}
    found = [hit for hit in search(ground, shown) if hit.kind is HitKind.AREA] if shown else None
    values = {
        "found": None if found is None else [(hit.name, _link(hit.name, kept)) for hit in found],
        "text": shown,
        "kept": kept,
        "has_areas": bool(ground.areas),
        "map_url": map_url(box or city, None),
        "box": (box or city).text,
        "step": 1 if box is None or not box.is_closest else 2,
        "wide": box is not None and box != city,
        "wide_link": _link("", kept),
        "size": SIZE,
        "outside": outside,
        "by_line": by_line,
        "action": PLACE,
        "gps": Markup(GPS_SCRIPT),  # noqa: S704  a constant of ours
        "sheet": address(SHEET),
    }
    return document(
        "register_place",
        "home",
        card=ground.card,
        lang=lang,
        path=REGISTER,
        asked={},
        values=values,
    )


def _link(area: str, kept: Mapping[str, str]) -> str:
    query = urlencode({key: value for key, value in {"area": area, **kept}.items() if value})
    return f"{REGISTER}?{query}" if query else REGISTER
