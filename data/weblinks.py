"""Links that people paste: which are taken, and whether a browser can open them."""

from typing import Final

from pydantic_core import Url

LINK: Final = r"https://[^\s\x00-\x1f<>\"@/]{3,200}(/[^\s\x00-\x1f<>\"]{0,290})?"
"""Nobody's name or password before the host. The field page's script reads it, too."""
LONGEST: Final = 499
"""Letters of such a link."""


def can_open(link: str) -> bool:
    """Whether it is an address with a host, by the rules of browsers (WHATWG URL)."""
    try:
        return bool(Url(link).host)
    except ValueError:
        return False
