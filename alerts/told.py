"""What one person was told of an alert, and what has become of it since: for the reader's page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from alerts.alert import Alert
from alerts.capcodes import event_of
from alerts.captext import marked
from alerts.delivery import is_over
from alerts.kinds import Language, Step
from alerts.wording.vocabulary import VOCABULARIES
from hazards.kinds import AlertLevel


class Became(StrEnum):
    """What became of an alert.

    `STOPPED`: the city sends nothing more of it, what it tells may stand; `LIFTED`: its order ended
    without a message; `EXPIRED`: its words are over, and its order stands.
    """

    HOLDS = "holds"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    CLEARED = "cleared"
    LIFTED = "lifted"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Words:
    """A title and paragraphs in one language, as two people approved them."""

    language: Language
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """The newest revision of an alert of which something was sent to somebody.

    - `words`: for the web, by language;
    - `stopped_at`: since when nothing more of it is sent;
    - `order_stands`: None where no order is known of it; `lifted_at`: when its last one ended;
    - `theirs`: whether this very revision was sent to them, and not only one before it;
    - `confirmed_at`: when they said that they had read; `waits`: they can still say so.
    """

    alert: Alert
    words: Mapping[Language, Words] = field(repr=False)
    stopped_at: datetime | None = None
    order_stands: bool | None = None
    lifted_at: datetime | None = None
    theirs: bool = True
    confirmed_at: datetime | None = None
    waits: bool = False

    def became(self, now: datetime) -> Became:
        """What became of it."""
        if self.alert.step is Step.CANCEL:
            return Became.CANCELLED
        if self.alert.step is Step.ALL_CLEAR:
            return Became.CLEARED
        if self.alert.sets_order and self.order_stands is False:
            return Became.LIFTED
        if is_over(self.alert.expires_at, now):
            return Became.EXPIRED
        return Became.HOLDS if self.stopped_at is None else Became.STOPPED

    def level(self, now: datetime) -> AlertLevel | None:
        """The level that holds, None where it is over, is a drill's, or none was told of."""
        over = self.became(now) is Became.LIFTED
        return self.alert.level if self.alert.sets_order and not over else None

    def in_language(self, language: Language) -> Words:
        """Its words in a language, else in Japanese; an order that ended is not said to stand."""
        found = self.words.get(language) or self.words.get(Language.JAPANESE) or _own(self.alert)
        if self.order_stands is not False:
            return found
        stands = VOCABULARIES[found.language].stands
        return Words(
            found.language, found.title, tuple(one for one in found.paragraphs if one != stands)
        )


def _own(alert: Alert) -> Words:
    """The officer's own words, where no text for the web was kept with the revision."""
    title = alert.subject or event_of(alert, Language.JAPANESE)
    return Words(
        Language.JAPANESE,
        marked(title, Language.JAPANESE, drill=alert.is_drill),
        tuple(one for one in (alert.reason, alert.action) if one),
    )
