"""The desk of a place as a page: a frame that its scripts fill, also without a network."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from city.staff import Caller
from routing.ground import CityCard, Ground
from shelters.place import EvacuationSite
from web.assets import address, find_asset
from web.staff.frame import staff_page

SCOPE: Final = "/desk"
WORKER: Final = "/desk/worker.js"
SCRIPTS: Final = ("desk.js",)
MODULES: Final = (
    *("deskqueue.js", "desksend.js", "deskmodel.js", "deskwords.js"),
    *("deskview.js", "deskforms.js", "deskscan.js", "live.js"),
    *("deskdom.js", "desklists.js", "deskclock.js", "deskask.js", "deskdoors.js"),
    "staff.js",
)
"""What `desk.js` imports, by names without a version."""
STYLES: Final = ("desk.css",)
_FILE: Final = Path(__file__).parents[1] / "static" / "deskworker.js"


def desk_page(card: CityCard, site: EvacuationSite, *, caller: Caller, csrf: str) -> str:
    """The desk of one place. It holds no figure: one that is kept for offline would be old."""
    return staff_page(
        "desk",
        title="受付の画面",
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=SCRIPTS,
        styles=STYLES,
        values={"site": site, "worker": WORKER, "scope": SCOPE, "zone": card.timezone},
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
        styles=STYLES,
        values={"sites": sites, "path": path},
    )


def worker_script() -> str:
    """The service worker with the addresses of all that the page needs without a network."""
    styles = [address(name) for name in ("staff.css", *STYLES)]
    scripts = [address(name) for name in SCRIPTS] + [f"/static/{name}" for name in MODULES]
    found = [find_asset(name) for name in ("staff.css", *STYLES, *SCRIPTS, *MODULES)]
    text = _FILE.read_text("utf-8")
    marks = "".join([text, *(one.etag for one in found if one)])
    version = hashlib.sha256(marks.encode()).hexdigest()[:16]
    head = f"const VERSION = '{version}';\nconst SHELL = {json.dumps([*styles, *scripts])};\n"
    return head + text
