"""The plan in lines of words for the console."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Any, Final
from zoneinfo import ZoneInfo

Json = Mapping[str, Any]
NO_HOMES: Final = "no household is known: nobody is assigned to a place"


def show(board: Json, zone: str, now: datetime) -> Iterator[str]:
    """The newest version and what waits."""
    plan, waiting = board["plan"], board["waiting"]
    if plan is None:
        yield "no version has been published yet: start the planner"
    else:
        yield from _plan(plan, zone, now)
    yield "waits for a person: " + ("" if waiting else "nothing")
    for one in waiting:
        yield f"  {held(one, zone)}"


def version(number: int, at: datetime, row: Any, zone: str) -> str:
    """One version in a line."""
    figures = row.facts["figures"]
    said = f"{figures['expected']:,} expected, {figures['moved']:,} moved" if figures else "no plan"
    return f"{number}: {_local(at, zone)}, {said}: {row.cause}"


def held(one: Json, zone: str) -> str:
    """What waits, and how it is applied or taken back."""
    number, item = one["number"], one["item"]
    since = _local(datetime.fromisoformat(one["held_at"]), zone)
    said = f"water {item} ({one['said']}), since {since}: {one['why']}"
    return f"{number}: {said}; nigemichi held apply {number}, or nigemichi water remove {item}"


def block(row: Sequence[Any]) -> str:
    """A row of `block_rows`."""
    area, han, site_id, site, households, persons = row
    where = f"{area or 'in no area'}{f' {han}班' if han else ''}"
    if not site_id:
        return f"{where}: {households:,} households without a place, {site}"
    return f"{where} → {site}: {households:,} households, {ceil(persons):,} persons expected"


def unplaced(row: Sequence[Any]) -> str:
    """A row of `unplaced_rows`."""
    area, households, no_way, no_room = row
    reasons = f"{no_way:,} no way, {no_room:,} no room"
    return f"{area or 'in no area'}: {households:,} households ({reasons})"


def _plan(plan: Json, zone: str, now: datetime) -> Iterator[str]:
    at = datetime.fromisoformat(plan["published_at"])
    minutes = max(int((now - at).total_seconds() // 60), 0)
    yield f"version {plan['number']}, published {_local(at, zone)} ({minutes} min ago)"
    yield f"cause: {plan['cause']}"
    if plan["earlier_load"]:
        yield "it is of an earlier load of the city: the planner has not followed yet"
    if plan["later"]:
        since = _local(datetime.fromisoformat(plan["later"]["since"]), zone)
        yield f"not in it yet: {plan['later']['changes']:,} changes, the first of {since}"
    yield from _figures(plan["figures"]) if plan["figures"] else iter([NO_HOMES])
    if plan["changed"]:
        one = {key: f"{value:,}" for key, value in plan["changed"].items()}
        kinds = f"verdict {one['verdict']}, place {one['place']}, way {one['way']}"
        yield f"told something new: {one['households']} households ({kinds})"
    yield "overflow rooms: " + ("" if plan["overflow"] else "none needed")
    for one in plan["overflow"]:
        yield f"  {_overflow(one, zone)}"


def _figures(one: Json) -> Iterator[str]:
    yield f"expected: {one['expected']:,} persons of {one['going']:,} households that go"
    yield f"without a place: {one['no_way']:,} no way, {one['no_room']:,} no room"
    yield f"moved: {one['moved']:,} households, no plan moves fewer than {one['least']:,}"
    yield f"at most {ceil(one['gap'] * 10_000) / 100:.2f} % dearer than the best plan"


def _overflow(one: Json, zone: str) -> str:
    needed = _local(datetime.fromisoformat(one["needed_at"]), zone)
    rooms = f" in {'、'.join(one['rooms'])}" if one["rooms"] else ""
    beyond = f", {one['beyond']:,} of them beyond every room" if one["beyond"] else ""
    return f"{needed} {one['name']}: {one['persons']:,} of {one['coming']:,} persons{rooms}{beyond}"


def _local(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")
