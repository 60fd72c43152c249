"""Words of the headquarters page. Its script takes them from the page, so they are here alone."""

from collections.abc import Mapping
from typing import Any, Final

from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS, AlertLevel
from shelters.congestion import BAND_WORDS as CROWDED
from shelters.congestion import UNKNOWN_WORD
from shelters.facility import FACILITY_WORDS
from shelters.needs import NEED_STATE_WORDS, NEED_WORDS, NeedState
from shelters.opening import OPENING_WORDS, STAGE_WORDS, STEPS
from shelters.rooms import MEANT_FOR_WORDS

BAND_WORDS: Final = {**{str(band): word for band, word in CROWDED.items()}, "unknown": UNKNOWN_WORD}
FLAG_WORDS: Final = {
    "negative": "0人を下回る",
    "ten_times": "定員の10倍",
    "future": "先の時刻",
    "clock": "時計のずれ",
    "late": "遅れて届いた",
}
NEED_STATES: Final = {**NEED_STATE_WORDS, NeedState.SENT: "未対応"}
OUTCOME_WORDS: Final = {"answered": "話せた", "no_answer": "出ない"}
SETTABLE: Final = (AlertLevel.ELDERLY_LEAVE, AlertLevel.ALL_LEAVE, AlertLevel.SECURE_NOW)
"""Levels that the mayor sets (災害対策基本法56条, 60条)."""


def all_words() -> Mapping[str, Any]:
    """Every table of words, for the page's script."""
    return {
        "opening": _keyed(OPENING_WORDS),
        "steps": {str(key): sorted(following) for key, following in STEPS.items()},
        "stage": _keyed(STAGE_WORDS),
        "band": BAND_WORDS,
        "facility": _keyed(FACILITY_WORDS),
        "meant_for": _keyed(MEANT_FOR_WORDS),
        "need": _keyed(NEED_WORDS),
        "need_state": _keyed(NEED_STATES),
        "flag": FLAG_WORDS,
        "outcome": OUTCOME_WORDS,
        "level": {str(int(level)): LEVEL_WORDS[level] for level in SETTABLE},
        "hazard": _keyed(HAZARD_WORDS),
    }


def _keyed(words: Mapping[Any, str]) -> dict[str, str]:
    return {str(key): word for key, word in words.items()}
