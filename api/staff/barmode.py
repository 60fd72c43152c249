"""What the machine is doing, for the bar of headquarters: read without the database."""

from datetime import datetime

from fastapi import Request

from alerts.delivery import is_over
from alerts.feed import STALE_AFTER, Feed
from alerts.kinds import Status
from api.state import service_of
from data.errors import NoCity, NoDatabase
from operations.alerts.feeds import Feeds


def bar_mode(request: Request, now: datetime) -> str:
    """Live where an order stands or an alert is told, also where that is not known; drill where
    only one is told; else calm.
    """
    feeds: Feeds = request.app.state.feeds
    try:
        if service_of(request.app).current.version.picture.orders:
            return "live"
        alerts, drills = (feeds.feed(one, "", now) for one in (Status.ACTUAL, Status.EXERCISE))
    except (NoCity, NoDatabase):
        return "live"
    # Without the database the last lists go on, and what is told since is not in them.
    is_old = now - min(alerts.read_at, drills.read_at) > STALE_AFTER
    if is_old or _is_told(alerts, now):
        return "live"
    return "drill" if _is_told(drills, now) else "calm"


def _is_told(feed: Feed, now: datetime) -> bool:
    """Whether something of it is sent now: not what ended, which is listed for a day."""
    return any(
        one.stopped_at is None and not is_over(one.alert.expires_at, now) for one in feed.entries
    )
