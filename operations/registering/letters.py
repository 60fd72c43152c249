"""What the letters say that bring a code or a link, in the language that was chosen.

Japanese, unless the city has reviewed its texts in the other language (`safety.md` 17).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from alerts.kinds import ChannelKind, Language
from routing.ground import CityCard

SMS: Final[Mapping[Language, str]] = {
    Language.JAPANESE: (
        "{city}の登録コード {code}\n30分以内に画面に入れてください。人に教えないでください。"
    ),
    Language.EASY_JAPANESE: (
        "{city}の コード {code}\n30分 以内に 画面に 入れてください。人に 言わないでください。"
    ),
    Language.ENGLISH: "{city} code: {code}\nEnter it within 30 minutes. Tell it to nobody.",
}
SUBJECT: Final[Mapping[Language, str]] = {
    Language.JAPANESE: "【{city}】配信登録の確認",
    Language.EASY_JAPANESE: "【{city}】登録の 確認",
    Language.ENGLISH: "{city}: confirm your registration",
}
MAIL: Final[Mapping[Language, str]] = {
    Language.JAPANESE: (
        "{city}の避難情報などを、このアドレスで受け取る登録が申し込まれました。\n"
        "24時間以内に次のページを開き、「登録する」を押すと、登録が終わります。\n\n{link}\n\n"
        "心当たりがなければ、何もしないでください。登録されません。"
    ),
    Language.EASY_JAPANESE: (
        "{city}の お知らせを この メールで 受け取りますか。\n"
        "24時間 以内に 次の ページを 開いて、「登録する」を 押してください。\n\n{link}\n\n"
        "知らない 人は、何も しないでください。"
    ),
    Language.ENGLISH: (
        "Somebody asked to receive the alerts of {city} at this address.\n"
        "Open this page within 24 hours and press Register.\n\n{link}\n\n"
        "If it was not you, do nothing: you will not be registered."
    ),
}
LINE: Final[Mapping[Language, str]] = {
    Language.JAPANESE: (
        "{city}です。避難情報を受け取るには、次のページで町を選んでください。"
        "登録の変更も、ここからできます（24時間以内）。\n{link}"
    ),
    Language.EASY_JAPANESE: (
        "{city}です。次の ページで 町を 選んでください。"
        "お知らせを 送ります（24時間 以内）。\n{link}"
    ),
    Language.ENGLISH: (
        "This is {city}. Choose your area on this page to receive alerts, or change what you"
        " registered (within 24 hours).\n{link}"
    ),
}


@dataclass(frozen=True, slots=True)
class Secret:
    """The code and the link of one check; a letter holds one of them."""

    code: str
    link: str


def languages(card: CityCard) -> tuple[Language, ...]:
    """Languages in which this city may write to people."""
    other = (Language.EASY_JAPANESE, Language.ENGLISH)
    reviewed = (one for one in other if card.fictional or one in card.reviewed_languages)
    return (Language.JAPANESE, *reviewed)


def letter(
    card: CityCard, channel: ChannelKind, language: Language, secret: Secret
) -> dict[str, Any]:
    """What a carrier of this way is given as `Batch.message`."""
    spoken = language if language in languages(card) else Language.JAPANESE
    city = card.name_en if spoken is Language.ENGLISH else card.name

    def said(texts: Mapping[Language, str]) -> str:
        return texts[spoken].format(city=city, code=secret.code, link=secret.link)

    if channel is ChannelKind.LINE:
        return {"messages": [{"type": "text", "text": said(LINE)}]}
    if channel is ChannelKind.MAIL:
        return {"subject": said(SUBJECT), "text": said(MAIL)}
    return {"text": said(SMS)}
