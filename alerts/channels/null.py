"""A carrier that takes everything at once: for benchmarks of what lies before it."""

from collections.abc import Sequence

from alerts.channels.port import Batch, Fate, Handed
from alerts.kinds import ChannelKind


class NullCarrier:
    """Nothing leaves the process. Safe to call from many threads."""

    def __init__(
        self,
        kind: ChannelKind,
        *,
        credential: str = "null",
        at_once: int = 500,
        rate: float = 1_000_000.0,
        remembers_s: float = 0.0,
    ) -> None:
        self.kind = kind
        self.credential = credential
        self.at_once = at_once
        self.rate = rate
        self.letters_rate = 0.0
        self.remembers_s = remembers_s

    def hand_over(self, batch: Batch) -> Sequence[Handed]:
        """Every letter is taken; the reference is the batch's key."""
        return [Handed(Fate.ACCEPTED, reference=str(batch.key))] * len(batch.letters)

    def close(self) -> None:
        """There is nothing to close."""
