"""The desk of a place as a page: a frame that its scripts fill, also without a network."""

from collections.abc import Sequence
from typing import Final

from city.staff import Caller
from routing.ground import CityCard, Ground
from shelters.place import EvacuationSite
from web.staff.frame import staff_page
from web.staff.kept import KeptPage

KEPT: Final = KeptPage(
    "desk",
    "/desk",
    scripts=("desk.js",),
    modules=(
        *("desksend.js", "deskmodel.js", "deskview.js", "deskforms.js", "deskscan.js"),
        *("desklists.js", "deskask.js", "deskdoors.js"),
    ),
    styles=("desk.css",),
)


def desk_page(card: CityCard, site: EvacuationSite, *, caller: Caller, csrf: str) -> str:
    """The desk of one place. It holds no figure: one that is kept for offline would be old."""
    return staff_page(
        "desk",
        title="受付の画面",
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=KEPT.scripts,
        styles=KEPT.styles,
        values={"site": site, "kept": KEPT, "zone": card.timezone},
    )


def chooser_page(ground: Ground, *, caller: Caller, csrf: str, path: str = "/desk") -> str:
    """Which place? For whoever is bound to none."""
    sites: Sequence[EvacuationSite] = sorted(ground.sites, key=lambda one: (one.name, one.id))
    return staff_page(
        "deskchoice",
        title="受付の場所を選ぶ",
        caller=caller,
        csrf=csrf,
        card=ground.card,
        styles=KEPT.styles,
        values={"sites": sites, "path": path},
    )
