"""What the loudspeaker says: sentences with readings, each with its morae and seconds."""

import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from alerts.errors import NotFit
from alerts.kinds import AlertKind
from alerts.wording.content import Content
from alerts.wording.gazetteer import Gazetteer
from alerts.wording.moments import spoken_moment
from alerts.wording.morae import Pace, morae, sentences, timed
from alerts.wording.reading.proposals import Engine
from alerts.wording.reading.speaking import Said, say
from alerts.wording.reading.spokenareas import SpokenAreas, joined, spoken_areas
from alerts.wording.reading.spokenwords import spoken_hazard, spoken_level, spoken_level_word
from alerts.wording.ruby import Segment, kana, parse, plain, unread
from alerts.wording.settings import WordingSettings
from hazards.kinds import AlertLevel

DRILL_HEAD: Final = parse("訓練《くんれん》、訓練《くんれん》。訓練放送《くんれんほうそう》です。")
DRILL_TAIL: Final = parse(
    "これで、訓練放送《くんれんほうそう》を終《お》わります。訓練《くんれん》、訓練《くんれん》。"
)
DRILL_EACH: Final = parse("訓練《くんれん》。")
"""Said before each sentence of a drill: who hears one sentence only must know."""
_NEXT_AREAS: Final = parse("次《つぎ》の区域《くいき》")
_ELSEWHERE: Final = parse(
    "すべての区域《くいき》の名前《なまえ》は、市《し》のホームページにあります。"
)
Line = tuple[Segment, ...]


class Role(StrEnum):
    """What a sentence is about."""

    AREA = "area"
    REASON = "reason"
    ACTION = "action"
    OTHER = "other"


