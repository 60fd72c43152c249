"""What a peer does with requests, and what it took of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Behaviour:
    """What a peer does with requests: `every` n-th of them, `times` times (None: until changed).

    `seconds`: how long it hangs or is off; `status`: what it answers, where the name needs one.
    """

    name: str = "ok"
    times: int | None = None
    every: int = 1
    seconds: float = 0.0
    status: int = 0


@dataclass
class Ledger:
    """What a peer took, as it saw it: each entry a key and the addresses that it served."""

    entries: list[tuple[str, Sequence[str]]] = field(default_factory=list)

    def take(self, key: str, addresses: Sequence[str]) -> None:
        """Note that each of the addresses got the message of that key once more."""
        self.entries.append((key, addresses))

    def counts(self, key: str | None = None) -> Counter[str]:
        """How often each address was served, by that key or by any."""
        found: Counter[str] = Counter()
        for entry, addresses in self.entries:
            if key in (None, entry):
                found.update(addresses)
        return found

    def summary(self) -> dict[str, int]:
        """Totals: `repeated` counts what an address got more than once by one key."""
        pairs = Counter((key, one) for key, addresses in self.entries for one in addresses)
        served = self.counts()
        return {
            "recipients": len(served),
            "deliveries": served.total(),
            "most": max(served.values(), default=0),
            "repeated": sum(count - 1 for count in pairs.values()),
        }
