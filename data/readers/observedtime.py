"""Times as people and devices write them: ISO 8601, or the city's own clock."""

import re
import unicodedata
from datetime import datetime, tzinfo
from typing import Final

from data.readers.observedrow import RowRefused

_LOCAL: Final = re.compile(
    r"(\d{4}) ?[/.年-] ?(\d{1,2}) ?[/.月-] ?(\d{1,2})日?[ T]*"
    r"(\d{1,2})[:時](\d{1,2})分?(?::?(\d{1,2})(?:\.\d+)?秒?)?"
)
_HAS_CLOCK: Final = re.compile(r"[T ]\d{2}")
_WRITE: Final = "2026-11-28T02:10+09:00 か 2026/11/28 02:10 のように、日付と時刻を書いてください"


def moment(text: str, zone: tzinfo) -> datetime:
    """An aware time; one without an offset is by the clocks of `zone`. Raises `RowRefused`."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    local = _LOCAL.fullmatch(plain)
    try:
        if local:
            year, month, day, hour, minute, second = (int(part or 0) for part in local.groups())
            return datetime(year, month, day, hour, minute, second, tzinfo=zone)
        at = datetime.fromisoformat(plain)
    except (ValueError, OverflowError):
        raise RowRefused(f"日時「{plain[:30]}」が読めません", _WRITE) from None
    if not _HAS_CLOCK.search(plain):
        raise RowRefused(f"日時「{plain[:30]}」に時刻がありません", _WRITE)
    return at if at.tzinfo else at.replace(tzinfo=zone)
