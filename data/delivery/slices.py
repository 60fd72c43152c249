"""Expanding: recipients become rows and frozen chunks, one slice of recipients a transaction.

Sending begins with the first slice. Whoever expands holds the revision's row, so it is done once;
what was killed goes on where the last committed slice ended.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from alerts.delivery import CHANNEL_NUMBER, CHUNK, Lane
from alerts.kinds import AlertKind, ChannelKind, Language, Status
from data import tables
from hazards.kinds import AlertLevel

FIRST_SLICE: Final = 2_000
SLICE: Final = 50_000
"""Recipients: the first slice is small, so that its chunks are sent while the rest is expanded."""
LISTENING: Final = (
    "r.city_code = :city AND r.status = :status AND r.confirmed_at IS NOT NULL"
    " AND r.left_at IS NULL"
)
WITHIN: Final = (
    "(:whole OR r.household = ANY(CAST(:households AS integer[]))"
    " OR (r.geom IS NULL AND r.area_name = ANY(CAST(:names AS text[])))"
    " OR (r.geom IS NOT NULL AND ST_Covers(CAST(:geom AS geometry), r.geom)))"
)
"""Who stands at a point is told by the point; who gave a 町丁目, when any of it is concerned."""
USABLE: Final = "a.verified_at IS NOT NULL AND a.blocked_at IS NULL"
_FREEZE: Final = f"""
WITH chosen AS MATERIALIZED (
    SELECT r.id, a.channel, a.stage,
        CASE WHEN r.language = ANY(:languages) THEN r.language ELSE :fallback END AS language,
        a.stage > 0 AND cardinality(CAST(:down AS text[])) > 0 AND EXISTS (
            SELECT 1 FROM recipient_address e WHERE e.recipient_id = r.id AND e.stage < a.stage
                AND e.channel = ANY(CAST(:down AS text[]))
                AND e.verified_at IS NOT NULL AND e.blocked_at IS NULL) AS at_once
    FROM recipient r JOIN recipient_address a ON a.recipient_id = r.id
    WHERE {LISTENING} AND {{who}}
        AND :category = ANY(r.categories) AND {USABLE} AND {WITHIN}
), parted AS (
    SELECT *, (row_number() OVER (PARTITION BY channel, stage, language, at_once
        ORDER BY id) - 1) / (CAST(:sizes AS jsonb) ->> channel)::int AS part
    FROM chosen
), frozen AS (
    INSERT INTO alert_chunk
        (revision_id, message_id, channel, stage, lane, key, members, ready_at)
    SELECT :revision, m.id, p.channel, p.stage, :lane, gen_random_uuid(),
        array_agg(p.id ORDER BY p.id),
        CAST(:at AS timestamptz)
            + CASE WHEN p.at_once THEN 0 ELSE p.stage END * CAST(:step AS interval)
    FROM parted p JOIN alert_message m
        ON m.revision_id = :revision AND m.channel = p.channel AND m.language = p.language
    GROUP BY m.id, p.channel, p.stage, p.language, p.at_once, p.part
    RETURNING id, channel, members
)
INSERT INTO delivery (revision_id, recipient_id, channel, chunk_id, state, perhaps, tries)
SELECT :revision, member, (CAST(:numbers AS jsonb) ->> channel)::int, id, 0, false, 0
FROM frozen, unnest(members) AS member
"""
_BETWEEN: Final = "r.id > :after AND r.id <= :upto"

# The lanes of `alerts.delivery.lane_of`.
_NEXT: Final = """
SELECT v.* FROM alert_revision v JOIN alert a ON a.id = v.alert_id
WHERE v.state IN ('approved', 'sending') AND v.expanded_at IS NULL AND v.stopped_at IS NULL
    AND (CAST(:status AS text) IS NULL OR a.status = :status)
ORDER BY CASE WHEN a.status = :drill THEN CAST(:drill_lane AS integer)
    WHEN a.kind <> :evacuation THEN :other_lane
    WHEN v.level IS NULL OR v.level >= :leave THEN :life_lane
    ELSE :prepare_lane END, v.decided_at, v.id
