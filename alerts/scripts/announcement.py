"""The script of 防災行政無線: signal, call-out, call sign, block, repeat, sign-off, signal.

Structure as spoken for levels 3 to 5, the all-clear and drills; a drill has no signal, so that it
cannot sound like an alert.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from alerts.alert import Alert
from alerts.kinds import AlertKind
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
from alerts.scripts.spoken import IS, STOP, drilled, framed, loudspeaker_message, this_is
from alerts.wording.rendered import Message, Rendered
from alerts.wording.ruby import Segment, parse
from alerts.wording.settings import WordingSettings

_URGENT: Final = parse("緊急放送《きんきゅうほうそう》、緊急放送《きんきゅうほうそう》。")
_NOTICE: Final = parse("お知《し》らせします。")
_A_DRILL: Final = parse("の、放送訓練《ほうそうくんれん》です。")
_AGAIN: Final = parse("繰《く》り返《かえ》します。")
_TWICE: Final = 2
NOTES: Final = (
    "言葉を足さない、変えない。",
    "変わったら新しい版を使い、この紙に斜線を引く。",
)
_NO_PLACES: Final = "場所の名前は読まない（行き先は世帯ごとに違います）。"
_DRILL_NOTES: Final = (
    "これは訓練の原稿です。チャイムとサイレンを鳴らさない。",
    "雨・警報があるときは、放送しない。",
)
FIELDS: Final = ("放送した時刻", "読んだ人", "聞こえない子局")
_DRILL_FIELDS: Final = ("放送した時刻", "読んだ人", "訓練の結果")


@dataclass(frozen=True, slots=True)
class Announcement(PlainData):
    """A script to be read over the loudspeakers.

    `total` in seconds and `total_words`; `pace`: how fast; `every`: when it is read again;
    `readings`: names as they were confirmed; `estimated`, `unconfirmed`: what to listen to first.
    """

    head: Head
    lines: tuple[Line, ...]
    total: float
    total_words: str
    pace: str
    stations: tuple[str, ...]
    every: str
    readings: tuple[Segment, ...]
    estimated: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    notes: tuple[str, ...]
    fields: tuple[str, ...]


def announcement(
    alert: Alert,
    rendered: Rendered,
    settings: WordingSettings,
    scripts: ScriptSettings | None = None,
) -> Announcement:
    """The script of an alert; raises `NotFit` where it may not be read aloud."""
    scripts = scripts or ScriptSettings()
    message = loudspeaker_message(rendered)
    made = _drill(message, settings) if alert.is_drill else _live(alert, message, settings, scripts)
    lines = numbered(framed(made, message))
    every = scripts.again_after_min(alert.order_level)
    return Announcement(
        head=head_of(alert, "放送原稿", settings),
        lines=lines,
        total=total_s(lines),
        total_words=duration_words(total_s(lines)),
        pace=f"1分 {settings.pace.morae_per_min:g}拍",
        stations=scripts.stations,
        every="" if alert.is_drill else f"{every}分ごと",
        readings=segments_of(message["readings"]),
        estimated=tuple(message["estimated"]),
        unconfirmed=tuple(message["unconfirmed"]),
        notes=_notes(alert),
        fields=_DRILL_FIELDS if alert.is_drill else FIELDS,
    )


def _live(
    alert: Alert, message: Message, settings: WordingSettings, scripts: ScriptSettings
) -> Iterator[Line]:
    if alert.order_level in scripts.siren_levels:
        yield signal(LineKind.SIREN, "サイレン", scripts.siren_s)
    else:
        yield signal(LineKind.CHIME_UP, "上りチャイム（4音）", scripts.chime_s)
    calls = list(_calls(alert, message, settings))
    yield from calls
    sign = this_is(message["callsign"])
    block = [spoken(LineKind.CALLSIGN, sign, settings.pace)]
    block += [rendered_line(line, LineKind.BLOCK) for line in message["sentences"]]
    yield from block
    yield spoken(LineKind.REPEAT, _AGAIN, settings.pace)
    first, last = len(calls) + 1, len(calls) + len(block)
    yield signal(LineKind.AGAIN, f"{first}〜{last} をもう一度読む", total_s(block))
    yield spoken(LineKind.SIGN_OFF, sign, settings.pace)
    yield signal(LineKind.CHIME_DOWN, "下りチャイム（4音）", scripts.chime_s)


def _calls(alert: Alert, message: Message, settings: WordingSettings) -> Iterator[Line]:
    """The call-out, twice where it is about 避難情報."""
    call = segments_of(message["call"])
    if alert.kind is not AlertKind.EVACUATION:
        yield spoken(LineKind.CALL, (*call, *IS), settings.pace)
        return
    opening = _URGENT if alert.is_order else _NOTICE
    for time in range(_TWICE):
        cue = "もう一度" if time else ""
        yield spoken(LineKind.CALL, (*opening, *call, *STOP), settings.pace, cue)


def _drill(message: Message, settings: WordingSettings) -> Iterator[Line]:
    call = drilled((*segments_of(message["call"]), *_A_DRILL))
    yield spoken(LineKind.CALL, call, settings.pace)
    sign = drilled(this_is(message["callsign"]))
    yield spoken(LineKind.CALLSIGN, sign, settings.pace)
    yield from (rendered_line(line, LineKind.BLOCK) for line in message["sentences"])
    yield spoken(LineKind.SIGN_OFF, sign, settings.pace)


def _notes(alert: Alert) -> tuple[str, ...]:
    if alert.is_drill:
        return _DRILL_NOTES
    return (*NOTES, _NO_PLACES) if alert.is_order else NOTES
