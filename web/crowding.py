"""How full a place is, in words with their moment. What is old or was never counted reads 不明."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from markupsafe import Markup

from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS
from hazards.order import ORDERED
from shelters.place import Opening, SiteState
from web.clock import Clock
from web.language import Translate

PublicState = Mapping[str, Any]
"""The public state of a place, as the live topic `sites` holds it."""

NOTHING: Final[Mapping[str, PublicState]] = MappingProxyType({})
"""The states of no place."""

LEVEL_5_SOMEWHERE: Final = (
    "警戒レベル5 緊急安全確保：{areas}。そこにいる人は避難場所へ向かわず、直ちに安全確保。"
    "読み直しています。"
)
"""Said by scripts as soon as it is known, before the page itself is there anew."""

BANDS: Final = {
    "room": "空いています",
    "some": "やや混雑",
    "crowded": "混雑",
    "full": "満",
    "unknown": "不明",
}
"""The bands in the order of the legend; each has a symbol of its own."""

_OPENINGS: Final = {
    Opening.UNOPENED: "未開設",
    Opening.PREPARING: "開設準備",
    Opening.CLOSED: "閉鎖",
    Opening.ENDANGERED: "危険",
}
FACILITIES: Final = {
    "wheelchair": "車いす",
    "pets": "ペット",
    "womens_room": "女性の部屋",
    "baby": "授乳",
    "fever_room": "発熱の人の部屋",
    "power": "電源",
    "parking": "駐車場",
}
_BY: Final = {
    "係員": "{time}・係員",
    "電話": "{time}・電話",
    "本部": "{time}・本部",
}
_COUNTED: Final = "{time} 確認"
_PERSONS: Final = "{persons} 人"
_OF_CAPACITY: Final = "{persons} ／ {capacity} 人"
_ASKS: Final = "市が確認中"
_LAST: Final = "最後の報告 {time}"
_UNKNOWN: Final = "行き先として使えます。混み具合だけが分かりません。"
_NOT_CONFIRMED: Final = ("開設状況未確認", "計画では開く場所です")
_BY_PLAN: Final = "混み具合は分かりません。行き先として使えます。"
_FULL: Final = "満員です。来た人は断りません。"
_SPILLS: Final = "予備の部屋を使っています。"
NEVER_GO: Final = "行かないでください"
_CITY: Final = "{time} 市"
_SINCE_FULL: Final = "{time} から満員"
_EXPECTED: Final = "{time} ごろ開く予定"
_LATE: Final = "{time} に開く予定でした。遅れています。"


@dataclass(frozen=True, slots=True)
class Crowd:
    """A place's symbol (a key of `BANDS`, or "wait", "shut", "stop"), its word, what is known
    (`lines`, with moments) and what that means (`says`).

    `until` (ISO) is when the figure stops being one; empty where nothing is claimed.
    """

    sign: str
    word: str
    lines: tuple[Markup, ...] = ()
    says: tuple[str, ...] = ()
    until: str = ""


def script_words(t: Translate) -> dict[str, Any]:
    """The words with which a page's script says what has changed since, or grown old."""
    return {
        "bands": {band: t(word) for band, word in BANDS.items()},
        "persons": t(_PERSONS),
        "both": t(_OF_CAPACITY),
        "at": t(_COUNTED),
        "by": {who: t(words) for who, words in _BY.items()},
        "asks": t(_ASKS),
        "last": t(_LAST),
        "unknown": t(_UNKNOWN),
        "notConfirmed": [t(line) for line in _NOT_CONFIRMED],
        "byPlan": t(_BY_PLAN),
        "full": t(_FULL),
        "spills": t(_SPILLS),
        "openings": {opening: t(word) for opening, word in _OPENINGS.items()},
        "city": t(_CITY),
        "sinceFull": t(_SINCE_FULL),
        "expected": t(_EXPECTED),
        "late": t(_LATE),
        "never": t(NEVER_GO),
        "facilities": {kind: t(word) for kind, word in FACILITIES.items()},
        "and": t("・"),
        "behind": t("{time} から新しい情報が届いていません。"),
    } | level_words(t)


