"""What LINE's answer to a multicast says of each letter.

Source: Messaging API reference, status codes and error responses; "Retry failed API requests".
"""

import re
from collections.abc import Sequence
from typing import Final

import httpx
import orjson

from alerts.channels import http
from alerts.channels.addresses import LINE_USER
from alerts.channels.port import Fate, Handed, Letter
from alerts.channels.redaction import without_addresses

ACCEPTED_ID: Final = "x-line-accepted-request-id"
REQUEST_ID: Final = "x-line-request-id"

RATE_S: Final = 1.0
CONCURRENT_S: Final = 2.0
MONTHLY_S: Final = 600.0
"""LINE says "monthly limit" also while what is just being sent reserves the rest of the quota, so
it is worth asking again within the night."""

ABOUT_ONE: Final = re.compile(r"to\[(\d+)\]")
ABOUT_TO: Final = re.compile(r"to\b|The property, '?to\b")
OF_THE_BODY: Final = frozenset({400, 413, 415})
"""Statuses that the body deserved. Other refusals (401, 403, 404) are of the credential."""

ANOTHER: Final = Handed(
    Fate.NOT_TAKEN, why="同じ組の別の宛先に誤りがあります (another address of the batch is wrong)"
)


def fates(answer: httpx.Response, letters: Sequence[Letter]) -> list[Handed]:
    """One `Handed` a letter. LINE takes a multicast as a whole or not at all."""
    status = answer.status_code
    if answer.is_success:
        return _all(letters, Handed(Fate.ACCEPTED, reference=answer.headers.get(REQUEST_ID, "")))
    if status == httpx.codes.CONFLICT and ACCEPTED_ID in answer.headers:
        return _all(letters, Handed(Fate.ACCEPTED, reference=answer.headers[ACCEPTED_ID]))
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return _all(letters, _too_many(answer))
    if status in OF_THE_BODY:
        return _wrong(answer, letters)
    if answer.is_server_error or status == httpx.codes.CONFLICT:
        return _all(letters, http.failed(answer))
    return _all(letters, http.refuses_us(answer))


def _all(letters: Sequence[Letter], handed: Handed) -> list[Handed]:
    return [handed] * len(letters)


def _too_many(answer: httpx.Response) -> Handed:
    """Which of the three limits it was: only the message tells. Two of them soon pass."""
    message = _said(answer)[0].lower()
    monthly = "monthly" in message
    if monthly:
        why, wait = "今月の送信数の上限 (monthly limit)", MONTHLY_S
    elif "concurrent" in message:
        why, wait = "同時処理数の上限 (concurrent requests)", CONCURRENT_S
    else:
        why, wait = "送信速度の上限 (rate limit)", RATE_S
    wait_s = http.wait_s(answer, wait)
    return Handed(
        Fate.NOT_TAKEN, why=f"429 {why}", wait_s=wait_s, for_all=True, throttled=not monthly
    )


def _wrong(answer: httpx.Response, letters: Sequence[Letter]) -> list[Handed]:
    """A body that LINE will never take: letters at fault are refused, the others can go again.

    Where the answer names nobody, all are refused.
    """
    message, properties = _said(answer)
    said = without_addresses(" ".join((message, *properties)))
    refused = Handed(Fate.REFUSED, why=f"{answer.status_code} {said}")
    wrong = _at_fault(message, properties, letters)
    if not wrong:
        return _all(letters, refused)
    return [refused if place in wrong else ANOTHER for place in range(len(letters))]


def _at_fault(message: str, properties: Sequence[str], letters: Sequence[Letter]) -> set[int]:
    """Places of the letters that the answer means.

    Where it says no more than "to", those whose address is no LINE user id are meant.
    """
    named = {int(found[1]) for one in properties if (found := ABOUT_ONE.match(one))}
    if named or not any(map(ABOUT_TO.match, (message, *properties))):
        return {place for place in named if place < len(letters)}
    return {
        place for place, letter in enumerate(letters) if not LINE_USER.fullmatch(letter.address)
    }


def _said(answer: httpx.Response) -> tuple[str, list[str]]:
    """The message, and the names of the properties at fault; empty where it is no such JSON."""
    try:
        said = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return "", []
    if not isinstance(said, dict):
        return "", []
    details = said.get("details")
    named = [one.get("property") for one in details or () if isinstance(one, dict)]
    return str(said.get("message", "")), [name for name in named if isinstance(name, str)]
