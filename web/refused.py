"""What was wrong with a question, in words for residents; each is the key of its translation."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from routing.ground import CityCard
from web.language import Translate

FIELD_WORDS: Final = {
    "lat": "緯度",
    "lon": "経度",
    "hazard": "災害",
    "level": "警戒レベル",
    "profile": "いっしょに逃げる人",
    "dwelling": "いまいる建物",
    "floor": "いる階",
    "floors": "建物の階数",
    "supplies_h": "水と食べ物の時間",
    "at": "時刻",
}

WRONG_WORDS: Final = {
    "missing": "「{field}」を書いてください",
    "extra_forbidden": "「{field}」という項目はありません",
    "greater_than_equal": "「{field}」は小さすぎます",
    "less_than_equal": "「{field}」は大きすぎます",
    "finite_number": "「{field}」は数で書いてください",
    "float_parsing": "「{field}」は数で書いてください",
    "int_parsing": "「{field}」は整数で書いてください",
    "int_parsing_size": "「{field}」は整数で書いてください",
    "enum": "「{field}」は使えない言葉です",
    "timezone_aware": "「{field}」には時差（+09:00 など）を付けてください",
    "value_error": "「{field}」は今から1年以内にしてください",
    "repeated": "「{field}」はひとつだけ書いてください",
}
"""By the validator's types; others are `UNUSABLE`."""

UNUSABLE: Final = "「{field}」は読み取れません"

REFUSALS: Final = (
    "階は 1 が地上です。地下は -1 と書いてください",
    "いる階が建物の階数より上です",
    "平屋に2階はありません",
    "その緯度・経度はありません。lat と lon が逆ではありませんか",
    "その緯度・経度はありません。度で書いてください",
)
"""What the rooms below say of a home or a position, without its English."""

_ENGLISH: Final = re.compile(r"\uff08[^\uff08\uff09]*[A-Za-z][^\uff08\uff09]*\uff09(?=\u3002?$)")
"""What a refusal says to programs, in brackets at its end."""

UNKNOWN: Final = "書いたことを確かめてください。"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One field of a question, and the validator's type and own words for what is wrong.

    `exactly`: in Japanese, where more can be said than by the type.
    """

    field: str
    type: str
    english: str
    exactly: str = ""

    @property
    def japanese(self) -> str:
        """What is wrong, to be read after the field's name."""
        said = WRONG_WORDS.get(self.type, UNUSABLE).removeprefix("「{field}」")
        return self.exactly or said

    def says(self, t: Translate) -> str:
        """A sentence for people."""
        field = t(FIELD_WORDS.get(self.field, self.field))
        return t(WRONG_WORDS.get(self.type, UNUSABLE)).format(field=field) + t("。")


PROBLEMS: Final = {
    "場所が選ばれていません": "最初の画面で、いまいる所を選んでください。",
    "市の外の場所です": "その場所は{city}のどの道からも遠すぎます。{city}の中を選んでください。",
    "入力を確かめてください": "",
    "ページがありません": "最初の画面から選んでください。",
    "この開き方はできません": "最初の画面から選んでください。",
    "写真が大きすぎます": (
        "写真は 10 MB までです。小さくして送ってください。報告は、もう届いています。"
    ),
    "写真の処理が混んでいます": "少し待って、もう一度送ってください。報告は、もう届いています。",
    "準備中です": "まだ市のデータがありません。少し待って、もう一度開いてください。",
    "うまくいきませんでした": (
        "案内を作れませんでした。もう一度開いてください。危険が近いときは、待たずに"
        "頑丈な建物の高い所へ。命があぶないときは 119。"
    ),
}
"""What the page says under each title; nothing where it depends on what was written."""


def problem_lines(
    title: str, detail: str, wrong: Iterable[Wrong], card: CityCard | None, t: Translate
) -> tuple[str, ...]:
    """What to do about a problem, in the reader's language and without a program's words."""
    missing = title == "場所が選ばれていません"
    lines = wrong_sentences([one for one in wrong if one.type != "missing" or not missing], t)
    said = PROBLEMS.get(title, "")
    if said:
        japanese = t(title) == title
        city = (card.name if japanese else card.name_en) if card else ""
        swapped = (t("緯度と経度が逆のようです。"),) if "swapped" in detail else ()
        return (t(said).format(city=city), *swapped, *lines)
    return lines or (refusal(detail, t),)


def wrong_sentences(wrong: Iterable[Wrong], t: Translate) -> tuple[str, ...]:
    """A sentence for each field, none twice."""
    return tuple(dict.fromkeys(one.says(t) for one in wrong))


def in_japanese(text: str) -> str:
    """A refusal without what it says to programs."""
    return _ENGLISH.sub("", text)


def refusal(text: str, t: Translate) -> str:
    """A refusal of the rooms below for people: without the English that programs get."""
    japanese = in_japanese(text)
    said = t(japanese)
    untold = said == japanese and t(UNKNOWN) != UNKNOWN
    return t(UNKNOWN) if untold else said + t("。") * (not said.endswith(("。", ".", "?")))
