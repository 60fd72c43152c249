"""How a message travels: its states, its lane, when it is tried again, when a carrier is let be.

Waits are "full jitter" (Brooker, Exponential Backoff and Jitter, AWS 2015); the breaker is that of
Nygard, Release It! (2007): shut after failures in a row, then one probe at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from alerts.kinds import AlertKind, ChannelKind, Status
from hazards.kinds import AlertLevel


class DeliveryState(IntEnum):
    """Of one recipient on one channel. From `ACCEPTED` on nothing is sent any more."""

    QUEUED = 0
    IN_FLIGHT = 1
    ACCEPTED = 2
    DELIVERED = 3
    REFUSED = 4
    NOT_NEEDED = 5
    GIVEN_UP = 6


class Lane(IntEnum):
    """What is sent first where there is more than can be sent."""

    LIFE = 0
    PREPARE = 1
    OTHER = 2
    DRILL = 3


CHANNEL_NUMBER: Final[Mapping[ChannelKind, int]] = {
    ChannelKind.LINE: 1,
    ChannelKind.SMS: 2,
    ChannelKind.MAIL: 3,
}
"""How a channel is stored in a row of the outbox."""
CHUNK: Final[Mapping[ChannelKind, int]] = {
    ChannelKind.LINE: 500,
    ChannelKind.SMS: 200,
    ChannelKind.MAIL: 200,
}
"""Recipients in one chunk; of LINE as many as a multicast takes."""

FIRST_WAIT_S: Final = 1.0
LONGEST_WAIT_S: Final = 60.0
PATIENCE: Final = 3
"""Failures in a row after which a carrier is let be."""


def lane_of(status: Status, kind: AlertKind, level: AlertLevel | None) -> Lane:
    """Which lane an alert takes."""
    if status is Status.EXERCISE:
        return Lane.DRILL
    if kind is AlertKind.EVACUATION:
        return Lane.LIFE if level is None or level >= AlertLevel.ALL_LEAVE else Lane.PREPARE
    return Lane.OTHER


def wait_after(tries: int, draw: float, least_s: float = 0.0) -> timedelta:
    """How long until the next try after so many; `draw` is a random number from 0 to 1.

    Not shorter than `least_s`, which the carrier asked for.
    """
    most = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(tries, 10))
    return timedelta(seconds=max(least_s, FIRST_WAIT_S / 2 + draw * most))


def shut_after(failures: int, draw: float) -> timedelta | None:
    """How long a carrier is let be after so many failures in a row; None: not at all."""
    return None if failures < PATIENCE else wait_after(failures - PATIENCE, draw)


@dataclass(frozen=True, slots=True)
class FallbackClock:
    """When the next channel of a recipient is used who has not answered.

    `after_min`: minutes for each channel tried before; policy, 10 minutes: a tap takes two, and at
    level 4 walking takes an hour. At level 5 no channel waits.
    """

    after_min: float = 10.0

    def step(self, level: AlertLevel | None) -> timedelta:
        """How much later each next channel begins."""
        soon = level is AlertLevel.SECURE_NOW
        return timedelta(0) if soon else timedelta(minutes=self.after_min)


def is_over(expires_at: datetime, now: datetime) -> bool:
    """Whether a message is not sent any more; the order that it told of may stand."""
    return now >= expires_at
