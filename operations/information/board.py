"""What headquarters' board shows of sources: each with its age, and what a person must decide."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from data import infosources
from data.infosources import Found, State
from hazards.information import THEME_WORDS, Shape, Theme, Way, older

LONG: Final = timedelta(minutes=30)
"""A source that fails so long, and for `LATE_TURNS` of its turns, waits for a person."""
STILL: Final = timedelta(hours=1)
"""A folder without anything newer for so long does, too."""
STILL_TELEGRAMS: Final = timedelta(hours=12)
"""Nothing may happen for so long that the JMA tells of."""
LATE_TURNS: Final = 3
PAGE: Final = "/hq/information"
API: Final = "/api/v1/headquarters/sources"
_WHY: Final = "理由"


def source_rows(connection: Connection, load: Any) -> dict[str, dict[str, Any]]:
    """The section `sources` of the board's state: every source that is asked, by its number."""
    rows = infosources.listed(connection, load.code)
    numbers = [row.id for row in rows]
    good = infosources.copies(connection, numbers, State.GOOD, items=False)
    held = infosources.copies(connection, numbers, State.HELD, items=False)
    return {
        str(row.id): {
            "number": row.id,
            "name": row.name,
            "theme": row.theme,
            "as_of": _iso(older(row.heard_at, good[row.id].said_at if row.id in good else None)),
            "failing_since": _iso(row.failing_since),
            "failure": row.failure,
            "every_s": row.every_s,
            "items": good[row.id].size if row.id in good else None,
            "held": row.id in held,
        }
        for row in rows
    }


def source_decisions(connection: Connection, load: Any, now: datetime) -> dict[str, dict[str, Any]]:
    """What waits for a person: copies that are doubted, sources that are broken or fail for long.

    A reason goes as `reason` into the body.
    """
    rows = infosources.listed(connection, load.code)
    held = infosources.copies(connection, [row.id for row in rows], State.HELD, items=False)
    found = {}
    for row in rows:
        if row.id in held:
            found[f"source:{row.id}"] = _held(row, held[row.id])
        elif waits_for_person(row, now):
            found[f"source:{row.id}"] = _failing(row)
    return found


def waits_for_person(row: Found, now: datetime) -> bool:
    """Whether a source fails so long that a person must know; what is broken says so at once."""
    if row.seen_until is not None and now < row.seen_until:
        return False
    turns = LATE_TURNS * timedelta(seconds=row.every_s)
    if row.failing_since is not None:
        return bool(row.broken or now - row.failing_since >= max(LONG, turns))
    if row.way != Way.FOLDER or row.heard_at is None:
        return False
    # Nothing fails, and nothing comes: whoever should write into the folder may be gone.
    still = STILL_TELEGRAMS if row.format == Shape.JMA else STILL
    return bool(now - row.heard_at >= max(still, turns))


def _held(row: Found, copy: Found) -> dict[str, Any]:
    return {
        **_decision(row, copy.held_at),
        "title": f"{row.name}：届いた内容を公開せずに止めています",
        "what": "。".join(copy.doubts),
        "if_nobody": "最後に確かめられた内容が、その時刻とともに出続けます。",
        "acts": [
            _act(row, "a", "公開する", "accept", digest=copy.digest),
            _act(row, "x", "公開しない", "refuse", digest=copy.digest),
        ],
    }


def _failing(row: Found) -> dict[str, Any]:
    again = (
        [] if row.way == Way.DROP else [_act(row, "f", "もう一度取りに行く", "fetch", asks=None)]
    )
    return {
        **_decision(row, row.failing_since or row.heard_at),
        "title": f"{row.name}：情報が届いていません",
        "what": row.failure or "フォルダーに新しいファイルが来ていません",
        "if_nobody": "最後に確かめられた内容が、古い情報として出続けます。"
        if row.heard_at
        else "まだ一度も届いていません。市民のページには「分からない」と出ています。",
        "acts": [
            *again,
            _act(row, "z", "6時間は知らせない", "seen"),
            _act(row, "x", "この情報源をやめる", "stop"),
        ],
    }


def _decision(row: Found, since: datetime) -> dict[str, Any]:
    theme: Mapping[Theme, str] = THEME_WORDS
    return {
        "key": f"source:{row.id}",
        "kind": "source",
        "theme": theme[Theme(row.theme)],
        "due": None,
        "since": _iso(since),
        "href": f"{PAGE}#source-{row.id}",
    }


def _act(
    row: Found, key: str, word: str, does: str, *, asks: str | None = _WHY, **body: str
) -> dict[str, Any]:
    """`body` names the copy that is looked at: it may be another one when somebody decides."""
    return {
        "key": key,
        "word": word,
        "method": "POST",
        "path": f"{API}/{row.id}/{does}",
        "body": body,
        "role": "operator",
        "asks": asks,
    }


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None
