"""The last good live stream in the state folder, for a start without the database.

`live.json` holds the states, `live-checked` the moment at which they were last known to be the
newest. Both may hold what only headquarters reads: nobody but their owner may open them.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson

from data.live.outbox import LiveState, Topic

STATES: Final = "live.json"
CHECKED: Final = "live-checked"


@dataclass(frozen=True, slots=True)
class Kept:
    """A stream as it was; `checked_at` is when PostgreSQL last said that nothing is newer."""

    epoch: str
    offset: int
    checked_at: datetime
    states: Sequence[LiveState]


def keep(state: Path, kept: Kept) -> None:
    """Write the states, whole or not at all. Raises `OSError`."""
    table = {
        "epoch": kept.epoch,
        "offset": kept.offset,
        "checked_at": kept.checked_at,
        "states": [
            {
                "offset": one.offset,
                "topic": one.topic,
                "key": one.key,
                "state": one.state,
                "as_of": one.as_of,
            }
            for one in kept.states
        ],
    }
    _write(state / STATES, orjson.dumps(table))


def keep_checked(state: Path, epoch: str, offset: int, at: datetime) -> None:
    """Note that nothing is newer than that offset at that moment. Raises `OSError`."""
    _write(state / CHECKED, f"{at.isoformat()} {epoch}:{offset}".encode())


def kept_at(state: Path) -> int:
    """When the states were written last, in ns; 0 without any."""
    try:
        return (state / STATES).stat().st_mtime_ns
    except OSError:
        return 0


def restore(state: Path) -> Kept | None:
    """What was kept last; None without any, or if it is damaged."""
    try:
        table = orjson.loads((state / STATES).read_bytes())
        states = tuple(_state(row) for row in table["states"])
        epoch, offset = str(table["epoch"]), int(table["offset"])
        written = datetime.fromisoformat(table["checked_at"])
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return Kept(epoch, offset, _checked(state, epoch, offset) or written, states)


def _state(row: Any) -> LiveState:
    as_of = datetime.fromisoformat(row["as_of"])
    return LiveState(int(row["offset"]), Topic(row["topic"]), row["key"], row["state"], as_of)


def _checked(state: Path, epoch: str, offset: int) -> datetime | None:
    """The moment noted of just these states."""
    try:
        moment, noted = (state / CHECKED).read_text("utf-8").split(" ")
        return datetime.fromisoformat(moment) if noted == f"{epoch}:{offset}" else None
    except (OSError, ValueError):
        return None


def _write(path: Path, body: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "wb") as file:
        file.write(body)
    draft.replace(path)
