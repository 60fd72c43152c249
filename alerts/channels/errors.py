"""What can be wrong with what comes in from a carrier, or with an address as somebody typed it."""

from alerts.errors import AlertError


class WrongAddress(AlertError):
    """An address that cannot be written to; the message says why and never repeats it."""


class Forged(AlertError):
    """A call-back that whoever holds the secret did not sign."""


class Unreadable(AlertError):
    """A call-back that is signed and yet cannot be read, or is too large to be looked at."""


class NoAnswer(AlertError):
    """A carrier that was asked something, and did not answer it."""


class WrongSetting(AlertError):
    """A setting with which a carrier cannot be spoken to, or not safely."""
