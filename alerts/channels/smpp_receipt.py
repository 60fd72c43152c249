"""A delivery receipt as message centres write it into `deliver_sm`.

Source: SMPP 3.4, appendix B (the text's usual form), 5.3.2.12 and 5.3.2.35 (its TLVs).
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from alerts.channels.receipt import Receipt, ReceiptState

ZONE: Final = ZoneInfo("Asia/Tokyo")
"""The text's dates name no zone: vendors in Japan write Japanese time."""

RECEIPT: Final = 0x04
TYPE_BITS: Final = 0x3C
"""Of `esm_class` (5.2.12): the bits of the message type, and a centre's delivery receipt."""

ENDS: Final[Mapping[str, ReceiptState]] = {
    "DELIVRD": ReceiptState.DELIVERED,
    "EXPIRED": ReceiptState.EXPIRED,
    "DELETED": ReceiptState.FAILED,
    "UNDELIV": ReceiptState.FAILED,
    "REJECTD": ReceiptState.FAILED,
}
END_CODES: Final[Mapping[int, ReceiptState]] = {
    2: ReceiptState.DELIVERED,
    3: ReceiptState.EXPIRED,
    4: ReceiptState.FAILED,
    5: ReceiptState.FAILED,
    8: ReceiptState.FAILED,
}
"""The states that end a message, in words and as `message_state` (5.2.28)."""

ID: Final = re.compile(rb"\bid:\s*([^\s]{1,64})", re.IGNORECASE)
STATE: Final = re.compile(rb"\bstat:\s*([A-Z]{7})", re.IGNORECASE)
DONE: Final = re.compile(rb"\bdone date:\s*(\d{12}|\d{10})\b", re.IGNORECASE)


def receipt(
    esm_class: int, text: bytes, message_id: bytes | None, message_state: int | None
) -> Receipt | None:
    """What became of a message; None for anything else, and while it is on its way.

    `message_id` and `message_state` are the TLVs, which count before the text.
    """
    if esm_class & TYPE_BITS != RECEIPT:
        return None
    found = ID.search(text)
    reference = message_id or (found[1] if found else b"")
    said = STATE.search(text)
    state = END_CODES.get(message_state or 0)
    if state is None and said:
        state = ENDS.get(said[1].decode("ascii").upper())
    if not reference or b"\0" in reference or state is None:
        return None
    return Receipt(reference.decode("ascii", "replace"), state, _done(text))


def _done(text: bytes) -> datetime | None:
    """When it ended; None where the text has no such date."""
    found = DONE.search(text)
    if not found:
        return None
    digits = found[1].decode("ascii")
    form = "%y%m%d%H%M%S" if len(digits) == len("yymmddhhmmss") else "%y%m%d%H%M"
    try:
        return datetime.strptime(digits, form).replace(tzinfo=ZONE)
    except ValueError:
        return None
