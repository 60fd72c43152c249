"""Headquarters' page of what is imagined: the frame and its lists, which its scripts fill."""

from datetime import datetime
from typing import Any, Final

from city.staff import Caller, Role
from routing.version import PlanVersion
from shelters.opening import OPENING_WORDS
from shelters.place import Opening
from web.staff.frame import staff_page

STYLES: Final = ("hqwhatif.css",)
KEYS: Final = (
    ("J K", "大事な道を選ぶ"),
    ("Enter", "選んだ道を閉じてみる"),
    ("Shift Enter", "重ねて閉じてみる"),
    ("O", "孤立の順・時間の順"),
    ("T", "何を変えるか"),
    ("C", "水で閉じる"),
    ("1 2 3", "続けて試す"),
    ("U", "最後の一つを戻す"),
    ("M", "流れを見せる・隠す"),
    ("A", "採用する"),
    ("Esc", "捨てる"),
)


def whatif_page(version: PlanVersion | None, *, caller: Caller, csrf: str, now: datetime) -> str:
    """The page as it comes, before any script ran; without a version it says so."""
    card = version.ground.card if version else None
    bar = {
        "mode": "whatif",
        "here": "/hq/whatif",
        "title": "もし…なら",
        "now": now.isoformat(),
        "keys": KEYS,
    }
    values: dict[str, Any] = {
        "bar": bar,
        "planned": version is not None and version.plan is not None,
        "places": _places(version),
        "areas": [area.name for area in version.ground.areas] if version else [],
        "data": {
            "now": now.isoformat(),
            "zone": card.timezone if card else "Asia/Tokyo",
            "approver": "yes" if Role.APPROVER in caller.roles else "",
        },
    }
    return staff_page(
        "hqwhatif",
        title="もし…なら",
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=("hqwhatif.js",),
        styles=STYLES,
        values=values,
    )


def _places(version: PlanVersion | None) -> dict[str, list[tuple[str, str, str]]]:
    """(id, name, word) of places that could be opened and of those that could be closed."""
    found: dict[str, list[tuple[str, str, str]]] = {"open": [], "shut": []}
    if version is None:
        return found
    for site in version.ground.sites:
        state = version.picture.openings[site.id]
        if state.opening is Opening.ENDANGERED:
            continue
        kind = "shut" if state.receives else "open"
        found[kind].append((site.id, site.name, OPENING_WORDS[state.opening]))
    return {kind: sorted(rows, key=lambda row: row[1]) for kind, rows in found.items()}
