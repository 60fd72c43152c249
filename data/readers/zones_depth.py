"""How deep, as published files say it: ranks, old codes, metres, or words."""

import re
import unicodedata
from typing import Any, Final

from hazards.zone import DEPTH_M, depth_rank, depth_rank_below

OPEN_ENDED: Final = max(DEPTH_M)
"""The rank of a depth of which only the least is said: as deep as any."""

OLD_DEPTHS: Final = {
    **{11: 1, 12: 2, 13: 2, 14: 3, 15: OPEN_ENDED},
    **{21: 1, 22: 2, 23: 2, 24: 2, 25: 3, 26: 3, 27: OPEN_ENDED},
}
"""A31_001 to the rank of A31b_201 that holds its deepest water.

浸水深コード (国土数値情報 浸水想定区域 A31, 製品仕様書 第1.x, 2.x版). Five steps: 11 under 0.5 m,
12 to 1, 13 to 2, 14 to 5, 15 of 5 m and over. Seven: 21 under 0.5 m, 22 to 1, 23 to 2, 24 to 3,
25 to 4, 26 to 5, 27 of 5 m and over. "5 m and over" has no upper end, hence the deepest rank.
"""

_NUMBER: Final = r"((?>[0-9]{1,3}(?:\.[0-9]{1,3})?))(?![0-9.])m?"
"""Its digits are never shared out among two: "10m未満" is no 1 before a 0."""
_DEPTH: Final = re.compile(
    rf"(?:{_NUMBER}(以上|超|より深い)?)?(~|から)?(?:{_NUMBER}(未満|以下|まで)?)?"
)
_WAVES: Final = str.maketrans("〜～－−ー–—-", "~~~~~~~~")


def whole(value: Any) -> int | None:
    """A whole number as such, as text, or as a shapefile with gaps has it (2.0); or None."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e9:
        return int(value)
    if isinstance(value, str | int) and re.fullmatch(r"-?[0-9]{1,9}", str(value)):
        return int(value)
    return None


def rank_of_code(value: Any) -> int | None:
    """The rank of an A31_001, or None."""
    code = whole(value)
    return None if code is None else OLD_DEPTHS.get(code)


def rank_of_metres(value: Any) -> int | None:
    """The rank of a depth in metres, above 0, or None."""
    try:
        depth_m = float(value) if isinstance(value, str | int | float) else -1.0
    except ValueError:
        return None
    if isinstance(value, bool) or not 0 < depth_m < 1000:
        return None
    return depth_rank(depth_m)


def rank_of_words(value: Any) -> int | None:
    """The rank of "0.3m以上0.5m未満", "1m ～ 2m", "5.0m以上" (A40_003, A49_003, A51_005), or None.

    The steps differ from one prefecture to the next; the deeper end decides.
    """
    if not isinstance(value, str):
        return None
    text = unicodedata.normalize("NFKC", value).replace("メートル", "m").translate(_WAVES)
    text = re.sub(r"\s", "", text)
    found = _DEPTH.fullmatch(text)
    if found is None or not text:
        return None
    low, least, wave, high, most = found.groups()
    if high is None:
        return OPEN_ENDED if low and (least or wave) else None
    if low is None:
        return _below(high, most) if most or wave else None
    if not (least or wave) or float(low) >= float(high):
        return None
    return _below(high, most)


def _below(high: str, most: str | None) -> int:
    """The rank of all that is less than `high`, or that as well."""
    return depth_rank(float(high)) if most == "以下" else depth_rank_below(float(high))
