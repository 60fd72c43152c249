"""The words for what can be chosen where people register; the pages translate them."""

from typing import Final

from alerts.kinds import AlertKind, ChannelKind, Language
from alerts.registration import AccessNeed, Standing
from web.language import Translate

KINDS: Final = {
    AlertKind.EVACUATION: "避難情報",
    AlertKind.GENERAL: "市からのお知らせ",
    AlertKind.LIFELINE: "ライフライン・交通",
    AlertKind.SECURITY: "防犯",
}
NEEDS: Final = {
    AccessNeed.TIME: "避難に時間がかかる",
    AccessNeed.WHEELCHAIR: "車いすを使う",
    AccessNeed.HEARING: "聞こえにくい",
    AccessNeed.SEEING: "見えにくい",
    AccessNeed.CARE: "介助がいる",
    AccessNeed.INFANT: "赤ちゃんがいる・妊娠している",
}
LANGUAGES: Final = {
    Language.JAPANESE: "日本語",
    Language.EASY_JAPANESE: "やさしい日本語",
    Language.ENGLISH: "English",
}
CHANNELS: Final = {
    ChannelKind.LINE: "LINE",
    ChannelKind.SMS: "SMS",
    ChannelKind.MAIL: "メール",
}


def place_words(where: Standing, t: Translate) -> str:
    """Where somebody is told of, as their page says it: never a position."""
    if where.household is not None:
        return t("{area}の家").format(area=where.area_name or "").strip()
    return where.area_name or t("地図で選んだ所")
