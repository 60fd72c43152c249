"""How long nights are kept, and how many: `NIGEMICHI_REPLAY_DAYS`, `NIGEMICHI_REPLAY_MB`."""

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from operations.errors import Refused

DAYS: Final = 400
"""Policy: until the next season's exercise; the city's own rule for records comes first."""
MEGABYTES: Final = 5_000
"""Some fifteen nights of 5,000 versions of a large city."""
_MOST: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class KeptFor:
    """A night leaves whole when it is older than `age`, or when all take more than `size_bytes`."""

    age: timedelta
    size_bytes: int


def kept_for() -> KeptFor:
    """Read the environment; raises `Refused`."""
    days = min(_number("NIGEMICHI_REPLAY_DAYS", DAYS), 36_500)
    return KeptFor(timedelta(days=days), _number("NIGEMICHI_REPLAY_MB", MEGABYTES) * 10**6)


def _number(name: str, usual: int) -> int:
    said = os.environ.get(name) or str(usual)
    if not said.isascii() or not said.isdigit() or not 1 <= int(said[:9]) <= _MOST:
        raise Refused(f"{name} is a whole number from 1 to {_MOST}, not {said!r}")
    return int(said[:9])
