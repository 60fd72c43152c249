"""The field page: what a team reports, with a network and without; a frame that scripts fill."""

import json
from typing import Final

from city.staff import Caller, Role
from hazards.evidence import STREET_M, SURE_M
from hazards.observation import (
    KIND_WORDS,
    OF_WATER,
    SHUTS_ROAD,
    STATE_WORDS,
    Depth,
    ObservationKind,
)
from routing.ground import Ground
from web.staff import missionwords
from web.staff.frame import staff_page
from web.staff.kept import KeptPage

KEPT: Final = KeptPage(
    "field",
    "/field",
    scripts=("field.js",),
    modules=(
        *("fieldqueue.js", "fieldsend.js", "fieldtus.js", "fieldphoto.js", "fieldplace.js"),
        *("fieldmap.js", "fieldmapedit.js", "fieldstreets.js", "fieldform.js", "fieldview.js"),
        *("fieldmaphands.js", "fielddraw.js", "fieldarea.js", "fieldlink.js", "hqalertring.js"),
        *("fieldlists.js", "fieldwords.js", "fieldmission.js", "fieldask.js"),
    ),
    styles=("field.css",),
)
FIRST: Final = (
    ObservationKind.ROAD_FLOODED,
    ObservationKind.UNDERPASS_FLOODED,
    ObservationKind.SLIDE,
    ObservationKind.BRIDGE,
    ObservationKind.FALLEN_TREE,
    ObservationKind.WATER_LEVEL,
    ObservationKind.RESCUE,
)
"""One tap each; all others are behind an eighth button."""
MORE: Final = (
    ObservationKind.ISOLATED,
    ObservationKind.FIRE,
    ObservationKind.LIFELINE,
    ObservationKind.PLACE_IN_DANGER,
    ObservationKind.OTHER,
)
DEPTHS: Final = {
    Depth.ANKLE: ("足首", "〜20 cm"),
    Depth.KNEE: ("ひざ", "〜50 cm"),
    Depth.WAIST: ("腰より上", "50 cm〜"),
    Depth.FLOWING: ("流れあり", "深さ不明"),
}
_MISSION: Final = {
    "recalled": missionwords.GO_BACK,
    "unread": missionwords.CONFIRM,
    "cannot": missionwords.CANNOT,
    "withdraw": missionwords.WITHDRAW,
    "check_in": missionwords.CHECK_IN,
    "escalated": missionwords.LOOKED_FOR,
}
"""What a team reads when it is due, which its phone tells without a network."""
_WITH_DEPTH: Final = OF_WATER | {ObservationKind.WATER_LEVEL}
_AUTHENTICATED: Final = frozenset({Role.FIELD, Role.OPERATOR, Role.APPROVER})
"""Whose reports can suspend a street; a scribe's at the phone desk cannot."""


def field_page(
    ground: Ground, load: str, *, caller: Caller, csrf: str, link: str, most_streets: int
) -> str:
    """The page of a team. It holds no report and no time: kept for offline they would be old.

    `link` is the pattern of a link that is taken, `most_streets` how many an area may touch.
    """
    card = ground.card
    middle = ground.roads.junction_xy.mean(axis=0)
    centre = ground.metres.position(float(middle[0]), float(middle[1]))
    words = {"kinds": KIND_WORDS, "states": STATE_WORDS, "mission": _MISSION}
    return staff_page(
        "field",
        title="現地報告",
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=KEPT.scripts,
        styles=KEPT.styles,
        values={
            "kept": KEPT,
            "zone": card.timezone,
            "load": load,
            "words": json.dumps(words, ensure_ascii=False),
            "centre": f"{centre.lon:.6f},{centre.lat:.6f}",
            "known": bool(caller.roles & _AUTHENTICATED),
            "sure_m": SURE_M,
            "street_m": STREET_M,
            "link": link,
            "most_streets": most_streets,
            "first": [(kind, KIND_WORDS[kind]) for kind in FIRST],
            "more": [(kind, KIND_WORDS[kind]) for kind in MORE],
            "shuts": SHUTS_ROAD,
            "wet": _WITH_DEPTH,
            "depths": [(depth, *said) for depth, said in DEPTHS.items()],
            "sites": sorted(ground.sites, key=lambda one: (one.name, one.id)),
        },
    )
