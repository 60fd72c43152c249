"""Text with readings as typst takes it: `[word, kana, whether it is a name]`."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from alerts.kinds import Medium
from alerts.scripts.lines import segments_of
from alerts.wording.media.loudspeaker import Role
from alerts.wording.rendered import Message, Rendered
from alerts.wording.ruby import Segment, plain

Spelled = list[list[str | bool]]
_DRILL: Final = "訓練。"


def spoken_message(rendered: Rendered) -> Message:
    """What the loudspeaker says; empty where it may say nothing."""
    return rendered.message(Medium.LOUDSPEAKER) or {}


def names_in(message: Message) -> Mapping[str, str]:
    """Names and their readings: those that were confirmed, and how the city is called."""
    called = [*message.get("city", ()), *message.get("callsign", ())]
    # 市 alone is no name: it is in 市内全域 too.
    given = [*(one for one in called if len(one[0]) > 1), *message.get("readings", ())]
    return {name: kana for name, kana in given if kana}


def spelled(segments: Iterable[Segment], names: Collection[str]) -> Spelled:
    """Segments as plain values."""
    return [[one.text, one.kana, one.text in names] for one in segments]


def with_names(text: str, names: Mapping[str, str]) -> Spelled:
    """A text in which only the names have their readings, the longest name first."""
    if not names:
        return [[text, "", False]]
    longest = sorted(names, key=lambda name: (-len(name), name))
    parts = re.split(f"({'|'.join(map(re.escape, longest))})", text)
    return [[part, names.get(part, ""), part in names] for part in parts if part]


def as_spoken(text: str, message: Message) -> Spelled:
    """A sentence with all its readings where the loudspeaker says just that, else with names."""
    names = names_in(message)
    for line in message.get("sentences", ()):
        segments = segments_of(line["segments"])
        if plain(segments).removeprefix(_DRILL) == text:
            before = 0 if plain(segments) == text else _prefix(segments)
            return spelled(segments[before:], names)
    return with_names(text, names)


def actions_in(message: Message) -> frozenset[str]:
    """The sentences about what to do, without what a drill says before them."""
    lines = [one for one in message.get("sentences", ()) if one["role"] == Role.ACTION]
    return frozenset(plain(segments_of(one["segments"])).removeprefix(_DRILL) for one in lines)


def is_action(text: str, actions: Collection[str]) -> bool:
    """Whether a line is one of them."""
    return text.removeprefix(_DRILL) in actions


def _prefix(segments: Iterable[Segment]) -> int:
    """How many segments say that it is a drill."""
    said = ""
    for count, one in enumerate(segments, start=1):
        said += one.text
        if said == _DRILL:
            return count
    return 0
