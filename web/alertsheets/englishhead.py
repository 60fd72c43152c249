"""The head of a poster in English: whoever reads it need not read Japanese."""

from typing import Any, Final

from alerts.kinds import Language, Step
from alerts.scripts.head import Head
from alerts.wording.areawords import city_words
from alerts.wording.moments import stamp
from alerts.wording.vocabulary import VOCABULARIES
from web.alertsheets.issued import Issued

_WORDS: Final = VOCABULARIES[Language.ENGLISH]


def english_head(of: Issued, head: Head) -> dict[str, Any]:
    """As `Issued.head_values`; 訓練 stays in the marks, beside the English word."""
    alert = of.alert
    written = stamp(alert.made_at, of.settings.zone, Language.ENGLISH)
    return of.head_values(head) | {
        "language": str(Language.ENGLISH),
        "city_japanese": alert.city,
        "city": city_words(alert.city, Language.ENGLISH, of.gazetteer),
        "word": _word(of),
        "hazard": _WORDS.hazards[alert.hazard] if alert.hazard else "",
        "written": f"Alert {alert.number}, revision {alert.revision}, {written}.",
        "approved": of.approved_english,
    }


def _word(of: Issued) -> str:
    """Evacuation Order; Lifted: Evacuation Order."""
    alert = of.alert
    if alert.level is None:
        return _WORDS.kinds[alert.kind]
    ended = {Step.ALL_CLEAR: f"{_WORDS.lifted}: ", Step.CANCEL: f"{_WORDS.wrong}: "}
    return ended.get(alert.step, "") + _WORDS.levels[alert.level]
