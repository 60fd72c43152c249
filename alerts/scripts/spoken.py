"""What every script says: the approved message, who speaks, and the marks of a drill."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from alerts.errors import NotFit
from alerts.kinds import Medium
from alerts.scripts.lines import Line, LineKind, rendered_line, segments_of
from alerts.wording.media.loudspeaker import DRILL_EACH
from alerts.wording.rendered import Message, Rendered
from alerts.wording.ruby import Segment, parse

Said = tuple[Segment, ...]
STOP: Final = parse("。")
IS: Final = parse("です。")
_THIS_IS: Final = parse("こちらは、")


def loudspeaker_message(rendered: Rendered) -> Message:
    """What may be read aloud; raises `NotFit` with the reason why it may not."""
    message = rendered.message(Medium.LOUDSPEAKER)
    if message is None:
        why = [one.why for one in rendered.refused if one.medium is Medium.LOUDSPEAKER]
        raise NotFit(why[0] if why else "読み上げる文がありません（nothing to be read aloud）")
    return message


def this_is(name: Iterable[Sequence[str]]) -> Said:
    """こちらは、浅瀬市です。 The name is plain data of the message."""
    return (*_THIS_IS, *segments_of(name), *IS)


def drilled(line: Said) -> Said:
    """The line as a drill says it: 訓練 before it."""
    return (*DRILL_EACH, *line)


def bare(line: Message) -> Said:
    """A rendered sentence without what a drill says before it."""
    segments = segments_of(line["segments"])
    return segments[len(DRILL_EACH) :] if segments[: len(DRILL_EACH)] == DRILL_EACH else segments


def framed(lines: Iterable[Line], message: Message) -> Iterator[Line]:
    """The lines, those of a drill between its marks."""
    if message["head"]:
        yield rendered_line(message["head"], LineKind.DRILL)
    yield from lines
    if message["tail"]:
        yield rendered_line(message["tail"], LineKind.DRILL)
