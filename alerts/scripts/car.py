"""What a car with a loudspeaker says along a route, and the words that recall everybody."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Final

from alerts.alert import Alert
from alerts.errors import NotFit
from alerts.kinds import Language
from alerts.scripts.head import Head, head_of
from alerts.scripts.lines import (
    Line,
    LineKind,
    numbered,
    spoken,
    spoken_ruby,
    total_s,
)
from alerts.scripts.plaindata import PlainData
from alerts.scripts.settings import ScriptSettings
from alerts.scripts.spoken import (
    STOP,
    Said,
    bare,
    drilled,
    framed,
    loudspeaker_message,
    this_is,
)
from alerts.wording.gazetteer import Gazetteer
from alerts.wording.media.loudspeaker import Role
from alerts.wording.moments import moment_words
from alerts.wording.reading.spokenareas import joined, spoken_areas
from alerts.wording.reading.spokenwords import spoken_hazard, spoken_level_word
from alerts.wording.rendered import Message, Rendered
from alerts.wording.ruby import parse
from alerts.wording.settings import WordingSettings
from hazards.kinds import AlertLevel

_TO: Final = parse("に、")
_OF: Final = parse("の、")
_HERE: Final = parse("この地区《ちく》")
_RECALL: Final = (
    "広報《こうほう》をやめ、今《いま》すぐ引《ひ》き揚《あ》げること。",
    "道《みち》に水《みず》や土砂《どしゃ》があれば、進《すす》まないこと。",
    "戻《もど》れないときは、近《ちか》くの頑丈《がんじょう》な建物《たてもの》の、"
    "高《たか》い所《ところ》に上《あ》がること。",
    "安全《あんぜん》な所《ところ》に着《つ》いたら、本部《ほんぶ》に知《し》らせること。",
)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a car drives: areas of the alert, and when it turns home (`safety.md` 13)."""

    name: str
    area_names: tuple[str, ...]
    withdraw_at: datetime


@dataclass(frozen=True, slots=True)
class CarScript(PlainData):
    """What one car says; `loop_s` is once through, `too_long` where that does not fit, whatever a
    drill adds to it.
    """

    head: Head
    route: str
    withdraw: str
    lines: tuple[Line, ...]
    loop_s: float
    too_long: bool
    notes: tuple[str, ...]
    fields: tuple[str, ...] = ("出発した時刻", "戻った時刻", "聞こえなかった所")


@dataclass(frozen=True, slots=True)
class Recall(PlainData):
    """What teams outside are told by radio or telephone when level 5 is in force."""

    head: Head
    lines: tuple[Line, ...]
    total: float
    fields: tuple[str, ...] = ("班", "伝えた時刻", "返事", "いる所")


def car_script(
    alert: Alert,
    rendered: Rendered,
    route: Route,
    gazetteer: Gazetteer,
    settings: WordingSettings,
    scripts: ScriptSettings | None = None,
) -> CarScript:
    """The script of a route.

    Raises `NotFit` at level 5, which sends nobody out; for a route outside the alert's areas, or
    longer than the alert lasts; and where names may not be read aloud.
    """
    scripts = scripts or ScriptSettings()
    _check(alert, route)
    message = loudspeaker_message(rendered)
    chosen: tuple[Line, ...] = ()
    for lines in _candidates(alert, message, route, gazetteer, settings):
        chosen = lines
        if total_s(lines) <= scripts.car_loop_s:
            break
    too_long = total_s(chosen) > scripts.car_loop_s
    if alert.is_drill:
        chosen = tuple(_drill_line(line, settings) for line in chosen)
    at = moment_words(route.withdraw_at, alert.made_at, settings.zone, Language.JAPANESE)
    return CarScript(
        head_of(alert, "広報車の原稿", settings),
        route.name,
        f"{at}に引き揚げる",
        numbered(framed(chosen, message)),
        total_s(chosen),
        too_long=too_long,
        notes=("ゆっくり走り、繰り返し流す。", "水や土砂があれば進まず、本部に知らせる。"),
    )


def recall(alert: Alert, settings: WordingSettings) -> Recall:
    """The words that call back everybody who is outside; raises `NotFit` below level 5."""
    if alert.order_level is not AlertLevel.SECURE_NOW:
        raise NotFit("呼び戻しは、警戒レベル5のときの文です（only level 5 recalls）")
    level = parse("警戒《けいかい》レベル｜5《ご》、緊急安全確保《きんきゅうあんぜんかくほ》。")
    lines = [spoken(LineKind.CALL, level, settings.pace)]
    lines += [spoken_ruby(LineKind.BLOCK, words, settings.pace) for words in _RECALL]
    if alert.is_drill:
        lines = [_drill_line(line, settings) for line in lines]
        drill = "訓練《くんれん》、訓練《くんれん》。"
        lines.insert(0, spoken_ruby(LineKind.DRILL, drill, settings.pace))
        lines.append(spoken_ruby(LineKind.DRILL, drill, settings.pace))
    made = numbered(lines)
    return Recall(head_of(alert, "引き揚げの伝え方", settings), made, total_s(made))


def _drill_line(line: Line, settings: WordingSettings) -> Line:
    return spoken(line.kind, drilled(line.segments), settings.pace, line.cue)


def _check(alert: Alert, route: Route) -> None:
    if alert.order_level is AlertLevel.SECURE_NOW:
        raise NotFit("警戒レベル5では広報車を出しません。呼び戻してください（level 5: recall）")
    if not alert.whole_city and not set(route.area_names) <= set(alert.area_names):
        raise NotFit("経路に、対象でない区域があります（the route leaves the alert's areas）")
    if not route.area_names:
        raise NotFit("経路に区域がありません（a route has areas）")
    if not alert.made_at < route.withdraw_at <= alert.expires_at:
        raise NotFit("引き揚げる時刻は、知らせが有効な間にしてください（withdraw in time）")


def _candidates(
    alert: Alert,
    message: Message,
    route: Route,
    gazetteer: Gazetteer,
    settings: WordingSettings,
) -> Iterator[tuple[Line, ...]]:
    """What a car may say, ever shorter: with the route's areas, as この地区, without the hazard."""
    opening = spoken(LineKind.CALLSIGN, this_is(message["city"]), settings.pace)
    action = spoken(LineKind.BLOCK, bare(_action(message)), settings.pace)
    if not alert.is_order:
        about = _before_reasons(message)
        told = [spoken(LineKind.BLOCK, bare(line), settings.pace) for line in about]
        yield from ((opening, *told, action), (opening, told[0], action))
        return
    on_route = replace(alert, area_names=route.area_names, whole_city=False)
    areas = spoken_areas(on_route, gazetteer, settings)
    readable = not areas.unknown and (alert.is_drill or not areas.unconfirmed)
    hazard = (*spoken_hazard(alert.hazard), *_OF)
    shorter: list[tuple[Said, Said]] = [(_HERE, hazard), (_HERE, ())]
    if readable:
        shorter.insert(0, (joined(areas.groups), hazard))
    for area, of_hazard in shorter:
        order = (*area, *_TO, *of_hazard, *spoken_level_word(alert.level), *STOP)
        yield (opening, spoken(LineKind.BLOCK, order, settings.pace), action)


def _before_reasons(message: Message) -> tuple[Message, ...]:
    """The sentences that say what it is about."""
    about = takewhile(lambda line: line["role"] in (Role.AREA, Role.OTHER), message["sentences"])
    return tuple(about)


def _action(message: Message) -> Message:
    """The first sentence about what to do."""
    line: Message = next(one for one in message["sentences"] if one["role"] == Role.ACTION)
    return line
