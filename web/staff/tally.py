"""集計用紙: a sheet to count on by hand when the tablet fails, one side of A4."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from city.staff import Caller
from routing.ground import CityCard
from shelters.place import EvacuationSite
from web.staff.frame import staff_page

LINES: Final = 22
"""Lines that fit on the sheet below its head."""


def tally_page(
    card: CityCard, site: EvacuationSite, *, caller: Caller, csrf: str, now: datetime
) -> str:
    """The sheet of one place; `now` dates the print, and its year stands on the sheet."""
    here = now.astimezone(ZoneInfo(card.timezone))
    values = {
        "site": site,
        "lines": range(1, LINES + 1),
        "year": here.year,
        "printed": f"{here.year}年{here.month}月{here.day}日 {here.hour}:{here.minute:02}",
    }
    return staff_page(
        "tally",
        title="集計用紙",
        caller=caller,
        csrf=csrf,
        card=card,
        styles=("tally.css",),
        values=values,
    )
