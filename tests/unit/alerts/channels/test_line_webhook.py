"""What LINE tells of people: signed, told again, and of kinds that nobody knows yet."""

import base64
import hashlib
import hmac
import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels.errors import Forged, Unreadable
from alerts.channels.line_webhook import (
    LARGEST,
    Followed,
    LineEvent,
    Located,
    Pictured,
    Tapped,
    Unfollowed,
    Wrote,
    events,
)

CHANNEL = "a channel's own"
USER = "U" + "5" * 32
REPLY = "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA"
AT = datetime(2026, 10, 11, 18, 5, tzinfo=UTC)


def signed(raw: bytes, secret: str = CHANNEL) -> str:
    """The signature as LINE makes it."""
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def an_event(kind: str, **more: Any) -> dict[str, Any]:
    """One event in LINE's form."""
    return {
        "type": kind,
        "mode": "active",
        "timestamp": int(AT.timestamp() * 1000),
        "source": {"type": "user", "userId": USER},
        "webhookEventId": "01FZ74A0TDDPYRVKNK77XKC3ZR",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": REPLY,
        **more,
    }


def told(*listed: Any) -> tuple[LineEvent, ...]:
    """The events of a call-back that holds these."""
    raw = json.dumps({"destination": USER, "events": listed}).encode()
    return events(raw, signed(raw), secret=CHANNEL)


COMMON: dict[str, Any] = {
    "event_id": "01FZ74A0TDDPYRVKNK77XKC3ZR",
    "at": AT,
    "user": USER,
    "redelivered": False,
}


def test_each_kind_is_read() -> None:
    assert told(
        an_event("follow", follow={"isUnblocked": True}),
        an_event("unfollow"),
        an_event("message", message={"type": "text", "id": "1", "text": "助けて"}),
        an_event("message", message={"type": "sticker", "id": "2"}),
        an_event("postback", postback={"data": "safe=1"}),
    ) == (
        Followed(**COMMON, reply_token=REPLY, unblocked=True),
        Unfollowed(**COMMON),
        Wrote(**COMMON, reply_token=REPLY, text="助けて"),
        Wrote(**COMMON, reply_token=REPLY, text=""),
        Tapped(**COMMON, reply_token=REPLY, data="safe=1"),
    )


PICTURE = {"type": "image", "id": "354", "contentProvider": {"type": "line"}}
PLACE = {"type": "location", "id": "355", "latitude": 35.1, "longitude": 135.2}


def test_a_picture_and_a_place_are_read_and_stand_in_no_log() -> None:
    found = told(an_event("message", message=PICTURE), an_event("message", message=PLACE))
    assert found == (
        Pictured(**COMMON, picture="354"),
        Located(**COMMON, lat=35.1, lon=135.2),
    )
    assert "354" not in repr(found)
    assert "35.1" not in repr(found)


@pytest.mark.parametrize(
    "message",
    [
        PICTURE | {"id": "../../v2/bot/info"},
        PICTURE | {"contentProvider": {}},
        PLACE | {"latitude": 91},
        PLACE | {"longitude": "here"},
    ],
    ids=range(4),
)
def test_a_picture_or_place_that_is_none_is_passed_over(message: dict[str, Any]) -> None:
    assert told(an_event("message", message=message)) == ()


def test_a_picture_that_line_does_not_keep_is_something_they_wrote() -> None:
    elsewhere = PICTURE | {
        "contentProvider": {"type": "external", "originalContentUrl": "https://x"}
    }
    (found,) = told(an_event("message", message=elsewhere))
    assert isinstance(found, Wrote)


def test_a_redelivered_event_says_so_by_the_same_id() -> None:
    again = an_event("unfollow", deliveryContext={"isRedelivery": True})
    first, second = told(an_event("unfollow"), again)
    assert first.event_id == second.event_id
    assert (first.redelivered, second.redelivered) == (False, True)


def test_a_call_back_without_events_is_a_test_of_the_line() -> None:
    assert told() == ()


@pytest.mark.parametrize(
    "other",
    [
        an_event("videoPlayComplete", videoPlayComplete={"trackingId": "x"}),
        an_event("tomorrow's kind"),
        an_event("message", source={"type": "group", "groupId": "C1", "userId": USER}),
        an_event("unfollow", source={"type": "user"}),
        an_event("unfollow", timestamp="soon"),
        an_event("unfollow", timestamp=10**30),
        an_event("postback"),
        {"type": "unfollow"},
        {"type": ["unfollow"]},
        {},
        "unfollow",
        None,
    ],
)
def test_what_is_unknown_or_lacks_something_is_passed_over(
    other: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert told(other, an_event("unfollow", tomorrow="more")) == (Unfollowed(**COMMON),)
    assert USER not in caplog.text


@pytest.mark.parametrize(
    "signature",
    ["", "forged", signed(b"another"), signed(b"{}", "another channel"), "日本", "\x00"],
)
def test_a_forged_call_back_is_refused(signature: str) -> None:
    with pytest.raises(Forged):
        events(b"{}", signature, secret=CHANNEL)


@settings(deadline=None)
@given(st.binary(max_size=60), st.integers(min_value=0))
def test_one_changed_octet_breaks_the_signature(raw: bytes, place: int) -> None:
    raw = raw + b"."
    changed = bytearray(raw)
    changed[place % len(raw)] ^= 1
    with pytest.raises(Forged):
        events(bytes(changed), signed(raw), secret=CHANNEL)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"{}", b'{"events": 1}', b"null", b"\xff", b"[" * 100_000],
    ids=["empty", "half", "list", "nothing", "number", "null", "no text", "deep"],
)
def test_broken_json_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        events(raw, signed(raw), secret=CHANNEL)


def test_a_megabyte_is_not_even_looked_at() -> None:
    raw = b"x" * (LARGEST + 1)
    with pytest.raises(Unreadable, match="too large"):
        events(raw, "", secret=CHANNEL)


def test_an_event_in_a_log_names_nobody() -> None:
    words = an_event("message", message={"type": "text", "id": "1", "text": "浅瀬町の田中"})
    shown = repr(told(words, an_event("postback", postback={"data": "household=7"})))
    assert USER not in shown
    assert "田中" not in shown
    assert "household=7" not in shown
