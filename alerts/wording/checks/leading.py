"""Words that send people somewhere, or tell them that a place is open: none of them at level 5."""

import re
from typing import Final

from alerts.wording.checks.whole import where_stands, whole

_PLACE: Final = (
    "(?:学校|高校|公民館|会館|体育館|センター|公園|避難所|避難場所|避難先"
    "|庁舎|役所|役場|集会所|施設)"
)
_UP: Final = re.compile(
    "(?:高い?(?:所|ところ|場所|階|建物|土地|台)|高所|上の?階|上の方|部屋|地上|屋上|屋根|遠く|反対側"
    "|(?:頑丈|丈夫|堅固|じょうぶ)な(?:建物|たてもの)|(?:安全|あんぜん)な(?:所|ところ))$"
)
"""Where level 5 may send people, and only there: up, or away from the slope (`safety.md` 3)."""
_HOW: Final = re.compile(
    "(?:早め|すぐ|直ち|ただち|速やか|すみやか|一緒|静か|安全|先|前|うち|間|まで|時|とき|ため|次|徒歩)$"
)
"""Before に these tell how or when, not where to."""
_GO: Final = (
    "(?:避難(?:し(?!な[いくか])|する(?!の|ことは|ことが|と|な|際|とき)|を|願|くだ|[。！]|$)"
    "|(?:逃|に)げ(?:て(?!は)|る(?!の|ことは|ことが|と|な)|よう|なさい|ろ|ましょう|てください)"
    "|行(?:って(?!は)|く(?:こと(?!は|が)|よう)|け|きなさい|きましょう)"
    "|向か(?:って(?!は)|うこと(?!は|が)|いなさい|え|いましょう|う(?:よう))"
    "|移動(?:し(?!な[いくか])|する(?!の|ことは|ことが|と|な)|を)"
    "|移(?:って(?!は)|る(?!の|ことは|ことが|と|な)|りなさい|りましょう)"
    "|お越し|お集まり|集まって|集まること(?!は)|来て(?!は))"
)
_SENDS: Final = re.compile(
    "(?P<place>[^。！？\n]{0,20}?)(?P<to>へ|に|まで|を目指して|をめざして)[、 ]?"
    f"(?:今すぐ|いますぐ|すぐに?|直ちに|早く|全員|必ず)?[、 ]?{_GO}"
)
_OPEN: Final = re.compile(f"{_PLACE}[^。！？\n]{{0,8}}?(?:開(?:け|い|き|設|放)|使え|入れ)")


def sends_away(text: str) -> str:
    """The sentence by which a text sends people to a place, "" where it does not.

    Up, and away from the slope, are no places.
    """
    known = whole(text)
    for found in _SENDS.finditer(known.plain):
        how = found["to"] == "に" and _HOW.search(found["place"])
        if not how and not _UP.search(found["place"]):
            return known.sentence(*found.span("to"))
    return ""


def opens_place(text: str) -> str:
    """The sentence by which a text tells that a place is open, "" where it does not."""
    return next(iter(where_stands(_OPEN, text)), "")
