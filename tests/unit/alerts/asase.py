"""The fictional city of the tests of words and scripts: names, readings, alerts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from alerts.alert import Alert
from alerts.kinds import AlertKind, Status, Step
from alerts.wording.findings import Finding, Severity
from alerts.wording.gazetteer import Gazetteer
from alerts.wording.linter import check
from alerts.wording.reading.proposals import Word
from alerts.wording.rendered import Rendered
from alerts.wording.rendering import render
from alerts.wording.settings import Links, WordingSettings
from alerts.wording.standard import standard_templates
from alerts.wording.template import adopted
from city.reading import Reading
from hazards.kinds import AlertLevel, HazardKind

ZONE = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 10, 10, 20, 28, tzinfo=ZONE)
CITY = "浅瀬市（架空）"
FOUR = ("渡場一丁目", "渡場二丁目", "渡場三丁目", "渡場四丁目")
NAMES = {
    CITY: "あさせ",
    "渡場": "わたしば",
    "浅瀬川": "あさせがわ",
    "浅瀬中央": "あさせちゅうおう",
    "下浅瀬地区": "しもあさせちく",
    "上浅瀬": "かみあさせ",
    "北部地区": "ほくぶちく",
    "南部地区": "なんぶちく",
}
GAZETTEER = Gazetteer(
    (
        *(Reading(name, kana, confirmed=True) for name, kana in NAMES.items()),
        Reading("澪北", "みおきた", confirmed=False),
    ),
    frozenset({"鵜首"}),
)
LINKS = Links("https://asase.example/way", "https://asase.example/areas")
SETTINGS = WordingSettings(ZONE)
TEMPLATES = tuple(adopted(one, "危機管理課", NOW) for one in standard_templates())
SITES = ("浅瀬市立第一小学校", "南公民館", "浅瀬中央公園")
AREAS = (*FOUR, "渡場五丁目", "浅瀬中央一丁目", "下浅瀬地区")


def an_alert(**values: Any) -> Alert:
    """Level 4 for floods in 渡場, live, unless `values` say otherwise; `drill` makes it one."""
    drill = values.pop("drill", False)
    level = values.pop("level", 4)
    known: dict[str, Any] = {
        "number": 128,
        "revision": 1,
        "city": CITY,
        "status": Status.EXERCISE if drill else Status.ACTUAL,
        "kind": AlertKind.EVACUATION,
        "step": Step.ISSUE,
        "hazard": HazardKind.FLOOD,
        "level": None if level is None else AlertLevel(level),
        "area_names": FOUR,
        "whole_city": False,
        "subject": "",
        "reason": "浅瀬川の水位が、上がっています。",
        "action": "",
        "made_at": NOW,
        "approved_at": None,
        "expires_at": NOW + timedelta(hours=2),
    }
    return Alert(**{**known, **values})


def a_notice(kind: AlertKind = AlertKind.LIFELINE, **values: Any) -> Alert:
    """An alert of another kind."""
    told = {"subject": "断水のお知らせ", "reason": "水道管が破れました。", **values}
    return an_alert(kind=kind, hazard=None, level=None, **told)


def rendering(alert: Alert, gazetteer: Gazetteer = GAZETTEER, **values: Any) -> Rendered:
    """An alert in all media, by reviewed standard templates; words are read by `spelled`."""
    known: dict[str, Any] = {
        "templates": TEMPLATES,
        "links": LINKS,
        "settings": SETTINGS,
        "engine": spelled,
        **values,
    }
    return render(alert, gazetteer=gazetteer, **known)


def findings(alert: Alert, rendered: Rendered, **values: Any) -> tuple[Finding, ...]:
    """What the linter finds, at the time of the alert, knowing the city's sites and areas."""
    known: dict[str, Any] = {
        "now": NOW,
        "gazetteer": GAZETTEER,
        "settings": SETTINGS,
        "sites": SITES,
        "areas": AREAS,
        **values,
    }
    return check(alert, rendered, **known)


def found(alert: Alert, rendered: Rendered, severity: Severity, **values: Any) -> set[str]:
    """The codes of what it finds of one severity."""
    return {one.code for one in findings(alert, rendered, **values) if one.severity is severity}


def spelled(text: str) -> Sequence[Word]:
    """An engine for tests: knows no name, and reads each word as あ."""
    return [Word(text, "あ" * min(len(text), 3), is_name=False)]
