"""Lines that somebody reads aloud, and cues between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from typing import Any

from alerts.scripts.plaindata import PlainData
from alerts.wording.morae import Pace, timed
from alerts.wording.ruby import Segment, kana, parse, plain


class LineKind(StrEnum):
    """What a line is; `CUE` and the signals are not read."""

    CHIME_UP = "chime_up"
    SIREN = "siren"
    CHIME_DOWN = "chime_down"
    CUE = "cue"
    AGAIN = "again"
    DRILL = "drill"
    CALL = "call"
    CALLSIGN = "callsign"
    BLOCK = "block"
    REPEAT = "repeat"
    SIGN_OFF = "sign_off"


@dataclass(frozen=True, slots=True)
class Line(PlainData):
    """One line of a script; `number` is None, and there are no morae, where nothing is read.

    `cue` says how to read it, or what to do; `estimated`: no person confirmed all its readings.
    """

    number: int | None
    kind: LineKind
    segments: tuple[Segment, ...]
    morae: int
    seconds: float
    cue: str = ""
    estimated: bool = False

    @property
    def text(self) -> str:
        """The line without readings."""
        return plain(self.segments)


def spoken(kind: LineKind, segments: Sequence[Segment], pace: Pace, cue: str = "") -> Line:
    """A line to be read, not yet numbered."""
    return Line(0, kind, tuple(segments), *timed(kana(segments), pace), cue)


def spoken_ruby(kind: LineKind, notation: str, pace: Pace, cue: str = "") -> Line:
    """The same of a line in ruby notation."""
    return spoken(kind, parse(notation), pace, cue)


def rendered_line(given: Mapping[str, Any], kind: LineKind, cue: str = "") -> Line:
    """A line of the loudspeaker's message, as it was timed when it was rendered."""
    segments = segments_of(given["segments"])
    return Line(0, kind, segments, given["morae"], given["seconds"], cue, given["estimated"])


def signal(kind: LineKind, cue: str, length_s: float = 0) -> Line:
    """Something that is done, not read."""
    return Line(None, kind, (), 0, length_s, cue)


def numbered(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines with numbers from 1 where something is read."""
    numbers = count(1)
    return tuple(
        line if line.number is None else replace(line, number=next(numbers)) for line in lines
    )


def segments_of(given: Iterable[Sequence[str]]) -> tuple[Segment, ...]:
    """Segments out of plain data."""
    return tuple(Segment(text, kana) for text, kana in given)


def total_s(lines: Iterable[Line]) -> float:
    """Seconds of all lines together."""
    return round(sum(line.seconds for line in lines), 1)


def duration_words(length_s: float) -> str:
    """2分30秒."""
    minutes, rest = divmod(round(length_s), 60)
    return f"{minutes}分{rest}秒" if minutes else f"{rest}秒"
