"""Old nights leave: what headquarters saw in them and the arrays of their versions, chain by chain.

A day is one from noon to noon, in the zone given, named by the date of its first noon. The newest
chain of versions stays whatever is asked: planners go on from it.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection
from sqlalchemy import text as sql

_DAY = "(({moment} AT TIME ZONE :zone) - interval '12 hours')::date"
_BYTES = f"""
SELECT day, sum(bytes)::bigint FROM (
  SELECT {_DAY.format(moment="at")} AS day, octet_length(body) AS bytes FROM replay_frame
  UNION ALL
  SELECT {_DAY.format(moment="coalesce(v.published_at, v.numbered_at)")}, octet_length(b.body)
  FROM plan_blob b JOIN plan_version v USING (number)
) AS kept GROUP BY day ORDER BY day
"""  # noqa: S608
_FRAMES = f"""
DELETE FROM replay_frame WHERE keyframe IN (
  SELECT keyframe FROM replay_frame
  GROUP BY keyframe HAVING max({_DAY.format(moment="at")}) <= :day)
"""  # noqa: S608
_BLOBS = f"""
DELETE FROM plan_blob WHERE keyframe IN (
  SELECT b.keyframe FROM plan_blob b JOIN plan_version v USING (number)
  GROUP BY b.keyframe
  HAVING max({_DAY.format(moment="coalesce(v.published_at, v.numbered_at)")}) <= :day)
AND keyframe <> (SELECT keyframe FROM plan_blob ORDER BY number DESC LIMIT 1)
"""  # noqa: S608


_BETWEEN = """
SELECT coalesce((SELECT sum(octet_length(body)) FROM replay_frame
    WHERE city_code = :code AND at >= :first AND at < :last), 0)
  + coalesce((SELECT sum(octet_length(b.body)) FROM plan_blob b JOIN plan_version v USING (number)
    WHERE v.published_at >= :first AND v.published_at < :last), 0)
"""
_RUNS = "DELETE FROM replay_run WHERE day <= :day"


def bytes_between(connection: Connection, code: str, first: datetime, last: datetime) -> int:
    """How many bytes the frames and versions between two moments take."""
    given = {"code": code, "first": first, "last": last}
    found = connection.execute(sql(_BETWEEN), given).scalar_one()
    return int(found)


def bytes_by_day(connection: Connection, zone: str) -> Mapping[date, int]:
    """How many bytes each day takes, the oldest first."""
    rows = connection.execute(sql(_BYTES), {"zone": zone})
    return {day: int(count) for day, count in rows}


def forget_until(connection: Connection, zone: str, day: date) -> int:
    """Let go of all days up to and with one, and of their runs; returns how many rows went."""
    given = {"zone": zone, "day": day}
    return sum(connection.execute(sql(query), given).rowcount for query in (_FRAMES, _BLOBS, _RUNS))
