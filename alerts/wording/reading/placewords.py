"""Which nouns are, or may be, places, whatever the engine's dictionary calls them."""

import re
from typing import Final

from alerts.wording.ruby import has_kanji

_BODIES: Final = (
    "庁", "省", "署", "局", "社", "党", "院", "団", "隊", "校", "会", "所", "部", "連盟", "銀行",
    "電力", "鉄道", "電鉄", "放送", "ガス", "水道",
)  # fmt: skip
_PLACELIKE: Final = tuple("川田町村山原野谷沢島崎浜浦津江池神宮荷郷里森林松園")
_WHERE: Final = re.compile("[山川海坂丘崖谷橋道家田村町]の[上下中前横奥裏端側方外手]")
_ORDINARY: Final = frozenset({
    "河川", "小河川", "中小河川", "火山", "里山", "裏山", "登山", "下山", "鉱山", "築山", "水田",
    "油田", "炭田", "塩田", "市町村", "農村", "山村", "漁村", "平野", "原野", "視野", "分野",
    "高原", "草原", "湿原", "野原", "平原", "渓谷", "峡谷", "半島", "離島", "列島", "孤島",
    "群島", "砂浜", "海浜", "精神", "氏神", "出荷", "集荷", "入荷", "負荷", "電荷", "公園",
    "庭園", "学園", "幼稚園", "保育園", "動物園", "植物園", "農園", "霊園", "遊園", "造園",
    "果樹園", "田園", "山林", "森林", "植林", "防風林", "防砂林", "雑木林", "竹林", "松林",
    "杉林", "樹林", "人工林", "保安林", "海里", "郷里", "入江", "電池", "用水池", "溜池",
    "貯水池", "調整池", "遊水池", "調節池", "城下町", "下町", "港町", "門前町", "宿場町", "谷川",
    "川岸", "赤十字", "日本赤十字社", "全町", "全村", "同町", "同村", "隣町", "隣村",
})  # fmt: skip


def is_ordinary(text: str) -> bool:
    """Whether a word is no name, though it ends like one or is one somewhere (水田, 山の上)."""
    return text in _ORDINARY or _WHERE.fullmatch(text) is not None


def is_body(text: str) -> bool:
    """Whether what the dictionary calls an organisation ends like one (気象庁); 大川 does not."""
    return text.endswith(_BODIES) or not _is_all_kanji(text)


def is_placelike(text: str) -> bool:
    """Whether what the dictionary takes for a common noun is a place all over the country, by its
    end: 新田, 天神, 松原.
    """
    return len(text) > 1 and text.endswith(_PLACELIKE) and _is_all_kanji(text)


def _is_all_kanji(text: str) -> bool:
    return all(has_kanji(letter) for letter in text)
