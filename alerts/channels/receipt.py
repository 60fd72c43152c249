"""What a carrier of short messages says later of one that it took."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReceiptState(StrEnum):
    """The end of a message; whatever comes before the end is no receipt."""

    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Receipt:
    """`reference` is that of `Handed`; `at` is the carrier's own time, None where it tells none."""

    reference: str
    state: ReceiptState
    at: datetime | None
