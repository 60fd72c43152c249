"""Batches to hand over, and the addresses that may appear nowhere else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from alerts.channels.port import Batch, Fate, Handed, Letter

WAY = "https://nigemichi.example/w/Zx81"
NOW = datetime(2026, 10, 13, 2, 14, tzinfo=UTC)


def users(count: int, first: int = 0) -> list[str]:
    """So many LINE user ids."""
    return [f"U{number:032x}" for number in range(first, first + count)]


def numbers(count: int, first: int = 0) -> list[str]:
    """So many mobile numbers."""
    return [f"+8190{number:08}" for number in range(first, first + count)]


def mails(count: int, first: int = 0) -> list[str]:
    """So many mail addresses."""
    return [f"resident{number}@home.example" for number in range(first, first + count)]


def line_batch(
    addresses: Sequence[str], *, text: str = "避難してください", key: UUID | None = None
) -> Batch:
    """The same text message for all of them."""
    return a_batch(addresses, {"messages": [{"type": "text", "text": text}]}, key=key, link="")


def sms_batch(
    addresses: Sequence[str], *, text: str = "避難してください", key: UUID | None = None
) -> Batch:
    """A short message for each, with the reader's link."""
    return a_batch(addresses, {"text": text}, key=key)


def mail_batch(
    addresses: Sequence[str], *, text: str = "避難してください", key: UUID | None = None
) -> Batch:
    """A mail for each, with the reader's links."""
    return a_batch(addresses, {"subject": "【警戒レベル4】避難指示", "text": text}, key=key)


def a_batch(
    addresses: Sequence[str], message: dict[str, Any], *, key: UUID | None = None, link: str = WAY
) -> Batch:
    """One message for all addresses; each letter's link is its own."""
    letters = tuple(
        Letter(place, address, f"{link}{place}" if link else "")
        for place, address in enumerate(addresses)
    )
    return Batch(key or uuid4(), message, letters)


def until(batch: Batch, left_s: float) -> Batch:
    """The same, over so many seconds after `NOW`."""
    return replace(batch, expires_at=NOW + timedelta(seconds=left_s))


def fates(handed: Sequence[Handed]) -> list[Fate]:
    """Of each letter its fate."""
    return [one.fate for one in handed]
