"""What a plan decided, as bytes: the same for the version's folder and for the database.

Format: the length of a JSON head (8 bytes, little-endian), the head, and arrays as `.npy` behind
one another; all of it compressed by zlib.
"""

import hashlib
import io
import json
import zlib
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data.mapped.picture import picture_from, picture_table
from routing.picture import Picture
from routing.plan.assigned import Assigned, Figures

ARRAYS: Final = ("verdict", "site", "why", "demand", "way", "free", "load", "price")
LEVEL: Final = 1
DIGEST_SIZE: Final = 16


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """A plan's parts: the head as plain JSON values, and the arrays by their names."""

    head: dict[str, Any]
    arrays: dict[str, NDArray[Any]]

    def opened(self) -> tuple[Picture, Assigned]:
        """The picture and what every household is told; raises `ValueError` where damaged."""
        try:
            figures = Figures(**self.head["figures"])
            assigned = Assigned(**self.arrays, figures=figures)
            return picture_from(self.head["picture"]), assigned
        except (KeyError, TypeError) as error:
            raise ValueError(f"a plan's bytes are damaged: {type(error).__name__}") from error

    def digest(self) -> bytes:
        """Names this decision apart from every other."""
        made = hashlib.blake2b(digest_size=DIGEST_SIZE)
        made.update(json.dumps(self.head, sort_keys=True, ensure_ascii=False).encode())
        for name in ARRAYS:
            array = np.ascontiguousarray(self.arrays[name])
            made.update(f"{name} {array.dtype.str} {array.shape}".encode())
            made.update(array.data)
        return made.digest()


def decision(picture: Picture, assigned: Assigned) -> Decision:
    """A decision's parts: what was in force, and what every household is told."""
    told = {"picture": picture_table(picture), "figures": asdict(assigned.figures)}
    head: dict[str, Any] = json.loads(json.dumps(told, ensure_ascii=False))
    return Decision(head, {name: getattr(assigned, name) for name in ARRAYS})


def packed(picture: Picture, assigned: Assigned) -> bytes:
    """A decision's bytes."""
    return whole(decision(picture, assigned))


def whole(parts: Decision) -> bytes:
    """All of a decision as bytes."""
    head = json.dumps(parts.head, ensure_ascii=False).encode()
    out = io.BytesIO()
    out.write(len(head).to_bytes(8, "little"))
    out.write(head)
    for name in ARRAYS:
        np.save(out, parts.arrays[name], allow_pickle=False)
    return zlib.compress(out.getbuffer(), LEVEL)


def parts_of(body: bytes) -> Decision:
    """The parts of what `whole` wrote; raises `ValueError` where it is damaged."""
    try:
        given = io.BytesIO(zlib.decompress(body))
        head: dict[str, Any] = json.loads(given.read(int.from_bytes(given.read(8), "little")))
        return Decision(head, {name: np.load(given, allow_pickle=False) for name in ARRAYS})
    except (zlib.error, KeyError, TypeError, EOFError) as error:
        raise ValueError(f"a plan's bytes are damaged: {type(error).__name__}") from error


def unpacked(body: bytes) -> tuple[Picture, Assigned]:
    """The decision that `packed` wrote; raises `ValueError` where it is damaged."""
    return parts_of(body).opened()