class Unreadable(NotFit):
    """Nobody knows, or nobody confirmed, how these names are read."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__("読みの分からない名前があります（names without a reading）")
        self.names = tuple(dict.fromkeys(names))


def loudspeaker(
    content: Content, gazetteer: Gazetteer, settings: WordingSettings, engine: Engine
) -> dict[str, Any]:
    """The message; raises `Unreadable` for names without a reading, live also unconfirmed ones."""
    speaker = _Speaker(content, gazetteer, settings, engine)
    lines = [(role, part) for role, line in speaker.lines() for part in _sentences(line)]
    call = _filled(content.choice.template.call, speaker.values)
    city, callsign = gazetteer.city(content.alert.city), _callsign(content, gazetteer, settings)
    speaker.unconfirmed += [one.text for one in (*city, *callsign) if one.kana and one.estimated]
    speaker.check([*speaker.unknown, *unread((*city, *callsign))])
    drill = content.alert.is_drill
    each = DRILL_EACH if drill else ()
    return {
        "callsign": _plain(callsign),
        "level": _number(content.alert.order_level),
        "city": _plain(city),
        "call": _plain(call),
        "head": line_dict(DRILL_HEAD, settings.pace) if drill else None,
        "sentences": [
            {**line_dict((*each, *line), settings.pace), "role": str(role)} for role, line in lines
        ],
        "tail": line_dict(DRILL_TAIL, settings.pace) if drill else None,
        "readings": _plain(dict.fromkeys(speaker.readings)),
        "unconfirmed": list(dict.fromkeys(speaker.unconfirmed)),
        "estimated": sorted(
            {f"{one.text}（{one.kana}）" for _, line in lines for one in line if one.estimated}
        ),
    }


def line_dict(segments: Sequence[Segment], pace: Pace) -> dict[str, Any]:
    """A line as plain data: `[text, kana]` each, morae, seconds to a tenth."""
    count, length_s = timed(kana(segments), pace)
    return {
        "segments": _plain(segments),
        "morae": count,
        "seconds": length_s,
        "estimated": any(one.estimated for one in segments),
    }


class _Speaker:
    """Fills the spoken sentences of one alert, and notes the names it met."""

    def __init__(
        self, content: Content, gazetteer: Gazetteer, settings: WordingSettings, engine: Engine
    ) -> None:
        self.content, self.gazetteer = content, gazetteer
        self.settings, self.engine = settings, engine
        self.areas: SpokenAreas = spoken_areas(content.alert, gazetteer, settings)
        self.unconfirmed = list(self.areas.unconfirmed)
        self.unknown = list(self.areas.unknown)
        self.readings = list(self.areas.readings)
        self.check(self.unknown)
        self.values = self._values()

    def check(self, unknown: Sequence[str]) -> None:
        """Raise `Unreadable` for names that may not be read aloud."""
        live = not self.content.alert.is_drill
        if names := [*unknown, *(self.unconfirmed if live else ())]:
            raise Unreadable(names)

    def lines(self) -> Iterator[tuple[Role, Line]]:
        """The sentences of the template, filled, and what each is about."""
        for line in self.content.choice.template.spoken:
            if line == "{action}":
                yield from ((Role.ACTION, said) for said in self._actions())
            elif line == "{reason}":
                yield from ((Role.REASON, said) for said in self._said(self.content.alert.reason))
            elif "{area}" in line:
                yield from ((Role.AREA, said) for said in self._with_areas(line))
            elif filled := _filled(line, self.values):
                yield Role.OTHER, filled

    def _with_areas(self, line: str) -> Iterator[Line]:
        """The sentence with all areas in it; where that is too long to take in, they follow it."""
        whole = _filled(line, {**self.values, "area": joined(self.areas.groups)})
        if max(map(_length, _sentences(whole))) <= self.settings.longest_sentence_morae:
            yield whole
        else:
            yield _filled(line, {**self.values, "area": _NEXT_AREAS})
            yield from self._listed()
        if self.areas.as_districts:
            yield _ELSEWHERE

    def _listed(self) -> Iterator[Line]:
        chunk: list[Sequence[Segment]] = []
        for group in self.areas.groups:
            if chunk and _length(joined([*chunk, group])) > self.settings.longest_sentence_morae:
                yield (*joined(chunk), Segment("。"))
                chunk = []
            chunk.append(group)
        yield (*joined(chunk), Segment("。"))

    def _actions(self) -> Iterator[Line]:
        own = self.content.alert.action.strip()
        if not own or self.content.alert.kind is AlertKind.EVACUATION:
            yield from (parse(sentence) for sentence in self.content.choice.action)
        yield from self._said(own)

    def _said(self, text: str) -> Iterator[Line]:
        """An officer's sentences."""
        for sentence in sentences(text):
            ended = sentence if sentence.endswith(("。", "！", "？")) else f"{sentence}。"
            yield self._noted(say(ended, self.gazetteer, self.engine))

    def _noted(self, said: Said) -> Line:
        self.readings += said.names
        self.unconfirmed += said.unconfirmed
        self.unknown += said.unknown
        return said.segments

    def _values(self) -> dict[str, Line]:
        alert = self.content.alert
        subject = self._noted(say(self.content.values["subject"], self.gazetteer, self.engine))
        return {
            "city": self.gazetteer.city(alert.city),
            "subject": subject,
            "until": spoken_moment(alert.expires_at, alert.made_at, self.settings.zone),
            "hazard": spoken_hazard(alert.hazard),
            "level": spoken_level(alert.level),
            "level_word": spoken_level_word(alert.level),
            "reason": (),
            "action": (),
        }


def _callsign(content: Content, gazetteer: Gazetteer, settings: WordingSettings) -> Line:
    if settings.callsign:
        return parse(settings.callsign)
    return (Segment("防災", "ぼうさい"), gazetteer.city_stem(content.alert.city))


def _filled(line: str, values: Mapping[str, Line]) -> Line:
    """A sentence in ruby notation with segments put into its slots."""
    segments: list[Segment] = []
    for literal, slot, _, _ in string.Formatter().parse(line):
        segments += parse(literal)
        segments += values[slot] if slot else ()
    return tuple(segments)


def _sentences(line: Iterable[Segment]) -> Iterator[Line]:
    """The sentences of a line, each with its 。."""
    sentence: list[Segment] = []
    for segment in line:
        if segment.kana:
            sentence.append(segment)
            continue
        for part in re.split("(?<=[。！？])", segment.text):
            if part:
                sentence.append(Segment(part))
            if part.endswith(("。", "！", "？")):
                yield tuple(sentence)
                sentence = []
    if plain(sentence).strip():
        yield tuple(sentence)


def _length(line: Iterable[Segment]) -> int:
    return morae(kana(line))


def _number(level: AlertLevel | None) -> int | None:
    return None if level is None else int(level)


def _plain(segments: Iterable[Segment]) -> list[list[str]]:
    return [[one.text, one.kana] for one in segments]
