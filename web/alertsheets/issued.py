"""One revision of an alert as its papers are made of it."""

from dataclasses import dataclass
from typing import Any

from alerts.alert import Alert
from alerts.kinds import Language
from alerts.scripts.car import Route
from alerts.scripts.head import Head
from alerts.scripts.settings import ScriptSettings
from alerts.wording.areawords import full_area
from alerts.wording.gazetteer import Gazetteer
from alerts.wording.rendered import Rendered
from alerts.wording.settings import Links, WordingSettings
from hazards.kinds import AlertLevel
from web.alertsheets.areamap import AreaMap


@dataclass(frozen=True, slots=True)
class Issued:
    """The record, its frozen words, and what stands beside them on paper.

    - `approved`: by which duty, and when, with its English; `draft`: nobody approved it, which
      every page says;
    - `confirmed`: who confirmed the readings; `number`: by which what comes back is typed in;
    - `routes`: of the cars; `area_map`: None where there is none, and never at level 5;
    - `city_code`: as the city file has it.
    """

    alert: Alert
    rendered: Rendered
    settings: WordingSettings
    scripts: ScriptSettings
    gazetteer: Gazetteer
    links: Links
    fictional: bool
    approved: str
    draft: bool
    confirmed: str
    number: str
    routes: tuple[Route, ...]
    area_map: AreaMap | None = None
    city_code: str = ""
    approved_english: str = ""

    @property
    def is_last_resort(self) -> bool:
        """Level 5 in force: no place is named, nobody is sent out (`safety.md` 4)."""
        return self.alert.order_level is AlertLevel.SECURE_NOW

    @property
    def areas(self) -> str:
        """All areas in Japanese."""
        return full_area(self.alert, Language.JAPANESE, self.gazetteer)

    def head_values(self, head: Head) -> dict[str, Any]:
        """What stands at the head of each page of a paper."""
        first, stop, rest = head.until.partition("。")
        return {
            "language": str(Language.JAPANESE),
            "mark": head.mark,
            "city": head.city,
            "level": head.level,
            "word": head.word,
            "hazard": head.hazard,
            "subject": head.subject,
            "colours": head.colours,
            "written": head.written,
            "until": [first + stop, rest],
            "approved": self.approved,
            "drill": self.alert.is_drill,
            "draft": self.draft,
            "fictional": self.fictional,
        }
