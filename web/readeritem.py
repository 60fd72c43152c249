"""One alert on the reader's page: its strip, its frozen words, its age, what became of it."""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from alerts.kinds import AlertKind, Language
from alerts.told import Became, ToldAlert
from alerts.wording.vocabulary import VOCABULARIES
from web.clock import Clock
from web.registerwords import KINDS

_SAID: Final = {
    Became.CANCELLED: "この知らせは取り消されました。",
    Became.STOPPED: "市は、この知らせを送るのを途中で止めました。",
    Became.LIFTED: "{time} に、解除されたか、別の発令に替わりました。",
    Became.EXPIRED: "この文の期限（{time}）は過ぎました。避難情報は続いています。",
}
_TONES: Final = {
    Became.CANCELLED: "stop",
    Became.STOPPED: "stop",
    Became.EXPIRED: "stop",
    Became.CLEARED: "",
    Became.LIFTED: "",
}


@dataclass(frozen=True, slots=True)
class ReaderItem:
    """An alert in words.

    - `level`: None without a colour: it is over, a drill's, or has none; `kind`: what it is then;
    - `lang`: of title and paragraphs, which stand as they were approved;
    - `notes`: what became of it, before all else; `tone`: "stop" where following the words harms;
    - `age`, `until`: when it was issued and how long ago that is, until when its words are meant.
    """

    drill: bool
    level: int | None
    level_word: str
    hazard: str
    kind: str
    title: str
    paragraphs: tuple[str, ...]
    lang: str
    notes: tuple[Markup, ...]
    tone: str
    age: Markup
    until: Markup


def item_of(
    told: ToldAlert,
    language: Language,
    tongue: Language,
    clock: Clock,
    *,
    below_five: bool = False,
) -> ReaderItem:
    """An alert in the reader's `language`, in a page that speaks `tongue`.

    With `below_five` level 5 is in force for them: of another order nothing is said that would send
    them out (`safety.md` 4).
    """
    alert, became, level = told.alert, told.became(clock.now), told.level(clock.now)
    vocabulary, words = VOCABULARIES[tongue], told.in_language(language)
    folded = became is Became.EXPIRED or (below_five and level is not None)
    return ReaderItem(
        drill=alert.is_drill,
        level=None if level is None else int(level),
        level_word="" if level is None else vocabulary.levels[level],
        hazard=vocabulary.hazards[alert.hazard] if level is not None and alert.hazard else "",
        kind=clock.t(KINDS[alert.kind]),
        title=words.title,
        paragraphs=() if folded else words.paragraphs,
        lang=str(words.language),
        notes=_notes(told, became, clock, below_five=below_five and level is not None),
        tone=_TONES.get(became, "stop" if below_five and level is not None else "warn"),
        age=_age(told, clock),
        until=_until(told, became, words.paragraphs, clock, vocabulary.stands),
    )


def ago(clock: Clock, minutes: int) -> str:
    """So many minutes ago, in words."""
    hours, rest = divmod(minutes, 60)
    if minutes < 1:
        return clock.t("たった今")
    if hours >= 24:
        return clock.t("{days}日前").format(days=hours // 24)
    text = "{hours}時間{minutes}分前" if rest else "{hours}時間前"
    text = text if hours else "{minutes}分前"
    return clock.t(text).format(hours=hours, minutes=rest)


def _notes(
    told: ToldAlert, became: Became, clock: Clock, *, below_five: bool
) -> tuple[Markup, ...]:
    said = []
    if became is Became.CLEARED:
        order = told.alert.kind is AlertKind.EVACUATION
        said.append("この避難情報は解除されました。" if order else "この知らせは終わりました。")
    elif became in _SAID:
        said.append(_SAID[became])
    if became is Became.STOPPED and told.alert.sets_order:
        said.append("避難情報が解除されたという意味ではありません。")
    if became is Became.EXPIRED:
        said.append("いまどうするかは、下の案内で確かめてください。")
    if became in (Became.HOLDS, Became.STOPPED) and not told.theirs:
        said.append("新しい版が出ました。あなたの所が入っているか、区域を確かめてください。")
    if below_five:
        said.append("警戒レベル5が出ています。レベル5の知らせに従ってください。")
    at = told.lifted_at if became is Became.LIFTED else told.alert.expires_at
    return tuple(clock.says(one, at or told.alert.expires_at) for one in said)


def _age(told: ToldAlert, clock: Clock) -> Markup:
    """The page needs no script, and stays open: it says when the age was that."""
    at = told.alert.approved_at or told.alert.made_at
    age = ago(clock, max(0, int((clock.now - at).total_seconds() // 60)))
    text = clock.t("{time} に市が出しました。{now} に開いた時点で、{age}の知らせです。")
    return Markup.escape(text).format(time=clock.time(at), now=clock.time(clock.now), age=age)


def _until(
    told: ToldAlert,
    became: Became,
    shown: tuple[str, ...],
    clock: Clock,
    stands: str,
) -> Markup:
    """Until when its words are meant, and that an order stands longer, unless they say so."""
    if became not in (Became.HOLDS, Became.STOPPED):
        return Markup("")
    text = clock.says("この文は {time} まで。", told.alert.expires_at)
    if told.alert.sets_order and stands not in shown:
        text += clock.t("避難情報は、市長が解除するまで続きます。")
    return text
