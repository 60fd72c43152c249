"""What the next shift must know: the changes of the last hours, and what is old or unknown."""

from datetime import datetime, timedelta
from typing import Any, Final

from data import missions
from data.chronologycount import lines_since
from operations.board.teamrows import AT_DOORS
from operations.chronology import reading
from operations.duties.seen import Seen
from web.staff.chronologywords import TO

HOURS: Final = 6
"""How far back the page looks where nobody says: half a shift."""
OLD: Final = timedelta(hours=1)
LATE: Final = timedelta(minutes=10)
MOST: Final = 120
"""Lines that are read: the page has room for far fewer."""


def stale(seen: Seen) -> list[tuple[str, str]]:
    """What is old or missing, with since when in words: the longest unknown first."""
    found = [*_gauges(seen), *_channels(seen), *_sources(seen), *_closures(seen)]
    return [(what, since) for _, what, since in sorted(found, key=lambda one: one[0])]


def changes(seen: Seen, hours: int = HOURS) -> tuple[list[dict[str, Any]], int]:
    """The newest lines that entered the chronology in the last `hours`, also those of what happened
    earlier, and how many there are in all; corrected entries are left out.
    """
    since = seen.now - timedelta(hours=hours)
    page = reading.page(seen.connection, seen.load.code, limit=MOST)
    newest = [
        {"at": one["at"], "words": _words(one, seen)}
        for one in page["entries"]
        if datetime.fromisoformat(one["entered_at"]) >= since and not one["corrected_by"]
    ]
    return newest, max(lines_since(seen.connection, seen.load.code, TO, since), len(newest))


def tasks(seen: Seen) -> dict[str, str]:
    """What each team is out for, by its key in the state, which holds no words of anybody."""
    said = {str(row.id): row.what for row in missions.outside(seen.connection, seen.load.code)}
    doors = {key: AT_DOORS for key in seen.state["teams"] if key.startswith("doors:")}
    return said | doors


def _words(one: dict[str, Any], seen: Seen) -> str:
    """A line entered long after it happened says when, and a correction that it is one."""
    at, entered_at = (datetime.fromisoformat(one[name]) for name in ("at", "entered_at"))
    first = "訂正" if one["corrects"] else ""
    if entered_at - at > LATE:
        first += f"{seen.stamp.clock(entered_at)} 記入"
    action = f"→{one['action']}" if one["action"] else ""
    who = f"{one['from']}：" if one["from"] else ""
    return f"{f'（{first}）' if first else ''}{who}{one['content']}{action}"


Found = list[tuple[str, str, str]]


def _gauges(seen: Seen) -> Found:
    found: Found = []
    for one in seen.state["gauges"].values():
        if one["silent_since"]:
            at = one["silent_since"]
            words = f"{seen.stamp.clock(at)} から値が来ない"
            found.append((at, f"水位 {one['name']}", words))
        elif one["level_m"] is None:
            found.append(("", f"水位 {one['name']}", "値がない"))
    return found


def _channels(seen: Seen) -> Found:
    return [
        (one["failing_since"] or "", f"手段 {one.get('name') or one['channel']}", one["word"])
        for one in seen.state["channels"].values()
        if not one["ok"]
    ]


def _sources(seen: Seen) -> Found:
    return [
        (at, f"情報 {one['name']}", f"{seen.stamp.clock(at)} から取れない")
        for one in seen.state["sources"].values()
        if (at := one.get("failing_since"))
    ]


def _closures(seen: Seen) -> Found:
    """Streets that reports shut over an hour ago and that nobody confirmed."""
    found: Found = []
    for one in seen.state["closures"].values():
        at = one["reviewed_at"] or one["at"]
        if one["basis"] == "suspended" and seen.now - datetime.fromisoformat(at) > OLD:
            name = one["street"] or "名前のない道"
            found.append((at, f"一時停止 {name}", f"{seen.stamp.clock(at)} から未確認"))
    return found
