"""What a plan decided, as bytes: the same for the version's folder and for the database.

Format: the length of a JSON head (8 bytes, little-endian), the head, and arrays as `.npy` behind
one another; all of it compressed by zlib.
"""

import io
import json
import zlib
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from data.mapped.picture import picture_from, picture_table
from routing.picture import Picture
from routing.plan.assigned import Assigned, Figures

_ARRAYS: Final = ("verdict", "site", "why", "demand", "way", "free", "load", "price")
_LEVEL: Final = 1


def packed(picture: Picture, assigned: Assigned) -> bytes:
    """A decision: what was in force, and what every household is told."""
    head = json.dumps(
        {"picture": picture_table(picture), "figures": asdict(assigned.figures)},
        ensure_ascii=False,
    ).encode()
    out = io.BytesIO()
    out.write(len(head).to_bytes(8, "little"))
    out.write(head)
    for name in _ARRAYS:
        np.save(out, getattr(assigned, name), allow_pickle=False)
    return zlib.compress(out.getbuffer(), _LEVEL)


def unpacked(body: bytes) -> tuple[Picture, Assigned]:
    """The decision that `packed` wrote; raises `ValueError` where it is damaged."""
    try:
        given = io.BytesIO(zlib.decompress(body))
        head: dict[str, Any] = json.loads(given.read(int.from_bytes(given.read(8), "little")))
        arrays = {name: np.load(given, allow_pickle=False) for name in _ARRAYS}
        figures = Figures(**head["figures"])
        return picture_from(head["picture"]), Assigned(**arrays, figures=figures)
    except (zlib.error, KeyError, TypeError, EOFError) as error:
        raise ValueError(f"a plan's bytes are damaged: {type(error).__name__}") from error
