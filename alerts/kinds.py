"""What an alert is, in which language, and by which way it travels."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class AlertKind(StrEnum):
    """What an alert tells of: the mayor's 避難情報, or something else."""

    EVACUATION = "evacuation"
    GENERAL = "general"
    LIFELINE = "lifeline"
    SECURITY = "security"


KIND_WORDS: Final[Mapping[AlertKind, str]] = {
    AlertKind.EVACUATION: "避難情報",
    AlertKind.GENERAL: "お知らせ",
    AlertKind.LIFELINE: "ライフライン・交通",
    AlertKind.SECURITY: "防犯",
}


class Status(StrEnum):
    """CAP's `status`: a drill (訓練) is `Exercise` from its first draft to its last paper."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"


class Step(StrEnum):
    """What a revision does to what was told before it.

    An `UPDATE` changes it, a `CANCEL` (取消) says that it was wrong, an `ALL_CLEAR` (解除) that it
    is over. Each stops what of earlier revisions is unsent.
    """

    ISSUE = "issue"
    UPDATE = "update"
    CANCEL = "cancel"
    ALL_CLEAR = "all_clear"


class Language(StrEnum):
    """Languages of messages (BCP 47)."""

    JAPANESE = "ja"
    EASY_JAPANESE = "ja-x-easy"
    ENGLISH = "en"


class ChannelKind(StrEnum):
    """Ways to people who registered."""

    LINE = "line"
    SMS = "sms"
    MAIL = "mail"


class Medium(StrEnum):
    """All that is rendered from one record."""

    LINE = "line"
    SMS = "sms"
    MAIL = "mail"
    AREA_MAIL = "area_mail"
    LOUDSPEAKER = "loudspeaker"
    RADIO = "radio"
    CAR = "car"
    TELEVISION = "television"
    POSTER = "poster"
    WEB = "web"
    SOCIAL = "social"
