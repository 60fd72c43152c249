"""What is counted in messages, and the sound changes of each.

As in the appendix on 助数詞 of NHK's dictionary of pronunciation†; tests compare it with an engine.
"""

from collections.abc import Mapping
from typing import Final

from alerts.wording.reading.numbers import Counter

_T: Final = frozenset({1, 8, 10})
_K: Final = frozenset({1, 6, 8, 10, 100})
_HOURS: Final = {4: "よ", 7: "しち", 9: "く"}
_DAYS: Final = {
    1: "ついたち", 2: "ふつか", 3: "みっか", 4: "よっか", 5: "いつか", 6: "むいか", 7: "なのか",
    8: "ようか", 9: "ここのか", 10: "とおか", 14: "じゅうよっか", 20: "はつか",
    24: "にじゅうよっか",
}  # fmt: skip
_LASTING: Final = {number: kana + "かん" for number, kana in _DAYS.items() if number > 1}
_PON: Final = dict.fromkeys((1, 6, 8, 10, 100), "ぽん")
_PLACES: Final = Counter("かしょ", _K)
_PERCENT: Final = Counter("パーセント", frozenset({10}))

CHOME: Final = Counter("ちょうめ", _T)
HOURS: Final = Counter("じ", digits=_HOURS, whole={0: "れいじ"})
MINUTES: Final = Counter("ふん", _K, endings=dict.fromkeys((1, 3, 4, 6, 8, 10, 100, 1000), "ぷん"))
MONTHS: Final = Counter("がつ", digits={4: "し", 7: "しち", 9: "く"})
DAYS: Final = Counter("にち", digits={7: "しち", 9: "く"}, whole=_DAYS)

COUNTERS: Final[Mapping[str, Counter]] = {
    "丁目": CHOME,
    "時間": Counter("じかん", digits=_HOURS),
    "時": HOURS,
    "分間": Counter("ふんかん", _K, endings={k: v + "かん" for k, v in MINUTES.endings.items()}),
    "分": MINUTES,
    "秒": Counter("びょう"),
    "日間": Counter("にちかん", digits={7: "しち", 9: "く"}, whole=_LASTING),
    "日": DAYS,
    "月": MONTHS,
    "年": Counter("ねん", digits={4: "よ"}),
    "世帯": Counter("せたい", _T),
    "人": Counter("にん", digits={4: "よ"}, whole={1: "ひとり", 2: "ふたり"}),
    "名": Counter("めい"),
    "軒": Counter("けん", _K, endings={3: "げん", 1000: "げん"}),
    "件": Counter("けん", _K),
    "戸": Counter("こ", _K),
    "棟": Counter("とう", _T),
    "か所": _PLACES,
    "カ所": _PLACES,
    "ヶ所": _PLACES,
    "箇所": _PLACES,
    "区域": Counter("くいき"),
    "回": Counter("かい", _K),
    "階": Counter("かい", _K, endings={3: "がい"}),
    "台": Counter("だい"),
    "本": Counter("ほん", _K, {**_PON, 3: "ぼん", 1000: "ぼん"}),
    "番地": Counter("ばんち"),
    "番": Counter("ばん"),
    "号": Counter("ごう"),
    "度": Counter("ど"),
    "キロメートル": Counter("キロメートル", frozenset({6, 10, 100})),
    "キロ": Counter("キロ", frozenset({6, 10, 100})),
    "km": Counter("キロメートル", frozenset({6, 10, 100})),
    "メートル": Counter("メートル"),
    "m": Counter("メートル"),
    "センチメートル": Counter("センチメートル", _T),
    "センチ": Counter("センチ", _T),
    "cm": Counter("センチ", _T),
    "ミリメートル": Counter("ミリメートル"),
    "ミリ": Counter("ミリ"),
    "mm": Counter("ミリ"),
    "パーセント": _PERCENT,
    "%": _PERCENT,
}  # fmt: skip
"""By how they are written; Latin letters and % in half width."""
