"""The account that the message centre knows, and numbers as they go over its line."""

from alerts.channels.smpp_account import SmppAccount
from tests.peers.controls import SmscControl
from tests.peers.smsc_conversation import ENTERS_WITH, SYSTEM_ID
from tests.unit.alerts.channels.letters import numbers

PATIENCE_S = 1.2
LONG = "避難" * 150
"""A text of five parts, with its link."""


def an_account(
    centre: SmscControl, *, password: str = ENTERS_WITH, window: int = 50, payload: bool = False
) -> SmppAccount:
    """The account that the stand-in knows."""
    return SmppAccount(
        "127.0.0.1",
        centre.port,
        SYSTEM_ID,
        password,
        source="81500",
        window=window,
        payload=payload,
    )


def digits(count: int) -> list[str]:
    """Numbers as they go over the line."""
    return [number.removeprefix("+") for number in numbers(count)]
