"""What Twilio posts of a message later: a signed form at the address that the request named.

Source: Twilio, "Secure webhooks"; the message statuses of its `message_enum_status`.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from alerts.channels.errors import Forged, Unreadable
from alerts.channels.receipt import Receipt, ReceiptState

LARGEST: Final = 100_000
"""Bytes of a call-back; Twilio's own are a few hundred."""

MOST_FIELDS: Final = 200

ENDS: Final[Mapping[str, ReceiptState]] = {
    "delivered": ReceiptState.DELIVERED,
    "read": ReceiptState.DELIVERED,
    "undelivered": ReceiptState.FAILED,
    "failed": ReceiptState.FAILED,
    "canceled": ReceiptState.FAILED,
}
VALIDITY_EXCEEDED: Final = "30036"
"""Error code of a message that stayed in the queue longer than its validity period."""


def receipt(raw: bytes, signature: str, *, url: str, auth_token: str) -> Receipt | None:
    """What became of a message; None while it is on its way, or for a status unknown here.

    `raw` is the form as it came, `signature` its `x-twilio-signature`, `url` the whole call-back
    address as it was given to Twilio. Raises `Forged`, and `Unreadable`.
    """
    if len(raw) > LARGEST:
        raise Unreadable("Twilio からの通知が大きすぎます (call-back too large)")
    form = _form(raw)
    check_signature(form, signature, url=url, auth_token=auth_token)
    told = dict(form)
    try:
        reference, status = told["MessageSid"], told["MessageStatus"]
    except KeyError:
        raise Unreadable("Twilio からの通知が読めません (call-back without status)") from None
    state = ENDS.get(status)
    if state is ReceiptState.FAILED and told.get("ErrorCode") == VALIDITY_EXCEEDED:
        state = ReceiptState.EXPIRED
    return Receipt(reference, state, None) if state else None


def check_signature(
    form: list[tuple[str, str]], signature: str, *, url: str, auth_token: str
) -> None:
    """Raise `Forged` unless the account's token signed this address and these fields.

    Fields count sorted, each name directly before its value, and a repeated pair once.
    """
    signed = url + "".join(name + value for name, value in sorted(set(form)))
    right = base64.b64encode(hmac.digest(auth_token.encode(), signed.encode(), hashlib.sha1))
    if not hmac.compare_digest(right, signature.encode("utf-8", "replace")):
        raise Forged("Twilio の署名ではありません (wrong signature)")


def _form(raw: bytes) -> list[tuple[str, str]]:
    """The fields of a form; raises `Unreadable`."""
    try:
        return parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise Unreadable("Twilio からの通知が読めません (call-back is no form)") from None
