"""What LINE tells of people: who blocked us, who came back, who wrote, tapped, or sent
a picture or a place.

Redelivered events come with the same `event_id`: the database passes them over, not this.
Source: LINE's `webhook.yml`; "Verify webhook signature".
"""

import base64
import hashlib
import hmac
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from alerts.channels.errors import Forged, Unreadable

NUMBER: Final = re.compile(r"[0-9]{1,40}")
LARGEST: Final = 1_000_000
"""Bytes of a call-back; LINE's own are a few thousand."""

log = logging.getLogger("nigemichi.line")


@dataclass(frozen=True, slots=True)
class LineEvent:
    """Something that one person did. `redelivered`: LINE tells it again, by the same `event_id`."""

    event_id: str
    at: datetime
    user: str = field(repr=False)
    redelivered: bool


@dataclass(frozen=True, slots=True)
class Followed(LineEvent):
    """They added us as a friend, or with `unblocked` took us back."""

    reply_token: str = field(repr=False)
    unblocked: bool


@dataclass(frozen=True, slots=True)
class Unfollowed(LineEvent):
    """They blocked us: nothing reaches them, though LINE goes on answering 200."""


@dataclass(frozen=True, slots=True)
class Wrote(LineEvent):
    """They wrote; `text` is "" for stickers, pictures and the like."""

    reply_token: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pictured(LineEvent):
    """They sent a picture, which LINE keeps under `picture` until it is asked for."""

    picture: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Located(LineEvent):
    """They sent a place, in degrees."""

    lat: float = field(repr=False)
    lon: float = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tapped(LineEvent):
    """They tapped a button of ours, which carries `data`."""

    reply_token: str = field(repr=False)
    data: str = field(repr=False)


def events(raw: bytes, signature: str, *, secret: str) -> tuple[LineEvent, ...]:
    """The events of one call-back, in their order; other kinds are passed over.

    `raw` is the body as it came, `signature` its `x-line-signature`, `secret` the channel's.
    Raises `Forged`, and `Unreadable` for a body over `LARGEST` or without events.
    """
    if len(raw) > LARGEST:
        raise Unreadable("LINE からの通知が大きすぎます (call-back too large)")
    check_signature(raw, signature, secret=secret)
    try:
        told = orjson.loads(raw)
        listed = told["events"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        listed = None
    if not isinstance(listed, list):
        raise Unreadable("LINE からの通知が読めません (call-back without events)")
    return tuple(event for one in listed if (event := _event(one)) is not None)


def check_signature(raw: bytes, signature: str, *, secret: str) -> None:
    """Raise `Forged` unless the channel's secret signed these bytes."""
    right = base64.b64encode(hmac.digest(secret.encode(), raw, hashlib.sha256))
    if not hmac.compare_digest(right, signature.encode("utf-8", "replace")):
        raise Forged("LINE の署名ではありません (wrong signature)")


def _event(told: Any) -> LineEvent | None:
    """One event; None for what is not of one person, or of a kind that means nothing here."""
    try:
        read = READERS.get(told["type"])
        if read is None or told["source"]["type"] != "user":
            return None
        return read(told, _common(told))
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        log.warning("an event of LINE was passed over: it lacks what its kind has")
        return None


def _common(told: Mapping[str, Any]) -> dict[str, Any]:
    """What every event has."""
    return {
        "event_id": _text(told["webhookEventId"]),
        "at": datetime.fromtimestamp(told["timestamp"] / 1000, UTC),
        "user": _text(told["source"]["userId"]),
        "redelivered": bool(told["deliveryContext"]["isRedelivery"]),
    }


def _followed(told: Mapping[str, Any], common: dict[str, Any]) -> LineEvent:
    unblocked = bool(told.get("follow", {}).get("isUnblocked", False))
    return Followed(**common, reply_token=_text(told["replyToken"]), unblocked=unblocked)


def _unfollowed(_: Mapping[str, Any], common: dict[str, Any]) -> LineEvent:
    return Unfollowed(**common)


def _wrote(told: Mapping[str, Any], common: dict[str, Any]) -> LineEvent:
    message = told["message"]
    if message.get("type") == "location":
        lat, lon = _place(message)
        return Located(**common, lat=lat, lon=lon)
    # A picture from elsewhere than LINE's own store is nothing that we fetch.
    if message.get("type") == "image" and message["contentProvider"]["type"] == "line":
        return Pictured(**common, picture=_number(message["id"]))
    text = message.get("text", "")
    return Wrote(**common, reply_token=_text(told.get("replyToken", "")), text=_text(text))


def _tapped(told: Mapping[str, Any], common: dict[str, Any]) -> LineEvent:
    data = _text(told["postback"]["data"])
    return Tapped(**common, reply_token=_text(told.get("replyToken", "")), data=data)


def _place(message: Mapping[str, Any]) -> tuple[float, float]:
    """Latitude and longitude; raises `ValueError` for what is nowhere."""
    lat, lon = float(message["latitude"]), float(message["longitude"])
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise ValueError
    return lat, lon


def _number(told: Any) -> str:
    """A message's number, which is put into an address; raises `ValueError` for anything else."""
    if not NUMBER.fullmatch(_text(told)):
        raise ValueError
    return str(told)


def _text(told: Any) -> str:
    """A string; raises `TypeError` for anything else."""
    if not isinstance(told, str):
        raise TypeError
    return told


Reader = Callable[[Mapping[str, Any], dict[str, Any]], LineEvent]

READERS: Final[Mapping[str, Reader]] = {
    "follow": _followed,
    "unfollow": _unfollowed,
    "message": _wrote,
    "postback": _tapped,
}
