"""A feed of what was told, for the city's own site and for television; drills have their own.

What stands in it, what an entry says, and how old it is; `alerts.atom` and `alerts.jsonfeed` write
it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final
from urllib.parse import quote, urlsplit

from alerts.alert import Alert
from alerts.capcodes import ENDING, event_of
from alerts.captext import CapText, fit, marked
from alerts.delivery import is_over
from alerts.errors import NotFit
from alerts.kinds import Language, Status
from alerts.stoppedwords import stopped_lines
from alerts.wording.moments import dated
from alerts.wording.vocabulary import VOCABULARIES

KEPT: Final = timedelta(hours=24)
"""So long after its end an alert is still listed."""
STALE_AFTER: Final = timedelta(minutes=1)
_TAGGED: Final = "2026"
"""Year of the addresses in tag URIs (RFC 4151): it never changes, or entries would be new ones."""
_JA: Final = Language.JAPANESE
_WORDS: Final = VOCABULARIES[_JA]


class Standing(StrEnum):
    """What became of an alert. `EXPIRED`: its text is over, and what it told of still stands;
    `STOPPED`: a person stopped the sending of its text, which lifts no order.
    """

    IN_FORCE = "in_force"
    STOPPED = "stopped"
    EXPIRED = "expired"
    ENDED = "ended"


_FIRST: Final[Mapping[Standing, str]] = {
    Standing.IN_FORCE: "",
    Standing.STOPPED: _WORDS.stopped_head,
    Standing.EXPIRED: "【文の期限切れ・発令は継続中】",
    Standing.ENDED: "【終了】",
}


@dataclass(frozen=True, slots=True)
class BesideFive:
    """Level 5 in a part of a lower alert's area, by names of 町丁目, and since when."""

    area_names: tuple[str, ...]
    since: datetime

    @property
    def words(self) -> str:
        """What stands before the alert's own text (`safety.md` 4)."""
        where = "、".join(self.area_names)
        return f"{where}には警戒レベル5が出ています。そこでは、レベル5の知らせに従ってください。"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """The newest revision of an alert that went out.

    - `number`: of the revision, as its CAP document is called;
    - `first_at`: when the alert first went out;
    - `ended_at`: None while an order stands for it; it may lie ahead;
    - `stopped_at`: when a person stopped its sending, None where nobody did;
    - `beside_five`: where level 5 is ordered in its area, and since when;
    - `orders`: ids of the orders that stand of those it tells of.
    """

    number: int
    alert: Alert
    text: CapText
    first_at: datetime
    ended_at: datetime | None
    stopped_at: datetime | None = None
    beside_five: BesideFive | None = None
    orders: frozenset[int] = frozenset()

    def standing(self, now: datetime) -> Standing:
        """What became of it."""
        if self.ended_at is not None and self.ended_at <= now:
            return Standing.ENDED
        if self.stopped_at is not None and self.stopped_at <= now:
            return Standing.STOPPED
        return Standing.EXPIRED if is_over(self.alert.expires_at, now) else Standing.IN_FORCE

    def updated_at(self, now: datetime) -> datetime:
        """When it last changed, by a person or by its time."""
        alert = self.alert
        five = self.beside_five.since if self.beside_five else None
        moments = (alert.approved_at, alert.expires_at, self.ended_at, self.stopped_at, five)
        passed = [at for at in moments if at is not None and at <= now]
        return max(passed, default=self.first_at)


