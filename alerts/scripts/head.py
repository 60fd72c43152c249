"""What stands at the head of every paper: of which alert it is, and until when it is read."""

from dataclasses import dataclass
from typing import Final

from alerts.alert import Alert
from alerts.kinds import KIND_WORDS, Language, Step
from alerts.levels import COLOURS
from alerts.scripts.plaindata import PlainData
from alerts.wording.languages.words import DRILL_MARK
from alerts.wording.moments import moment_words, stamp
from alerts.wording.settings import WordingSettings
from alerts.wording.vocabulary import VOCABULARIES
from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS

_WORDS: Final = VOCABULARIES[Language.JAPANESE]
_STEPS: Final = {Step.ISSUE: "", Step.UPDATE: "続報", Step.CANCEL: "取消", Step.ALL_CLEAR: "解除"}


@dataclass(frozen=True, slots=True)
class Head(PlainData):
    """The head of a paper.

    `mark` stands at head and tail of a drill, "" otherwise. `level` is "4" beside `word` and
    `hazard`; of other kinds, and of what is no longer in force, "" beside what it is. `colours`:
    background and text of a level in force, None for a drill and for anything else.
    """

    mark: str
    title: str
    city: str
    level: str
    word: str
    hazard: str
    subject: str
    colours: tuple[str, str] | None
    written: str
    until: str


def head_of(alert: Alert, title: str, settings: WordingSettings) -> Head:
    """The head of a paper of an alert."""
    mark = DRILL_MARK if alert.is_drill else ""
    level = alert.order_level
    until = moment_words(alert.expires_at, alert.made_at, settings.zone, Language.JAPANESE)
    stands = _WORDS.stands if alert.sets_order else ""
    time = stamp(alert.made_at, settings.zone, Language.JAPANESE)
    return Head(
        mark=mark,
        title=f"{mark}{title}",
        city=alert.city,
        level="" if level is None else str(int(level)),
        word=_word(alert),
        hazard=HAZARD_WORDS[alert.hazard] if alert.hazard else "",
        subject=alert.subject,
        colours=COLOURS[level] if level is not None and not alert.is_drill else None,
        written=f"案件 {alert.number} 第{alert.revision}版 {time}",
        until=f"この文は、{until}まで。そのあとは読まない。{stands}",
    )


def _word(alert: Alert) -> str:
    if alert.level is None:
        return KIND_WORDS[alert.kind]
    step = "" if alert.step is Step.ISSUE else f" {_STEPS[alert.step]}"
    return LEVEL_WORDS[alert.level] + step
