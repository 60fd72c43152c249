"""Alerts to write documents from, for tests of CAP and of the feeds."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shapely.geometry import box

from alerts.alert import Alert
from alerts.capareas import CapArea
from alerts.capnames import CapSender
from alerts.captext import CapText
from alerts.kinds import AlertKind, Language, Status, Step
from hazards.kinds import AlertLevel, HazardKind

ZONE = ZoneInfo("Asia/Tokyo")
APPROVED = datetime(2026, 10, 13, 11, 14, tzinfo=ZONE)
SENDER = CapSender(
    "99901", "99901@city.example", ZONE, "https://city.example/", "Asase (fictional)"
)
AREA = CapArea("下浅瀬一丁目、川岸町", box(139.30, 35.65, 139.32, 35.66))
TEXTS = {
    Language.JAPANESE: CapText(
        "警戒レベル4 避難指示（洪水）", "浅瀬川の水位が、上がっています。", "今すぐ逃げること。"
    ),
    Language.ENGLISH: CapText("Level 4 Evacuation Order: floods", "The river rises.", "Leave now."),
}
ORDER = Alert(
    number=12,
    revision=1,
    city="浅瀬市（架空）",
    status=Status.ACTUAL,
    kind=AlertKind.EVACUATION,
    step=Step.ISSUE,
    hazard=HazardKind.FLOOD,
    level=AlertLevel.ALL_LEAVE,
    area_names=("下浅瀬一丁目", "川岸町"),
    whole_city=False,
    subject="",
    reason="浅瀬川の水位が、上がっています。",
    action="",
    made_at=APPROVED - timedelta(minutes=4),
    approved_at=APPROVED,
    expires_at=APPROVED + timedelta(hours=2),
)


def changed(alert: Alert = ORDER, **values: Any) -> Alert:
    """The alert with other values."""
    return replace(alert, **values)


def revised(step: Step, *, revision: int = 2, before: Alert = ORDER) -> Alert:
    """A later revision of an alert, a quarter of an hour after the one before."""
    assert before.approved_at is not None
    later = before.approved_at + timedelta(minutes=15)
    return replace(before, step=step, revision=revision, approved_at=later)