def level_words(t: Translate) -> dict[str, Any]:
    """The words with which a script says that orders (避難情報) have changed since."""
    return {
        "level": t("警戒レベル"),
        "levels": {str(int(level)): t(LEVEL_WORDS[level]) for level in ORDERED},
        "hazards": {kind: t(word) for kind, word in HAZARD_WORDS.items()},
        "all": t("市内全域"),
        "issued": t("{time} 市長が発令"),
        "changed": t("避難情報が変わりました。読み直しています。"),
        "elsewhere": t(LEVEL_5_SOMEWHERE),
    }


def opening_of(state: PublicState | None, planned: SiteState) -> SiteState:
    """The opening that was said last: the plan's and the live one come by different ways."""
    if state is None:
        return planned
    since = moment(state.get("opening_since"))
    if planned.since is not None and (since is None or planned.since > since):
        return planned
    return SiteState(Opening(state["opening"]), since)


def crowd_of(state: PublicState | None, planned: SiteState, clock: Clock, t: Translate) -> Crowd:
    """What is known of a place at the clock's moment; `planned` is the opening in the plan."""
    said = opening_of(state, planned)
    known = state or {}
    if said.opening is Opening.PREPARING:
        return Crowd("wait", t("開設準備"), _expected(known, said, clock, t))
    if said.opening in _OPENINGS:
        sign = "shut" if said.opening is Opening.UNOPENED else "stop"
        since = (clock.says(_CITY, said.since),) if said.since else ()
        return Crowd(sign, t(_OPENINGS[said.opening]), since)
    return _open(known, said, clock, t)


def moment(text: object) -> datetime | None:
    """A moment of a state, aware; None where it has none."""
    return datetime.fromisoformat(str(text)) if text else None


def _open(known: PublicState, said: SiteState, clock: Clock, t: Translate) -> Crowd:
    """A place that receives people: its band as long as somebody stands by it."""
    band, until = known.get("band"), moment(known.get("unknown_after"))
    live = band in BANDS and until is not None and clock.now <= until
    spills = (t(_SPILLS),) if known.get("overflow") else ()
    figure = _figure(known, clock, t) if live else ()
    if said.opening is Opening.FULL or (live and band == "full"):
        since = (clock.says(_SINCE_FULL, said.since),) if said.since else ()
        says = (t(_FULL), *spills)
        # A place is full until somebody says otherwise: only its figure grows old.
        until = until if live and said.opening is not Opening.FULL else None
        return Crowd("full", t("満"), figure or since, says, _iso(until))
    if live and until is not None:
        return Crowd(str(band), t(BANDS[str(band)]), figure, spills, _iso(until))
    return _unknown(known, said, clock, t, spills)


def _unknown(
    known: PublicState, said: SiteState, clock: Clock, t: Translate, spills: tuple[str, ...]
) -> Crowd:
    counted = moment(known.get("counted_at"))
    last = (clock.says(_LAST, counted),) if counted else ()
    if said.opening is Opening.UNCONFIRMED:
        lines = (Markup.escape(t(line)) for line in _NOT_CONFIRMED)
        return Crowd("unknown", t("不明"), (*lines, *last), (t(_BY_PLAN),))
    return Crowd("unknown", t("不明"), (Markup.escape(t(_ASKS)), *last), (t(_UNKNOWN), *spills))


def _figure(known: PublicState, clock: Clock, t: Translate) -> tuple[Markup, ...]:
    """Persons and capacity, and when and by whom they were counted."""
    persons, capacity = known.get("persons"), known.get("capacity")
    counted = moment(known.get("counted_at"))
    lines = []
    if persons is not None:
        words = _OF_CAPACITY if capacity else _PERSONS
        lines.append(Markup.escape(t(words).format(persons=f"{persons:,}", capacity=capacity)))
    if counted is not None:
        lines.append(clock.says(_BY.get(str(known.get("counted_by")), _COUNTED), counted))
    return tuple(lines)


def _expected(
    known: PublicState, said: SiteState, clock: Clock, t: Translate
) -> tuple[Markup, ...]:
    """When it should open: no live element, as that moment has no age yet."""
    expected = moment(known.get("expected_at"))
    lines = []
    if expected is not None:
        late = expected < clock.now
        words = _LATE if late else _EXPECTED
        lines.append(Markup.escape(t(words).format(time=clock.text(expected))))
    if said.since is not None:
        lines.append(clock.says(_CITY, said.since))
    return tuple(lines)


def _iso(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""
