"""What changed between two JSON values: small where little changed, and exact.

A difference is itself JSON: `{"is": value}`, or `{"set", "gone", "in"}` of a table (members that
are new or replaced, members that went, differences inside members), or `{"at", "out", "put"}` of a
list (from row `at` on, `out` rows became `put`). An empty table says that nothing changed.
"""

from math import copysign
from typing import Any, Final

SAME: Final[dict[str, Any]] = {}


def difference(before: Any, after: Any) -> dict[str, Any]:
    """What makes `after` out of `before`."""
    if before is after:
        return SAME
    if type(before) is type(after) is dict:
        return _of_tables(before, after)
    if type(before) is type(after) is list:
        return _of_lists(before, after)
    return SAME if _is_same(before, after) else {"is": after}


def applied(before: Any, changed: dict[str, Any]) -> Any:
    """What `difference` was given as `after`; `before` stays as it is.

    Raises `ValueError` where the difference belongs to another value.
    """
    if not changed:
        return before
    if "is" in changed:
        return changed["is"]
    try:
        return _table(before, changed) if "in" in changed else _list(before, changed)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("a difference belongs to another value") from error


def _is_same(before: Any, after: Any) -> bool:
    """To the letter: JSON tells 0.0 from -0.0."""
    if type(before) is not type(after) or before != after:
        return False
    return type(after) is not float or copysign(1, before) == copysign(1, after)


def _of_tables(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    gone = [key for key in before if key not in after]
    new = {key: value for key, value in after.items() if key not in before}
    inside = {}
    for key, value in after.items():
        if key in before and (changed := difference(before[key], value)):
            inside[key] = changed
    return {"set": new, "gone": gone, "in": inside} if gone or new or inside else SAME


def _of_lists(before: list[Any], after: list[Any]) -> dict[str, Any]:
    most = min(len(before), len(after))
    first = 0
    while first < most and not difference(before[first], after[first]):
        first += 1
    last = 0
    while last < most - first and not difference(before[-1 - last], after[-1 - last]):
        last += 1
    out, put = len(before) - first - last, after[first : len(after) - last]
    return {"at": first, "out": out, "put": put} if out or put else SAME


def _table(before: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = dict(before)
    for key in changed["gone"]:
        del made[key]
    for key, inside in changed["in"].items():
        made[key] = applied(made[key], inside)
    made |= changed["set"]
    return made


def _list(before: list[Any], changed: dict[str, Any]) -> list[Any]:
    at, out = changed["at"], changed["out"]
    if at + out > len(before):
        raise ValueError("a difference belongs to another list")
    return [*before[:at], *changed["put"], *before[at + out :]]
