"""Scripts that are read aloud, as plain values for typst."""

from collections.abc import Iterable
from typing import Any, Final

from alerts.scripts.announcement import announcement
from alerts.scripts.car import Route, car_script, recall
from alerts.scripts.head import Head
from alerts.scripts.lines import Line, duration_words
from alerts.scripts.radio import radio_sheet
from alerts.wording.morae import Pace
from web.alertsheets.issued import Issued
from web.alertsheets.spelled import (
    actions_in,
    is_action,
    names_in,
    spelled,
    spoken_message,
    with_names,
)

Values = dict[str, Any]
ROWS: Final = 10
"""Teams that fit on the sheet that recalls them."""


def loudspeaker_values(of: Issued) -> list[Values]:
    """放送原稿; raises `NotFit` where it may not be read aloud."""
    made = announcement(of.alert, of.rendered, of.settings, of.scripts)
    stations = "・".join(made.stations)
    more = [f"子局 {stations}"] if stations else []
    said = _script(of, "loudspeaker", made.head, made.lines) | {
        "totals": [["全体", made.total_words, 22], ["速さ", made.pace, 11]],
        "to": _areas(of, "放送する区域", *more, made.every),
        "readings": _readings(of, made.estimated, made.unconfirmed),
        "notes": list(made.notes),
        "fields": list(made.fields),
    }
    return [said]


def radio_values(of: Issued) -> list[Values]:
    """ラジオ原稿; raises `NotFit` where it may not be read aloud."""
    made = radio_sheet(of.alert, of.rendered, of.settings, of.scripts)
    said = _script(of, "radio", made.head, made.lines) | {
        "totals": [["1回", made.total_words, 22], ["速さ", _pace(of), 11]],
        "to": _areas(of, "区域", made.every),
        "readings": _readings(of, made.estimated, ()),
        "notes": ["言葉を足さない、変えない。", "場所の名前は読まない。"],
        "fields": list(made.fields),
    }
    return [said]


def car_values(of: Issued) -> list[Values]:
    """A page a route; at level 5, which sends nobody out, the words that recall."""
    if of.is_last_resort:
        return [_recall_values(of)]
    return [_route_values(of, route) for route in of.routes]


def _route_values(of: Issued, route: Route) -> Values:
    made = car_script(of.alert, of.rendered, route, of.gazetteer, of.settings, of.scripts)
    message = spoken_message(of.rendered)
    names = "、".join(route.area_names)
    return _script(of, "car", made.head, made.lines) | {
        "route": f"経路　{made.route}",
        "withdraw": made.withdraw.removesuffix("に引き揚げる"),
        "totals": [["1回", duration_words(made.loop_s), 22], ["速さ", _pace(of), 11]],
        "to": {"title": "回る区域", "segments": with_names(names, names_in(message)), "more": ""},
        "too_long": made.too_long,
        "readings": _readings(of, (), ()),
        "notes": list(made.notes),
        "fields": list(made.fields),
    }


def _recall_values(of: Issued) -> Values:
    made = recall(of.alert, of.settings)
    return _script(of, "recall", made.head, made.lines) | {
        "totals": [["全体", duration_words(made.total), 22], ["速さ", _pace(of), 11]],
        "notes": ["戻ったことを確かめるまで、一つの班も消さない。"],
        "fields": list(made.fields),
        "rows": ROWS,
    }


def _script(of: Issued, kind: str, head: Head, lines: Iterable[Line]) -> Values:
    message = spoken_message(of.rendered)
    names, actions = names_in(message), actions_in(message)
    return {
        "kind": kind,
        "issue": of.head_values(head),
        "pauses": _pauses(of.settings.pace),
        "lines": [
            {
                "number": line.number,
                "kind": str(line.kind),
                "segments": spelled(line.segments, names),
                "morae": line.morae,
                "seconds": line.seconds,
                "cue": line.cue,
                "estimated": line.estimated,
                "strong": is_action(line.text, actions),
            }
            for line in lines
        ],
    }


def _areas(of: Issued, title: str, *more: str) -> Values:
    names = names_in(spoken_message(of.rendered))
    said = "　".join(one for one in more if one)
    return {"title": title, "segments": with_names(of.areas, names), "more": said}


def _readings(of: Issued, estimated: Iterable[str], unconfirmed: Iterable[str]) -> Values:
    return {
        "names": spoken_message(of.rendered)["readings"],
        "confirmed": of.confirmed,
        "estimated": list(estimated),
        "unconfirmed": list(unconfirmed),
    }


def _pauses(pace: Pace) -> str:
    return f"「、」{pace.comma_s:g}秒　「。」{pace.stop_s:g}秒 あける"


def _pace(of: Issued) -> str:
    return f"1分 {of.settings.pace.morae_per_min:g}拍"
