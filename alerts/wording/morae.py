"""How long it takes to say something: morae, pauses, seconds."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from alerts.errors import NotFit
from alerts.wording.ruby import KANA

_JOINED: Final = frozenset("ぁぃぅぇぉゃゅょゎァィゥェォャュョヮ")
"""Small kana that are one mora with the kana before them; っ ん ー are one of their own."""
_SAID: Final = re.compile(f"[{KANA}]")
_UNSAID: Final = re.compile(r"[\s、。，．・：；「」『』（）()【】〜～…！？!?,.:;\-ー]*")
_COMMAS: Final = re.compile("[、，]")
_STOPS: Final = re.compile("[。！？]")


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast is read. 265 morae a minute is slow enough for a loudspeaker whose echo comes back;
    practice is 265 to 300. `comma_s` and `stop_s` are silence at 、 and 。.
    """

    morae_per_min: float = 265
    comma_s: float = 0.5
    stop_s: float = 1.5

    def __post_init__(self) -> None:
        if not (120 <= self.morae_per_min <= 400 and 0 <= self.comma_s <= 5 >= self.stop_s >= 0):
            raise NotFit(
                "読む速さは1分120〜400拍、間は5秒までです（120 to 400 morae a minute, 0 to 5 s）"
            )


STANDARD_PACE: Final = Pace()


def morae(kana: str) -> int:
    """Morae of kana; signs count nothing. Raises `NotFit` for what nobody said how to read."""
    text = unicodedata.normalize("NFKC", kana)
    if unknown := _UNSAID.sub("", _SAID.sub("", text)):
        raise NotFit(f"読みがありません：{unknown[:20]}（no reading）")
    return sum(letter not in _JOINED for letter in _SAID.findall(text))


def seconds(kana: str, pace: Pace = STANDARD_PACE) -> float:
    """Seconds that it takes to say kana, with the pauses of its punctuation."""
    pauses = len(_COMMAS.findall(kana)) * pace.comma_s + len(_STOPS.findall(kana)) * pace.stop_s
    return morae(kana) * 60 / pace.morae_per_min + pauses


def timed(kana: str, pace: Pace) -> tuple[int, float]:
    """Morae, and seconds to a tenth, of a line as it stands in a script."""
    return morae(kana), round(seconds(kana, pace), 1)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, each with its 。; what follows the last one counts as one too."""
    return tuple(part.strip() for part in re.findall("[^。！？\n]+[。！？]*", text) if part.strip())
