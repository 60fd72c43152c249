"""Many arrays in one file that is mapped once: a version has some sixty, and each file of its own
would have to be brought to the disk apart.

Format: `_BEGIN` (a mark, the length of a JSON head and its CRC-32), the head, and the arrays as
C-ordered bytes, each at a multiple of `ALIGNED`. The head has of each array its name, dtype, shape
and CRC-32, in the order in which they lie there.
"""

import json
import math
import mmap
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from struct import Struct
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

ALIGNED: Final = 64
"""Bytes of a cache line; no dtype needs more."""
_MARK: Final = b"NIGEARR1"
_BEGIN: Final = Struct("<8sII")


def save_bundle(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays of plain numbers under their names."""
    bodies: list[Any] = [_bytes(array) for array in arrays.values()]
    head = json.dumps(
        [
            [name, array.dtype.str, array.shape, zlib.crc32(body)]
            for (name, array), body in zip(arrays.items(), bodies, strict=True)
        ]
    ).encode()
    with path.open("wb") as file:
        file.write(_BEGIN.pack(_MARK, len(head), zlib.crc32(head)))
        for body in (head, *bodies):
            file.write(body)
            file.write(bytes(-file.tell() % ALIGNED))


def open_bundle(path: Path) -> dict[str, NDArray[Any]]:
    """Map the arrays, read-only; raises `ValueError` where one of them is not what was saved."""
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    whole: Any = np.frombuffer(mapped, np.uint8)
    begin = whole[: _BEGIN.size].tobytes()
    if len(begin) < _BEGIN.size:
        raise ValueError(f"{path.name} is damaged: it ends within its beginning")
    mark, length, check = _BEGIN.unpack(begin)
    head = whole[_BEGIN.size : _BEGIN.size + length]
    if mark != _MARK or zlib.crc32(head) != check:
        raise ValueError(f"{path.name} is damaged: its head")
    return dict(_arrays(path, whole, json.loads(head.tobytes()), _BEGIN.size + length))


def _arrays(
    path: Path, whole: Any, head: list[Any], end: int
) -> Iterator[tuple[str, NDArray[Any]]]:
    """Each array of a head that ends at the byte `end`."""
    for name, dtype, shape, check in head:
        begin = end + -end % ALIGNED
        end = begin + math.prod(shape) * np.dtype(dtype).itemsize
        body = whole[begin:end]
        if zlib.crc32(body) != check:
            raise ValueError(f"{path.name} is damaged: {name}")
        yield name, body.view(dtype).reshape(shape)


def _bytes(array: NDArray[Any]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)
