"""Links that people paste: whether a browser can open them."""

from pydantic_core import Url


def can_open(link: str) -> bool:
    """Whether it is an address with a host, by the rules of browsers (WHATWG URL)."""
    try:
        return bool(Url(link).host)
    except ValueError:
        return False
