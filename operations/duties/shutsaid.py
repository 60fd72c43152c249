"""What the first report says of streets that are shut: those in the water by themselves."""

from collections import Counter
from typing import Any, Final

from operations.duties.seen import Seen
from web.dutysheets.shut import BY_WATER, is_sure

SUSPENDED_WORDS: Final = "報告により一時停止している道"


def shut_said(seen: Seen) -> list[dict[str, Any]]:
    """Streets shut, what water shut by itself: who confirmed it, and what reports alone say."""
    closures = seen.state["closures"].values()
    counts = Counter((bool(one["by_water"]), is_sure(one)) for one in closures)
    words = (
        (f"{BY_WATER} {counts[True, True]}か所", True, counts[True, True]),
        (f"通行止め {counts[False, True]}か所", True, counts[False, True]),
        (f"{SUSPENDED_WORDS}（冠水） {counts[True, False]}か所", False, counts[True, False]),
        (f"{SUSPENDED_WORDS} {counts[False, False]}か所", False, counts[False, False]),
    )
    return [said(text, confirmed=sure) for text, sure, count in words if count]


def said(text: str, *, confirmed: bool) -> dict[str, Any]:
    """A line of the report; `confirmed`: it carries no 未確認."""
    return {"text": text, "confirmed": confirmed}
