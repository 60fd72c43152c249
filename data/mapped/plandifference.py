"""What one plan decided, as its difference to another: some kilobytes where little changed.

Format: as that of a whole decision; the head holds the difference of the heads and, of each array,
how it is written: nothing (the same), `whole`, `few` (gaps between the rows that changed, and their
new values), or `renamed` (each old value with its new one, and the few rows that differ from that).
"""

import io
import json
import zlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data.difference import applied, difference
from data.mapped.plan import ARRAYS, Decision

_LARGEST_TABLE: Final = 1 << 20
Array = NDArray[Any]
_LEVEL: Final = 6
_RENAMED_FROM: Final = 1 / 8
"""The part of an array that must have changed before it is looked whether values were renamed."""
_MOST_NAMES: Final = 4096
"""Values that an array may have for that: shares of persons, numbers of places."""


def plan_difference(before: Decision, after: Decision) -> bytes:
    """What makes `after` out of `before`, of any two decisions."""
    written: dict[str, Any] = {}
    out = io.BytesIO()
    for name in ARRAYS:
        how, arrays = _written(before.arrays[name], after.arrays[name])
        if how:
            written[name] = how
        for array in arrays:
            np.save(out, array, allow_pickle=False)
    told = {"head": difference(before.head, after.head), "arrays": written}
    head = json.dumps(told, ensure_ascii=False).encode()
    return zlib.compress(len(head).to_bytes(8, "little") + head + out.getvalue(), _LEVEL)


def with_difference(before: Decision, body: bytes) -> Decision:
    """The decision after; raises `ValueError` where the bytes are damaged or of other arrays."""
    try:
        given = io.BytesIO(zlib.decompress(body))
        told = json.loads(given.read(int.from_bytes(given.read(8), "little")))
        arrays = {
            name: _read(before.arrays[name], told["arrays"].get(name), given) for name in ARRAYS
        }
        return Decision(applied(before.head, told["head"]), arrays)
    except (zlib.error, KeyError, TypeError, EOFError, IndexError) as error:
        raise ValueError(f"a plan's difference is damaged: {type(error).__name__}") from error


def _written(before: Array, after: Array) -> tuple[str, list[Array]]:
    """How an array is written, and what is written of it."""
    if before.dtype != after.dtype or before.shape != after.shape:
        return "whole", [after]
    rows = np.flatnonzero(before != after)
    if not len(rows):
        return "", []
    if len(rows) > len(after) * _RENAMED_FROM and len(after) > _MOST_NAMES:
        old, new = _renamed(before, after)
        if len(old):
            rest = np.flatnonzero(new[np.searchsorted(old, before)] != after)
            if len(rest) < len(rows) / 2:
                return "renamed", [old, new, *_few(rest, after)]
    if len(rows) > len(after) / 2:
        return "whole", [after]
    return "few", _few(rows, after)


def _few(rows: Array, after: Array) -> list[Array]:
    """The gaps between some rows, in as few bytes as they need, and the values there."""
    gaps = np.diff(rows, prepend=0)
    return [gaps.astype(np.min_scalar_type(int(gaps.max(initial=0)))), after[rows]]


def _renamed(before: Array, after: Array) -> tuple[Array, Array]:
    """Each value that there was, sorted, and what one of its rows became; nothing of too many."""
    sample = np.unique(before[:: max(1, len(before) // _MOST_NAMES)])
    if len(sample) > _MOST_NAMES // 4:
        return before[:0], after[:0]
    old, last = np.unique(before[::-1], return_index=True)
    if len(old) > _MOST_NAMES:
        return before[:0], after[:0]
    return old, after[len(before) - 1 - last]


def _read(before: Array, how: str | None, given: io.BytesIO) -> Array:
    if how is None:
        return before
    first = np.load(given, allow_pickle=False)
    if how == "whole":
        return np.asarray(first)
    if how == "renamed":
        made = _named_anew(before, first, np.load(given, allow_pickle=False))
        first = np.load(given, allow_pickle=False)
    else:
        made = before.copy()
    made[np.cumsum(first, dtype=np.int64)] = np.load(given, allow_pickle=False)
    return made


def _named_anew(before: Array, old: Array, new: Array) -> Array:
    """Each old value's new one; small numbers are looked up where they stand in a table."""
    if len(old) and old[0] >= 0 and old[-1] < _LARGEST_TABLE:
        table = np.zeros(int(old[-1]) + 1, new.dtype)
        table[old] = new
        return np.asarray(table[before])
    return np.asarray(new[np.searchsorted(old, before)])


def head_of(body: bytes) -> dict[str, Any]:
    """The head of a whole decision or of a difference; raises `ValueError` where damaged."""
    try:
        raw = zlib.decompress(body)
        head: dict[str, Any] = json.loads(raw[8 : 8 + int.from_bytes(raw[:8], "little")])
    except (zlib.error, UnicodeDecodeError) as error:
        raise ValueError(f"a plan's bytes are damaged: {type(error).__name__}") from error
    return head
