"""Starts peers as processes of their own, and speaks with their control sides.

with line_server("--fast") as line:
    line.behave("error_after", times=1)
    ...
    assert line.counts() == {...}
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from tests.peers.controls import Control, LineControl, SmscControl, SmtpControl, TwilioControl

ROOT = Path(__file__).parents[2]


Kind = TypeVar("Kind", bound=Control)


@contextmanager
def peer(kind: type[Kind], module: str, *options: str) -> Iterator[Kind]:
    """A peer while the block runs; skips the test where the peer says that it cannot start."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.peers.{module}", *options],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        control = _control(kind, process)
        try:
            yield control
        finally:
            control.close()
    finally:
        _end(process)


def _control(kind: type[Kind], process: "subprocess.Popen[bytes]") -> Kind:
    assert process.stdout is not None
    line = process.stdout.readline()
    said = json.loads(line) if line else {}
    if "reason" in said:
        pytest.skip(said["reason"])
    return kind(said["port"], said["control"])


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Close its standard input, which ends it."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.stdout.close()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def line_server(*options: str) -> Iterator[LineControl]:
    """LINE: `tests/peers/line_server.py`."""
    with peer(LineControl, "line_server", *options) as control:
        yield control


@contextmanager
def smsc(*options: str) -> Iterator[SmscControl]:
    """An SMPP message centre: `tests/peers/smsc.py`."""
    with peer(SmscControl, "smsc", *options) as control:
        yield control


@contextmanager
def twilio_server(*options: str) -> Iterator[TwilioControl]:
    """Twilio: `tests/peers/twilio_server.py`."""
    with peer(TwilioControl, "twilio_server", *options) as control:
        yield control


@contextmanager
def smtp_server(*options: str) -> Iterator[SmtpControl]:
    """A mail server: `tests/peers/smtp_server.py`."""
    with peer(SmtpControl, "smtp_server", *options) as control:
        yield control
