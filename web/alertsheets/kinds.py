"""The papers that can be asked for."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class PaperKind(StrEnum):
    """One print job; `PACK` is what a town needs in a blackout, `RETURN` what comes back of it."""

    LOUDSPEAKER = "loudspeaker"
    AREA_MAIL = "area_mail"
    RADIO = "radio"
    CAR = "car"
    TELEVISION = "television"
    POSTER_A4 = "poster_a4"
    POSTER_A3 = "poster_a3"
    CIRCULAR = "circular"
    RETURN = "return"
    PACK = "pack"


PAPER_WORDS: Final[Mapping[PaperKind, str]] = {
    PaperKind.LOUDSPEAKER: "放送原稿（防災行政無線）",
    PaperKind.AREA_MAIL: "緊急速報メール送信票",
    PaperKind.RADIO: "ラジオ原稿",
    PaperKind.CAR: "広報車の原稿・引き揚げの伝え方",
    PaperKind.TELEVISION: "テレビの字幕",
    PaperKind.POSTER_A4: "掲示 A4",
    PaperKind.POSTER_A3: "掲示 A3",
    PaperKind.CIRCULAR: "回覧板",
    PaperKind.RETURN: "読み上げの記録",
    PaperKind.PACK: "ラジオパック（停電のとき）",
}
