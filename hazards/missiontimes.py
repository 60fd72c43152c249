"""Until when a team may be sent out, and how often it checks in."""

from datetime import datetime, timedelta
from typing import Final

from hazards.errors import HazardError

SHORTEST_EVERY: Final = timedelta(minutes=5)
LONGEST_EVERY: Final = timedelta(hours=1)
LONGEST: Final = timedelta(hours=6)
"""The longest that a team is out without being looked at again: policy, half a shift."""


class BadMission(HazardError):
    """A mission that nobody may be sent on: its times, or who answers for it."""


def check_times(withdraw_at: datetime, every: timedelta, now: datetime) -> None:
    """Raise `BadMission` unless a team may be out until then, and checks in so often."""
    if withdraw_at <= now:
        raise BadMission("撤収時刻は、今より後にしてください（the withdrawal is in the past）")
    if withdraw_at - now > LONGEST:
        hours = LONGEST // timedelta(hours=1)
        raise BadMission(f"撤収時刻は {hours} 時間以内にしてください（within {hours} hours）")
    if not SHORTEST_EVERY <= every <= LONGEST_EVERY:
        raise BadMission("定時連絡は 5〜60 分ごとにしてください（every 5 to 60 minutes）")
