"""What LINE checks of a multicast beside its OpenAPI: lengths, user ids, the size of a bubble.

Source: Messaging API reference, "Message objects", "Character counting in a text" (UTF-16 units).
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

LARGEST_BODY = 2_000_000
MOST_RECIPIENTS, MOST_MESSAGES = 500, 5
LONGEST_TEXT, LONGEST_ALT_TEXT = 5_000, 1_500
LARGEST_BUBBLE, LARGEST_CAROUSEL, MOST_BUBBLES = 30_000, 50_000, 12
USER = re.compile(r"U[0-9a-f]{32}")
CONTRACT = Path(__file__).parents[3] / "shared/data/line/messaging-api.yml"
MULTICAST = "/v2/bot/message/multicast"

Fault = tuple[str, str]
"""A property as LINE names it, and what is wrong with it."""


def units(text: str) -> int:
    """The length of a text as LINE counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def faults(body: Mapping[str, Any]) -> Iterator[Fault]:
    """Everything that is wrong with a multicast's body."""
    to, messages = body.get("to"), body.get("messages")
    if not isinstance(to, list) or not 1 <= len(to) <= MOST_RECIPIENTS:
        yield "to", f"Size must be between 1 and {MOST_RECIPIENTS}"
    else:
        yield from ((f"to[{i}]", "Invalid user id") for i, one in enumerate(to) if not _user(one))
    if not isinstance(messages, list) or not 1 <= len(messages) <= MOST_MESSAGES:
        yield "messages", f"Size must be between 1 and {MOST_MESSAGES}"
        return
    for place, message in enumerate(messages):
        for name, wrong in _of_message(message):
            yield f"messages[{place}]{name}", wrong


def _user(one: object) -> bool:
    return isinstance(one, str) and bool(USER.fullmatch(one))


def _of_message(message: Any) -> Iterator[Fault]:
    kind = message.get("type") if isinstance(message, dict) else None
    if kind == "text":
        yield from _length(message, "text", LONGEST_TEXT)
    elif kind == "flex":
        yield from _length(message, "altText", LONGEST_ALT_TEXT)
        yield from _of_flex(message.get("contents"))
    else:
        yield ".type", "Must be one of: text, flex"


def _length(message: Mapping[str, Any], name: str, longest: int) -> Iterator[Fault]:
    text = message.get(name)
    if not isinstance(text, str) or not text:
        yield f".{name}", "May not be empty"
    elif units(text) > longest:
        yield f".{name}", f"Length must be between 0 and {longest}"


def _of_flex(contents: Any) -> Iterator[Fault]:
    kind = contents.get("type") if isinstance(contents, dict) else None
    size = len(json.dumps(contents, ensure_ascii=False, separators=(",", ":")).encode())
    if kind == "bubble" and size > LARGEST_BUBBLE:
        yield ".contents", f"Must not be larger than {LARGEST_BUBBLE} bytes"
    elif kind == "carousel":
        bubbles = contents.get("contents", [])
        if size > LARGEST_CAROUSEL or not 1 <= len(bubbles) <= MOST_BUBBLES:
            yield ".contents", f"At most {MOST_BUBBLES} bubbles and {LARGEST_CAROUSEL} bytes"
    elif kind != "bubble":
        yield ".contents.type", "Must be one of: bubble, carousel"
