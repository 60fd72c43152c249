"""Sources as headquarters lists them: age, failure, and what a held copy would change."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine

from data import infosources
from data.database import transaction
from data.infosources import Found, State
from data.rows import current_load
from hazards.information import SHAPE_WORDS, THEME_WORDS, WAY_WORDS, Shape, Theme, Way, older
from hazards.informationcopy import changed
from operations.information.board import waits_for_person
from operations.information.registering import shown_place

MOST_NAMED: Final = 20
"""Items that came or went, by name."""


def listed(engine: Engine, now: datetime) -> list[dict[str, Any]]:
    """All sources, those first that wait for a person; raises `NoCity`, `NoDatabase`."""
    with transaction(engine) as connection:
        rows = infosources.listed(connection, current_load(connection).code)
        numbers = [row.id for row in rows]
        good = infosources.copies(connection, numbers, State.GOOD)
        held = infosources.copies(connection, numbers, State.HELD)
    found = [_source(row, good.get(row.id), held.get(row.id), now) for row in rows]
    return sorted(found, key=lambda one: (one["held"] is None and not one["waits"], one["number"]))


def needs_a_look(engine: Engine, numbers: Sequence[int]) -> bool:
    """Whether one of these fails, or has a copy that is held; raises `NoCity`, `NoDatabase`."""
    with transaction(engine) as connection:
        rows = infosources.listed(connection, current_load(connection).code)
        held = infosources.copies(connection, list(numbers), State.HELD, items=False)
    return bool(held) or any(row.failing_since for row in rows if row.id in numbers)


def source_lines(engine: Engine, now: datetime) -> Iterator[str]:
    """The same for a terminal."""
    for one in listed(engine, now):
        yield (
            f"{one['number']}  {one['name']}  {one['theme_word']}  {one['format_word']}"
            f"  {one['way_word']} {one['place']}  {_items(one)}"
        )
        if one["failing_since"]:
            since = one["failing_since"].isoformat(timespec="minutes")
            yield f"    失敗（{since} から）: {one['failure']}"
        if one["held"]:
            yield f"    止めています（{one['held']['digest']}）: {'。'.join(one['held']['doubts'])}"


def _items(one: dict[str, Any]) -> str:
    if one["heard_at"] is None:
        return "まだ届いていません"
    as_of = older(one["heard_at"], one["said_at"]) or one["heard_at"]
    return f"{one['items']}件  {as_of.isoformat(timespec='minutes')} 現在"


def _source(row: Found, good: Found | None, held: Found | None, now: datetime) -> dict[str, Any]:
    shape, way = Shape(row.format), Way(row.way)
    return {
        "number": row.id,
        "name": row.name,
        "theme": row.theme,
        "theme_word": THEME_WORDS[Theme(row.theme)],
        "format_word": SHAPE_WORDS[shape],
        "way": way,
        "way_word": WAY_WORDS[way],
        "place": shown_place(row),
        "licence": row.licence,
        "attribution": row.attribution,
        "every_s": row.every_s,
        "public": row.public,
        "heard_at": row.heard_at,
        "said_at": good.said_at if good is not None else None,
        "items": good.size if good is not None else None,
        "left_out": _left_out(good),
        "failing_since": row.failing_since,
        "failure": row.failure,
        "waits": waits_for_person(row, now),
        "held": None if held is None else _held(good, held),
    }


def _left_out(good: Found | None) -> int:
    return 0 if good is None else int(good.counted["wrong"]) + int(good.counted["far"])


def _held(good: Found | None, held: Found) -> dict[str, Any]:
    before = infosources.items_of(good) if good is not None else ()
    came, gone = changed(before, infosources.items_of(held))
    return {
        "digest": held.digest,
        "since": held.held_at,
        "came_at": held.came_at,
        "items": held.size,
        "doubts": held.doubts,
        "counted": held.counted,
        "added": len(came),
        "gone": len(gone),
        "added_titles": [one.title for one in came[:MOST_NAMED]],
        "gone_titles": [one.title for one in gone[:MOST_NAMED]],
    }