FOR UPDATE OF v SKIP LOCKED LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Audience:
    """To whom a revision goes: `names` of 町丁目 that are concerned, `households` by number."""

    city: str
    status: str
    category: str
    whole: bool
    names: Sequence[str]
    households: Sequence[int]
    geom: Any
    languages: Sequence[Language]
    fallback: Language

    def bound(self) -> dict[str, Any]:
        """The parameters of the queries here."""
        return {
            "city": self.city,
            "status": self.status,
            "category": self.category,
            "whole": self.whole,
            "names": list(self.names),
            "households": list(self.households),
            "geom": self.geom,
            "languages": [str(one) for one in self.languages],
            "fallback": str(self.fallback),
        }


def next_to_expand(connection: Connection, status: Status | None = None) -> Row[Any] | None:
    """The row of an approved revision that is not expanded, held until the transaction ends.

    The most urgent lane first; of one status, None: of any.
    """
    bound = {
        "status": status,
        "drill": Status.EXERCISE,
        "evacuation": AlertKind.EVACUATION,
        "leave": int(AlertLevel.ALL_LEAVE),
    } | {lane.name.lower() + "_lane": int(lane) for lane in Lane}
    return connection.execute(sql(_NEXT), bound).first()


def add_messages(
    connection: Connection, revision: int, messages: Mapping[tuple[str, str], Any]
) -> None:
    """Store what is sent, by (channel, language), unless it is there."""
    rows = [
        {"revision_id": revision, "channel": channel, "language": language, "body": body}
        for (channel, language), body in messages.items()
    ]
    query = insert(tables.alert_message).on_conflict_do_nothing()
    connection.execute(query, rows)


def expand_slice(
    connection: Connection,
    audience: Audience,
    revision: int,
    *,
    after: int,
    lane: Lane,
    at: datetime,
    step: timedelta,
    down: Collection[ChannelKind] = (),
) -> tuple[int | None, int]:
    """Freeze the chunks of the next recipients by id.

    No way waits for one before it whose channel is `down`.
    Returns the id up to which they are expanded, None when none were left, and how many rows that
    gave.
    """
    count = SLICE if after else FIRST_SLICE
    upto = connection.execute(
        sql(
            f"SELECT max(id) FROM (SELECT r.id FROM recipient r WHERE {LISTENING}"
            " AND r.id > :after ORDER BY r.id LIMIT :count) AS next"
        ),
        {"city": audience.city, "status": audience.status, "after": after, "count": count},
    ).scalar()
    if upto is None:
        return None, 0
    between = {"after": after, "upto": upto, "revision": revision, "lane": int(lane)}
    times = {"at": at, "step": step, "down": sorted(down)}
    return int(upto), freeze(connection, audience, between | times)


def freeze(
    connection: Connection,
    audience: Audience,
    given: Mapping[str, Any],
    *,
    who: str = _BETWEEN,
    again: str = "",
) -> int:
    """The chunks and rows of whom `who` says, with `again` for rows that are there; both are SQL.

    Returns how many rows that gave.
    """
    sizes = {str(kind): size for kind, size in CHUNK.items()}
    numbers = {str(kind): number for kind, number in CHANNEL_NUMBER.items()}
    tables_of_kinds = {"sizes": json.dumps(sizes), "numbers": json.dumps(numbers)}
    return connection.execute(
        sql(_FREEZE.format(who=who) + again), audience.bound() | dict(given) | tables_of_kinds
    ).rowcount


def count_recipients(
    connection: Connection, audience: Audience, keys: Sequence[int] | None = None
) -> list[tuple[str, str, int]]:
    """(channel, language that they will get, how many), for the blast radius.

    `keys`: the numbers of those that open addresses here; None where nobody knows.
    """
    rows = connection.execute(
        sql(
            "SELECT a.channel, CASE WHEN r.language = ANY(:languages) THEN r.language"
            " ELSE :fallback END AS language, count(*) AS n"
            " FROM recipient r JOIN recipient_address a ON a.recipient_id = r.id"
            f" WHERE {LISTENING} AND :category = ANY(r.categories) AND {USABLE} AND {WITHIN}"
            " AND (CAST(:keys AS smallint[]) IS NULL OR a.key_number = ANY(:keys))"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        audience.bound() | {"keys": None if keys is None else list(keys)},
    )
    return [(row.channel, row.language, row.n) for row in rows]
