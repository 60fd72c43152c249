"""Links of strangers that a page shows with their host: where a browser goes, and nowhere else."""

import re
from typing import Final

_HOST: Final = re.compile(r"[A-Za-z0-9.-]{3,200}(:[0-9]{1,5})?")
"""What every browser takes for the host: it ends before a `\\`, `?` or `#`."""
_LINK: Final = re.compile(rf"https?://{_HOST.pattern}([/?#][^\s\x00-\x1f<>\"'\\]{{0,290}})?")


def is_link(text: str) -> bool:
    """Whether a page may lead there."""
    return _LINK.fullmatch(text) is not None


def host_of(link: str) -> str:
    """The host of such a link, as it is written there; "" of any other text."""
    host = _HOST.match(link.partition("://")[2]) if is_link(link) else None
    return host[0] if host else ""
