"""What Twilio posts of a message later."""

import base64
import hashlib
import hmac
from pathlib import Path
from urllib.parse import urlencode

import pytest

from alerts.channels.errors import Forged, Unreadable
from alerts.channels.receipt import Receipt, ReceiptState
from alerts.channels.twilio_webhook import ENDS, LARGEST, receipt

URL = "https://nigemichi.example/sms/a-token-of-ours"
ACCOUNT = "an account's own"
SID = "SM" + "a" * 32
NUMBER = "+819055555555"
CONTRACT = Path(__file__).parents[5] / "shared/data/sms/twilio_api_v2010.yaml"
ON_THE_WAY = {
    "accepted",
    "partially_delivered",
    "queued",
    "received",
    "receiving",
    "scheduled",
    "sending",
    "sent",
}


def signed(form: list[tuple[str, str]], url: str = URL, account: str = ACCOUNT) -> str:
    """The signature as Twilio makes it."""
    text = url + "".join(f"{name}{value}" for name, value in sorted(form))
    digest = hmac.new(account.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def a_form(status: str, **more: str) -> list[tuple[str, str]]:
    """The fields of a call-back."""
    fields = {"MessageSid": SID, "MessageStatus": status, "To": NUMBER, "From": "+8150", **more}
    return list(fields.items())


def told(form: list[tuple[str, str]]) -> Receipt | None:
    """The receipt of a signed call-back."""
    return receipt(urlencode(form).encode(), signed(form), url=URL, auth_token=ACCOUNT)


@pytest.mark.parametrize(("status", "state"), sorted(ENDS.items()))
def test_an_end_is_a_receipt(status: str, state: ReceiptState) -> None:
    assert told(a_form(status)) == Receipt(SID, state, None)


@pytest.mark.parametrize("status", [*sorted(ON_THE_WAY), "tomorrow's"])
def test_what_is_on_its_way_is_none(status: str) -> None:
    assert told(a_form(status)) is None


def test_what_stayed_too_long_in_the_queue_expired() -> None:
    assert told(a_form("failed", ErrorCode="30036")) == Receipt(SID, ReceiptState.EXPIRED, None)


def test_unknown_empty_and_japanese_fields_are_signed_too() -> None:
    form = a_form("delivered", Tomorrow="避難 & +", Empty="")
    assert told(form) == Receipt(SID, ReceiptState.DELIVERED, None)


@pytest.mark.skipif(not CONTRACT.is_file(), reason="../shared/data/sms is not there")
def test_every_status_of_twilio_is_an_end_or_on_the_way() -> None:
    lines = CONTRACT.read_text()
    listed = lines[lines.index("message_enum_status:") :]
    listed = listed[listed.index("enum:") : listed.index("description:")]
    named = {line.strip(" -") for line in listed.splitlines()[1:] if line.strip().startswith("-")}
    assert named == ON_THE_WAY | set(ENDS)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "forged",
        "日本",
        signed(a_form("failed")),
        signed(a_form("delivered"), url=URL + "2"),
        signed(a_form("delivered"), account="another"),
    ],
    ids=["none", "words", "japanese", "other form", "other address", "other account"],
)
def test_a_forged_call_back_is_refused(signature: str) -> None:
    raw = urlencode(a_form("delivered")).encode()
    with pytest.raises(Forged):
        receipt(raw, signature, url=URL, auth_token=ACCOUNT)


def test_a_field_that_is_added_breaks_the_signature() -> None:
    form = a_form("failed")
    raw = urlencode([*form, ("MessageStatus", "delivered")]).encode()
    with pytest.raises(Forged):
        receipt(raw, signed(form), url=URL, auth_token=ACCOUNT)


def test_a_form_without_status_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        told([("MessageSid", SID)])


@pytest.mark.parametrize(
    "raw",
    [b"\xff\xfe", b"a=%FF", b"&".join(b"a=1" for _ in range(300)), b"x" * (LARGEST + 1)],
    ids=["octets", "no utf-8", "many", "large"],
)
def test_what_is_no_form_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        receipt(raw, "", url=URL, auth_token=ACCOUNT)
    assert NUMBER not in str(refused.value)
