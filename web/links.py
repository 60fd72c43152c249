"""Links that keep what a person has already said."""

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlencode

HOME: Final = "/"
WAY: Final = "/way"
MAP: Final = "/map.svg"
PLACES: Final = "/places"

HOUSEHOLD: Final = ("profile", "dwelling", "floor", "floors", "supplies_h")
ASSUMED: Final = ("level", "hazard", "at")
POINT: Final = ("lat", "lon")
KEPT: Final = (*POINT, "area", *HOUSEHOLD, *ASSUMED, "lang")


def link(path: str, asked: Mapping[str, str], **changes: str) -> str:
    """The path with the kept values of `asked`, some of them changed; empty ones fall away."""
    values = {**asked, **changes}
    query = urlencode({key: values[key] for key in KEPT if values.get(key)})
    return f"{path}?{query}" if query else path


def joined(values: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A form's values by key, the last of each; its several hazards are joined by commas."""
    pairs = list(values)
    hazards = ",".join(value for key, value in pairs if key == "hazard" and value)
    return dict(pairs) | ({"hazard": hazards} if hazards else {})
