"""How often somebody may report: by address and by browser."""

from typing import Final

from anyio import CapacityLimiter
from fastapi import Request

from api.gate.ratelimit import Window
from api.registering import counted

ADDRESS_EACH_MINUTE: Final = 30
"""Reports from one address, behind which a carrier has thousands of phones."""
BROWSER_EACH_MINUTE: Final = 5
"""Of one browser: nobody sees more in a minute."""
PICTURES_EACH_MINUTE: Final = 20
"""Pictures from one address: each takes a second to look at."""
GUESSES_EACH_MINUTE: Final = 60
"""Codes from one address that opened nothing."""
AT_ONCE: Final = 8
"""Threads of one server that ask the database for residents' pages."""


class ReportLimits:
    """Those of one server process. `looking`: teams' originals are looked at in the same turns, so
    of residents' pictures at most one waits for its own.
    """

    def __init__(self) -> None:
        self.at_once = CapacityLimiter(AT_ONCE)
        self.looking = CapacityLimiter(1)
        self.addresses = Window(ADDRESS_EACH_MINUTE)
        self.browsers = Window(BROWSER_EACH_MINUTE)
        self.pictures = Window(PICTURES_EACH_MINUTE)
        self.guesses = Window(GUESSES_EACH_MINUTE)

    def may_report(self, request: Request, browser: str) -> bool:
        """Count a report; `browser` stands for who sends it. This machine counts by it alone."""
        known = counted(request, self.addresses)
        return self.browsers.hit(browser) and known


def report_limits_of(request: Request) -> ReportLimits:
    """Those of the app."""
    found: ReportLimits = request.app.state.report_limits
    return found
