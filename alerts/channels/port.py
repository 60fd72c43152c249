"""The small port behind which every carrier stands.

A carrier hands over, and says of each letter what became of it. It keeps no state that matters,
tries nothing again and counts nothing: queue, retries, rates and the breaker are
`operations/delivery`.
"""

import ipaddress
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol, runtime_checkable
from uuid import UUID

from alerts.errors import NotLive
from alerts.kinds import ChannelKind

PRODUCTION: Final = "NIGEMICHI_PRODUCTION"
"""Environment: "1" in a process that may speak with real carriers; any other speaks with loopback
alone, so that no test and no drill can reach a person."""


class Fate(StrEnum):
    """What became of a letter that was handed over.

    - `ACCEPTED`: the carrier took it, which is not yet "reached";
    - `REFUSED`: it will never take it (no such number, a wrong body);
    - `NOT_TAKEN`: certainly not taken now; may be handed over again;
    - `UNKNOWN`: it may have been taken (no answer came, the connection broke after sending).
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_TAKEN = "not_taken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one address: `link` is the reader's own, "" where the way carries none.

    Its repr shows neither: a letter may end in a log.
    """

    recipient: int
    address: str = field(repr=False)
    link: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """Letters with one message, frozen before its first try.

    `key` is the same at each try, and so is the body: LINE's `X-Line-Retry-Key`. `message` is what
    the channel's rendering gave (`alerts/wording`). From `expires_at` on nobody gets it any more,
    also of a carrier that took it before, where it can be told so; None: as its account has it.
    """

    key: UUID
    message: Mapping[str, Any]
    letters: tuple[Letter, ...]
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of one letter.

    `reference` is the carrier's own number, for receipts; `why` never holds an address; not before
    `wait_s` the carrier wants to be asked again. `for_all`: it says nothing of this letter but of
    the carrier (rate, outage, quota): the rest of the queue need not be tried now. `throttled`: the
    carrier works, and was only asked too fast.
    """

    fate: Fate
    reference: str = ""
    why: str = ""
    wait_s: float = 0.0
    for_all: bool = False
    throttled: bool = False


class Carrier(Protocol):
    """One way out, with one credential.

    `at_once` letters at most are given to it in one call; `rate` calls a second it may be given
    over all machines, `letters_rate` letters a second (0: no such limit).
    `remembers_s`: so long a repeated `key` is noticed by it, and nobody gets it twice; 0: never.
    """

    @property
    def kind(self) -> ChannelKind: ...
    @property
    def credential(self) -> str:
        """A name for the credential, which is no secret: rates are counted by it."""
        ...

    @property
    def at_once(self) -> int: ...
    @property
    def rate(self) -> float: ...
    @property
    def letters_rate(self) -> float: ...
    @property
    def remembers_s(self) -> float: ...
    def hand_over(self, batch: Batch) -> Sequence[Handed]:
        """One `Handed` a letter, in their order; ends within its own time-out, raises nothing that
        a carrier's behaviour may cause.
        """
        ...

    def close(self) -> None: ...


@runtime_checkable
class Metered(Protocol):
    """A carrier that takes so many letters a month and then none."""

    def left(self) -> int | None:
        """How many it still takes this month, None: as many as one likes; raises `NoAnswer`."""
        ...


def check_reachable(host: str) -> None:
    """Raise `NotLive` for a host beyond this machine, unless the process is production.

    `host` is a name or an address without port; names count as loopback only when they are
    "localhost": what a resolver says may change.
    """
    if os.environ.get(PRODUCTION) == "1" or host == "localhost":
        return
    try:
        inside = ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise NotLive(
            f"{host} is not on this machine, and this process was not started as production"
            f" ({PRODUCTION}=1): a drill or a test reaches nobody"
        )
