"""What carriers post to us, and the secrets of the environment by which we know them."""

import os
from typing import Final

LINE_SECRET: Final = "NIGEMICHI_LINE_SECRET"  # noqa: S105  the name of it
TWILIO_TOKEN: Final = "NIGEMICHI_TWILIO_TOKEN"  # noqa: S105  the name of it
SITE: Final = "NIGEMICHI_ADDRESS"


def find_line_secret() -> str | None:
    """The secret of the LINE channel; None where nobody said: then nothing of LINE is heard."""
    return os.environ.get(LINE_SECRET) or None


def find_twilio_token() -> str | None:
    """The auth token of the Twilio account; None where nobody said."""
    return os.environ.get(TWILIO_TOKEN) or None


def find_site() -> str | None:
    """Where the city's pages are, as others were told; None where nobody said."""
    return os.environ.get(SITE) or None
