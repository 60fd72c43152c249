"""How full a place is, in a sentence that can be read aloud: with its age, or as unknown."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from shelters.place import Opening

BANDS: Final = {
    "room": "空いています",
    "some": "やや混雑しています",
    "crowded": "混雑しています",
    "full": "満員ですが、来た人は断りません",
}
UNKNOWN: Final = "混み具合は分かっていません。行き先として使えます。"
FULL: Final = "満員ですが、来た人は断りません。"
OVERFLOW: Final = "別の部屋を開けています。"
CLOCKS_DIFFER: Final = timedelta(minutes=2)
"""A figure this far from the future was written by another clock: nobody knows its age."""


def crowding_words(state: Mapping[str, Any] | None, now: datetime) -> str:
    """How full, by whose figure of when; 不明 in words where nobody knows, or not any more.

    `state` is the public state of a place (`GET /api/v1/live`), None where there is none; `now` is
    in the city's time zone, in which the moments are said. A full place refuses nobody
    (`safety.md` 12).
    """
    if state is None:
        return UNKNOWN
    spare = OVERFLOW if state.get("overflow") else ""
    if state.get("opening") == Opening.FULL:
        since = state.get("opening_since")
        return (f"{moment_words(_moment(since), now)}から" if since else "") + FULL + spare
    if not is_known(state, now):
        return UNKNOWN
    at = moment_words(_moment(state["counted_at"]), now)
    return f"{at}の報告で、{BANDS[state['band']]}。" + (spare if state["band"] == "full" else "")


def is_known(state: Mapping[str, Any], now: datetime) -> bool:
    """Whether the figure of a place still stands at a moment."""
    counted, ends = state.get("counted_at"), state.get("unknown_after")
    if state.get("band") not in BANDS or not counted or not ends:
        return False
    return _moment(counted) - CLOCKS_DIFFER <= now <= _moment(ends)


def moment_words(at: datetime, now: datetime) -> str:
    """20時41分; with its day where that is not the day of `now`, in whose zone it is said."""
    here = at.astimezone(now.tzinfo)
    days = (now.date() - here.date()).days
    day = {0: "", 1: "昨日の"}.get(days, f"{here.month}月{here.day}日の")
    return f"{day}{here.hour}時" + (f"{here.minute}分" if here.minute else "")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
