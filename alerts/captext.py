"""Words of a CAP message or of a feed: fit for XML, and marked where they are a drill's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from alerts.kinds import Language
from alerts.wording.vocabulary import VOCABULARIES

_LINE_END: Final = re.compile("\r\n?")
_UNFIT: Final = re.compile(
    "[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
    "|[\u202a-\u202e\u2066-\u2069]"
)
"""What XML 1.0 (2.2) does not allow or advises against, and signs that turn the way of reading."""


@dataclass(frozen=True, slots=True)
class CapText:
    """What is told in one language, as it was approved.

    `instruction` is what to do, a sentence a line; its lines may stand in the description too.
    """

    headline: str
    description: str
    instruction: str = ""

    @property
    def parted(self) -> tuple[str, str]:
        """Description and instruction, each line in one of them."""
        instruction = fit(self.instruction)
        done = instruction.split("\n")
        lines = [line for line in fit(self.description).split("\n") if line not in done]
        return "\n".join(lines), instruction

    @property
    def whole(self) -> str:
        """All of it in its order, each line once."""
        description, said = fit(self.description), fit(self.description).split("\n")
        more = [line for line in fit(self.instruction).split("\n") if line not in said]
        return "\n".join([description, *more]).strip()


Texts = Mapping[Language, CapText]


def fit(text: str) -> str:
    """The text without control characters and white space around it; lines end with \\n."""
    return _UNFIT.sub("", _LINE_END.sub("\n", text)).strip()


def marked(
    text: str, language: Language, *, drill: bool, first: str = "", longest: int | None = None
) -> str:
    """The text with `first` before it, of a drill with 訓練 at head and tail, once; "" stays "".

    Beyond `longest` characters the text's end is left out, never a mark.
    """
    if not text:
        return ""
    words = VOCABULARIES[language]
    head, tail = (words.drill_head, words.drill_tail) if drill else ("", "")
    bare = text.removeprefix(head).removesuffix(tail)
    room = len(bare) if longest is None else longest - len(head + first + tail)
    return f"{head}{first}{_shortened(bare, room)}{tail}"


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