@dataclass(frozen=True, slots=True)
class Feed:
    """All that a feed is written from.

    `site` is the address of the city's pages without a slash at its end, `code` and `city` the
    city's, `read_at` when the entries were read. Raises `NotFit` for a drill among alerts, or an
    alert among drills.
    """

    site: str
    code: str
    city: str
    zone: tzinfo
    status: Status
    entries: tuple[FeedEntry, ...]
    read_at: datetime

    def __post_init__(self) -> None:
        if any(entry.alert.status is not self.status for entry in self.entries):
            raise NotFit("訓練と実災害は、同じ一覧に載せません（a drill is no alert）")

    @property
    def is_drill(self) -> bool:
        """Whether it lists drills."""
        return self.status is Status.EXERCISE

    @property
    def folder(self) -> str:
        """Where its documents are: alerts or drills."""
        return "drills" if self.is_drill else "alerts"

    @property
    def title(self) -> str:
        """As readers list it."""
        return fit(marked(f"{self.city} 避難情報・お知らせ", _JA, drill=self.is_drill))

    def shown(self, now: datetime) -> list[FeedEntry]:
        """What is in force, or ended less than a day ago; what changed last comes first."""
        kept = [one for one in self.entries if one.ended_at is None or now < one.ended_at + KEPT]
        return sorted(kept, key=lambda one: (one.updated_at(now), one.number), reverse=True)

    def updated_at(self, now: datetime) -> datetime:
        """When the feed last changed; of an empty one the minute of its reading."""
        moments = [one.updated_at(now) for one in self.shown(now)]
        return max(moments, default=self.read_at.replace(second=0, microsecond=0))

    def note(self, now: datetime) -> str:
        """How old the list is, and whether newer things may be missing."""
        read = f"{dated(self.read_at, self.zone, _JA)} 現在。"
        if now - self.read_at > STALE_AFTER:
            read += "その後の発令や解除は、確認できていません。"
        return marked(read, _JA, drill=self.is_drill)

    def entry_title(self, entry: FeedEntry, now: datetime) -> str:
        """Its headline, after what became of it; an all-clear says itself what it is."""
        first = self._first(entry, now)
        headline = fit(entry.text.headline) or event_of(entry.alert, _JA)
        return marked(headline, _JA, drill=self.is_drill, first=first)

    def entry_text(self, entry: FeedEntry, now: datetime) -> str:
        """What became of it, all that it says, and until when."""
        over, standing = self._over(entry, now), entry.standing(now)
        told = fit(entry.text.whole).split("\n")
        if standing is Standing.ENDED:
            told = [line for line in told if line != _WORDS.stands]
        elif entry.alert.sets_order and _WORDS.stands not in told:
            told.append(_WORDS.stands)
        if entry.alert.step not in ENDING:
            told.append(f"この文の期限 {dated(entry.alert.expires_at, self.zone, _JA)}")
        text = "\n".join(line for line in (*over, *told) if line)
        return marked(text, _JA, drill=self.is_drill)

    def document(self, entry: FeedEntry) -> str:
        """The address of its CAP document."""
        return f"{self.site}/{self.folder}/{entry.number}.cap.xml"

    def tag(self, entry: FeedEntry | None = None) -> str:
        """A name for ever (RFC 4151) of the feed, or of an entry in all its revisions."""
        host = urlsplit(self.site).hostname or "localhost"
        named = "" if entry is None else f"/{entry.alert.number}"
        return f"tag:{host},{_TAGGED}:{quote(self.code)}/{self.folder}{named}"

    def _first(self, entry: FeedEntry, now: datetime) -> str:
        """Before the headline; where the sending of an order was stopped, that the order stands."""
        if entry.alert.step in ENDING:
            return ""
        standing = entry.standing(now)
        if standing is Standing.STOPPED and entry.alert.sets_order:
            return "【送信停止・発令は継続中】"
        return _FIRST[standing]

    def _over(self, entry: FeedEntry, now: datetime) -> list[str]:
        """That it is over, before all that it says."""
        standing = entry.standing(now)
        if standing is Standing.STOPPED and entry.stopped_at:
            return stopped_lines(_JA, entry.stopped_at, self.zone, stands=entry.alert.sets_order)
        five = [entry.beside_five.words] if entry.beside_five else []
        if standing is Standing.IN_FORCE or entry.alert.step in ENDING:
            return five
        if standing is Standing.EXPIRED:
            return [*five, "この文の期限は過ぎました。最新の状況を確かめてください。"]
        if entry.alert.sets_order and entry.ended_at:
            at = dated(entry.ended_at, self.zone, _JA)
            return [f"{at} に、解除されたか、別の発令に替わりました。"]
        return ["終了しました。"]
