"""Text with readings in one line: `｜緊急《きんきゅう》放送《ほうそう》`.

The notation is that of 青空文庫: a reading stands in 《》 after its word. A run of kanji, or of
figures or Latin letters, needs no ｜ before it; any other word does.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from alerts.errors import NotFit

KANJI: Final = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
LATIN: Final = "0-9A-Za-z０-９Ａ-Ｚａ-ｚ"
KANA: Final = "\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe"
_WORD: Final = re.compile(
    f"(?:｜(?P<marked>[^｜《》]+)|(?P<kanji>[{KANJI}]+)|(?P<latin>[{LATIN}]+))《(?P<kana>[^｜《》]*)》"
)
_UNREAD: Final = re.compile(f"[{KANJI}{LATIN}]+")
_READING: Final = re.compile(f"[{KANA}・、。 ]*[{KANA}][{KANA}・、。 ]*")


@dataclass(frozen=True, slots=True)
class Segment:
    """Some text and how it is read; `kana` is "" where it is read as it is written.

    `estimated`: no person said that it is read so.
    """

    text: str
    kana: str = ""
    estimated: bool = False

    @property
    def read(self) -> str:
        """What is said."""
        return self.kana or self.text


def parse(line: str) -> tuple[Segment, ...]:
    """The segments of a line in the notation; raises `NotFit` for marks that open nothing."""
    segments: list[Segment] = []
    end = 0
    for found in _WORD.finditer(line):
        segments.append(Segment(line[end : found.start()]))
        segments.append(Segment(_base(found), _checked(found["kana"], line)))
        end = found.end()
    segments.append(Segment(line[end:]))
    if stray := [one.text for one in segments if re.search("[｜《》]", one.text)]:
        raise NotFit(f"ふりがなの記号が合いません：{stray[0]}（｜, 《 or 》 without its word）")
    return tuple(one for one in segments if one.text)


def plain(segments: Iterable[Segment]) -> str:
    """The text without readings."""
    return "".join(one.text for one in segments)


def kana(segments: Iterable[Segment]) -> str:
    """The text as it is said, with its punctuation."""
    return "".join(one.read for one in segments)


def notation(segments: Iterable[Segment]) -> str:
    """The text in the notation; `parse` gives the segments back, but for what is estimated."""
    return "".join(f"｜{one.text}《{one.kana}》" if one.kana else one.text for one in segments)


def unread(segments: Iterable[Segment]) -> tuple[str, ...]:
    """Runs of kanji, Latin letters or figures that have no reading."""
    return tuple(run for one in segments if not one.kana for run in _UNREAD.findall(one.text))


def has_kanji(text: str) -> bool:
    """Whether somebody must know how it is read."""
    return re.search(f"[{KANJI}]", text) is not None


def _base(found: re.Match[str]) -> str:
    return found["marked"] or found["kanji"] or found["latin"]


def _checked(reading: str, line: str) -> str:
    if not _READING.fullmatch(reading):
        raise NotFit(f"読みは、かなで書いてください：{line[:40]}（a reading is kana only）")
    return reading
