"""The wall of headquarters: the frame, which its script fills from the board's answer."""

from datetime import datetime
from typing import Final

from city.staff import Caller
from routing.ground import CityCard
from web.staff.frame import staff_page

SCRIPTS: Final = ("hqwall.js",)
STYLES: Final = ("hqboardmap.css", "hqwall.css")


def wall_page(*, caller: Caller, csrf: str, card: CityCard | None, now: datetime) -> str:
    """The page as it comes, before any script ran: it shows nothing as if it were known."""
    return staff_page(
        "hqwall",
        title="大画面",
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=SCRIPTS,
        styles=STYLES,
        values={"zone": card.timezone if card else "Asia/Tokyo", "now": now.isoformat()},
    )
