"""What can be wrong with a photo, or with where photos are kept."""

from data.errors import DataError


class NotAPhoto(DataError):
    """What was sent cannot be shown: says why, and what can be."""


class StoreAway(DataError):
    """The photo store does not answer, or has no room: nothing was kept."""
