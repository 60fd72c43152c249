"""What a sheet is made of: the paper's own words, and a home as it is known on paper."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from routing.advice import Advice
from routing.ground import CityCard
from routing.guidance import Guidance
from routing.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Paper:
    """What all sheets of a print say alike. `plan` is the number of the version, last known to hold
    everything at `checked_at`; `phone` may be empty. `tonight`: it is for no other night.
    """

    card: CityCard
    plan: int
    checked_at: datetime
    printed_at: datetime
    phone: str
    tonight: bool = False

    def moment(self, at: datetime) -> str:
        """10月10日 14:00, where the city is."""
        here = at.astimezone(ZoneInfo(self.card.timezone))
        return f"{here.month}月{here.day}日 {here.hour}:{here.minute:02}"

    def day(self, at: datetime) -> str:
        """2026年10月10日, where the city is."""
        here = at.astimezone(ZoneInfo(self.card.timezone))
        return f"{here.year}年{here.month}月{here.day}日"


@dataclass(frozen=True, slots=True, eq=False)
class Home:
    """A household by the label of its paper: no name, no address. `url` opens its page.

    `guidance` is None where it stands too far from every street to be guided.
    """

    label: str
    area: str
    han: int
    url: str
    guidance: Guidance | None

    @property
    def ways(self) -> tuple[Advice, Advice | None] | None:
        """The first way and the second; None at `secure_now`, whatever is known (`safety.md` 4)."""
        guidance = self.guidance
        if guidance is None or guidance.first is None or guidance.verdict is Verdict.SECURE_NOW:
            return None
        return guidance.first, guidance.second

    @property
    def destination(self) -> str:
        """The first place, empty where there is none."""
        return self.ways[0].site.name if self.ways else ""
