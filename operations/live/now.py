"""The live stream as one server knows it: of each thing the newest state, rendered once for all.

The words of the stream, the same on every way that it is sent:

- a change: `{"epoch", "offset", "topic", "key", "state", "as_of"}`; `state` is null once it is gone
- several changes at once: a JSON array of them, in the order of their offsets
- `{"snapshot": [changes], "epoch", "offset"}`: all that there is; whatever is not in it is gone
- `{"heartbeat", "checked_at", "epoch", "offset"}`: the server's clock, when nothing newer was known
  to exist (null: never), and up to where all has been sent
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson

from data.live.outbox import FORGOTTEN, LET_IN, LiveState, Topic, forgotten

Thing = tuple[Topic, str]
Asked = tuple[frozenset[Topic], str, str | None, int]
"""What of a view others share, and an offset."""
MOST_SAID: Final = 64
"""Messages kept for others who ask the same; who comes back from far asks for long ones."""


@dataclass(frozen=True, slots=True)
class View:
    """What a follower may see: topics; of headquarters' only keys that begin so, or exactly one;
    of households' ways only that of the key `way`, none where it is empty.
    """

    topics: frozenset[Topic]
    begins: str = ""
    exactly: str | None = None
    way: str = ""

    def shares(self, topic: Topic, key: str) -> bool:
        """Whether it sees a thing together with all whose views differ in nothing but `way`."""
        if topic not in self.topics or topic is Topic.WAY:
            return False
        if topic is not Topic.HEADQUARTERS:
            return True
        return key == self.exactly if self.exactly is not None else key.startswith(self.begins)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A state, and the bytes of its change."""

    state: LiveState
    body: bytes


@dataclass(frozen=True, slots=True)
class LiveNow:
    """One moment of the stream. `things` are in the order of their offsets; it is never changed.

    `epoch` is empty before anything was read.
    """

    epoch: str = ""
    offset: int = 0
    things: dict[Thing, Rendered] = field(default_factory=dict)
    _said: dict[tuple[Asked, bool], str | None] = field(default_factory=dict)
    _found: dict[Asked, tuple[Rendered, ...]] = field(default_factory=dict)

    @property
    def since(self) -> str:
        """Where it stands, as clients name it; empty before anything was read."""
        return f"{self.epoch}:{self.offset}" if self.epoch else ""

    def grown(self, newer: Sequence[LiveState]) -> "LiveNow":
        """With newer states of the same epoch, oldest first, and without what is forgotten."""
        if not newer:
            return self
        things, gone = dict(self.things), forgotten(newer)
        if gone:
            there = things.items()
            old = (thing for thing, one in there if one.state.offset <= gone)
            for thing in [one for one in old if things[one].state.state is None]:
                del things[thing]
        for state in newer:
            thing = state.topic, state.key
            things.pop(thing, None)
            things[thing] = Rendered(state, _change(self.epoch, state))
        return LiveNow(self.epoch, newer[-1].offset, things)

    def tells_from(self, epoch: str, offset: int) -> bool:
        """Whether whoever knows all up to there needs no snapshot."""
        return epoch == self.epoch and offset >= self._forgotten

    @property
    def let_in(self) -> tuple[str, int]:
        """Changes whenever somebody is let in no longer."""
        told = self.things.get((Topic.SERVERS, LET_IN))
        return self.epoch, told.state.offset if told else 0

    @property
    def _forgotten(self) -> int:
        told = self.things.get((Topic.SERVERS, FORGOTTEN))
        return forgotten([told.state]) if told else 0

    def states(self, topic: Topic) -> dict[str, Mapping[str, Any]]:
        """The state of each thing of a topic that is not gone, by its key."""
        found = (one.state for (about, _), one in self.things.items() if about is topic)
        return {one.key: one.state for one in found if one.state is not None}

    def message(self, view: View, offset: int | None) -> str | None:
        """What a follower who knows all up to an offset is sent, None if there is nothing.

        Without an offset it is the snapshot. Each is made once, whoever asks, but for those whose
        own way is in it.
        """
        if self._own(view, offset or 0) is not None:
            return self._made(view, offset)
        asked = _asked(view, offset or 0), offset is None
        if asked not in self._said:
            if len(self._said) >= MOST_SAID:
                self._said.clear()
            self._said[asked] = self._made(view, offset)
        return self._said[asked]

    def after(self, view: View, offset: int) -> Sequence[Rendered]:
        """What is newer than an offset, oldest first.

        All things are gone through once for all who share what they see: of a hundred thousand
        households, each hears of its own way alone.
        """
        asked, own = _asked(view, offset), self._own(view, offset)
        if asked not in self._found:
            if len(self._found) >= MOST_SAID:
                self._found.clear()
            self._found[asked] = tuple(self._newer(view, offset))[::-1]
        shared = self._found[asked]
        return sorted((*shared, own), key=lambda one: one.state.offset) if own else shared

    def _own(self, view: View, offset: int) -> Rendered | None:
        """What is newer of the one way in a view."""
        if not view.way or Topic.WAY not in view.topics:
            return None
        one = self.things.get((Topic.WAY, view.way))
        return one if one and one.state.offset > offset else None

    def _newer(self, view: View, offset: int) -> Iterator[Rendered]:
        for one in reversed(self.things.values()):
            if one.state.offset <= offset:
                return
            if view.shares(one.state.topic, one.state.key):
                yield one

    def _made(self, view: View, offset: int | None) -> str | None:
        if offset is None:
            there = [one.body for one in self.after(view, 0) if one.state.state is not None]
            head = b'{"snapshot":' + _array(there)
            tail = f',"epoch":"{self.epoch}","offset":{self.offset}}}'
            return head.decode() + tail
        bodies = [one.body for one in self.after(view, offset)]
        if len(bodies) > 1:
            return _array(bodies).decode()
        return bodies[0].decode() if bodies else None


def heartbeat(epoch: str, offset: int, now: datetime, checked_at: datetime | None) -> str:
    """The words that say: nothing was missed."""
    table = {
        "heartbeat": now.isoformat(timespec="milliseconds"),
        "checked_at": checked_at and checked_at.isoformat(timespec="milliseconds"),
        "epoch": epoch,
        "offset": offset,
    }
    return orjson.dumps(table).decode()


def _asked(view: View, offset: int) -> Asked:
    return view.topics, view.begins, view.exactly, offset


def _array(bodies: Sequence[bytes]) -> bytes:
    return b"[" + b",".join(bodies) + b"]"


def _change(epoch: str, one: LiveState) -> bytes:
    return orjson.dumps(
        {
            "epoch": epoch,
            "offset": one.offset,
            "topic": one.topic,
            "key": one.key,
            "state": one.state,
            "as_of": one.as_of.isoformat(timespec="milliseconds"),
        }
    )
