"""What cannot be as it is told: kept, shown with the reason, and counting for nothing."""

from datetime import datetime, timedelta
from typing import Final

from shapely.geometry.base import BaseGeometry

OUTSIDE_M: Final = 300.0
"""Farther than this from every street is outside the city (`Rules.snap_limit_m`)."""
OLDEST: Final = timedelta(hours=48)
"""Longer than a night without a network: water has gone and come since."""

NOWHERE: Final = "位置が 0,0 です（機器が場所を知りません）"
OUTSIDE: Final = "市の道から300m以上はなれています"
TOO_OLD: Final = "48時間より前のことです"
TOO_LARGE: Final = "200本より多くの道にかかっています。水の範囲は本部で描いてください"


def doubtful(shape: BaseGeometry, away_m: float, seen_at: datetime, received_at: datetime) -> str:
    """Why a report is set aside, "" where nothing speaks against it; `away_m` to the nearest
    street.
    """
    west, south, east, north = shape.bounds
    if max(abs(west), abs(south), abs(east), abs(north)) < 1e-6:
        return NOWHERE
    if away_m > OUTSIDE_M:
        return OUTSIDE
    if received_at - seen_at > OLDEST:
        return TOO_OLD
    return ""
