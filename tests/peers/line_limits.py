"""LINE's limits of a channel: requests a second, requests at once, messages a month."""

import time

SAID = {
    "rate": "The API rate limit has been exceeded. Try again later.",
    "concurrent": "The number of concurrent requests has exceeded the limit. Try again later.",
    "monthly": "You have reached your monthly limit.",
}
"""The words by which the three kinds of 429 differ. The second is not LINE's to the letter: its
documents tell of the limit and not of the wording."""


class Limits:
    """Each is 0 where there is none."""

    def __init__(self, *, rate: float, concurrent: int, quota: int) -> None:
        self.rate, self.concurrent, self.quota = rate, concurrent, quota
        self.running = 0
        self.reset()

    def reset(self) -> None:
        """A new month, and a second in which nobody asked."""
        self.used, self._room, self._at = 0, self.rate, time.monotonic()

    def exceeded(self) -> str:
        """Which limit a request that has just come exceeds; "" where none."""
        if self.concurrent and self.running > self.concurrent:
            return "concurrent"
        now = time.monotonic()
        self._room = min(self._room + (now - self._at) * self.rate, self.rate)
        self._at = now
        if self.rate and self._room < 1:
            return "rate"
        self._room -= 1
        return ""

    def spent(self, recipients: int) -> bool:
        """Whether the month has no room for so many more."""
        return bool(self.quota) and self.used + recipients > self.quota
