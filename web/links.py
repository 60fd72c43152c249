"""Links that keep what a person has already said."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

HOME: Final = "/"
WAY: Final = "/way"
MAP: Final = "/map.svg"

HOUSEHOLD: Final = ("profile", "dwelling", "floor", "floors", "supplies_h")
ASSUMED: Final = ("level", "hazard", "at")
POINT: Final = ("lat", "lon")
KEPT: Final = (*POINT, *HOUSEHOLD, *ASSUMED, "lang")


def link(path: str, asked: Mapping[str, str], **changes: str) -> str:
    """The path with the kept values of `asked`, some of them changed; empty ones fall away."""
    values = {**asked, **changes}
    query = urlencode({key: values[key] for key in KEPT if values.get(key)})
    return f"{path}?{query}" if query else path
