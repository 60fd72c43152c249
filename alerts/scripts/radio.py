"""The sheet for a community radio: what its reader says, how, how long it takes, and until when."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from alerts.alert import Alert
from alerts.scripts.head import Head, head_of
from alerts.scripts.lines import (
    Line,
    LineKind,
    duration_words,
    numbered,
    rendered_line,
    segments_of,
    signal,
    spoken,
    total_s,
)
from alerts.scripts.plaindata import PlainData
from alerts.scripts.settings import ScriptSettings
from alerts.scripts.spoken import drilled, framed, loudspeaker_message
from alerts.wording.media.loudspeaker import Role
from alerts.wording.rendered import Message, Rendered
from alerts.wording.ruby import Segment, parse, plain
from alerts.wording.settings import WordingSettings

SLOWLY: Final = "ゆっくり、はっきり"
PAUSE: Final = "間をおいて"
ONE_BY_ONE: Final = "数字は一つずつ"
STRONGLY: Final = "ゆっくり、強く"
_FROM: Final = parse("から、お伝《つた》えします。")
_WAS: Final = parse("から、お伝《つた》えしました。")
_FIGURE: Final = re.compile("[0-9０-９]|[一二三四五六七八九十]丁目")
_FIELDS: Final = ("読んだ時刻", "読んだ人", "次に読む時刻")


@dataclass(frozen=True, slots=True)
class RadioSheet(PlainData):
    """A sheet for one reader; `total` is one reading, `every` when it is read again."""

    head: Head
    lines: tuple[Line, ...]
    total: float
    total_words: str
    every: str
    readings: tuple[Segment, ...]
    estimated: tuple[str, ...]
    fields: tuple[str, ...]


def radio_sheet(
    alert: Alert,
    rendered: Rendered,
    settings: WordingSettings,
    scripts: ScriptSettings | None = None,
) -> RadioSheet:
    """The sheet of an alert; raises `NotFit` where it may not be read aloud."""
    scripts = scripts or ScriptSettings()
    message = loudspeaker_message(rendered)
    read = framed(_lines(alert, message, settings), message)
    lines = numbered((signal(LineKind.CUE, SLOWLY), *read))
    every = scripts.again_after_min(alert.order_level)
    return RadioSheet(
        head=head_of(alert, "ラジオ原稿", settings),
        lines=lines,
        total=total_s(lines),
        total_words=duration_words(total_s(lines)),
        every=f"{every}分ごとに読む",
        readings=segments_of(message["readings"]),
        estimated=tuple(message["estimated"]),
        fields=_FIELDS,
    )


def _lines(alert: Alert, message: Message, settings: WordingSettings) -> Iterator[Line]:
    city = segments_of(message["city"])
    if alert.is_drill:
        city = drilled(city)
    yield spoken(LineKind.CALLSIGN, (*city, *_FROM), settings.pace)
    for line in message["sentences"]:
        yield rendered_line(line, LineKind.BLOCK, _cue(line))
    yield spoken(LineKind.SIGN_OFF, (*city, *_WAS), settings.pace, PAUSE)


def _cue(line: Message) -> str:
    """How a line is read: what to do strongly, figures one by one."""
    cues = [STRONGLY] if line["role"] == Role.ACTION else []
    if _FIGURE.search(plain(segments_of(line["segments"]))):
        cues.append(ONE_BY_ONE)
    return "・".join(cues) or PAUSE
