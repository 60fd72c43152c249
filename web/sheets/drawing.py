"""SVG documents without letters for a slip's map: what lies behind, and the ways above it."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from web.frame import Frame

_DEFS: Final = (
    '<defs><pattern id="a" width="8" height="8" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><path d="M0 0V8" stroke="#9fd3ff" stroke-width="4"/></pattern>'
    '<pattern id="f" width="8" height="8" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(90)"><path d="M0 0V8" stroke="#005bbb" stroke-width="2"/></pattern>'
    '<pattern id="y" width="8" height="8" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(-45)"><path d="M0 0V8" stroke="#f2c200" stroke-width="4"/></pattern>'
    '<pattern id="r" width="8" height="8" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(-45)"><path d="M0 0V8" stroke="#d4220b" stroke-width="4"/></pattern>'
    "</defs>"
)
_BEHIND: Final = {
    "assumed": 'fill="url(#a)" fill-opacity=".7"',
    "forecast": 'fill="url(#f)" fill-opacity=".7"',
    "slide": 'fill="url(#y)" fill-opacity=".75"',
    "special": 'fill="url(#r)" fill-opacity=".8"',
    "river": 'fill="#c4d4df"',
    "stream": 'fill="none" stroke="#c4d4df" stroke-width="8"',
}
_ABOVE: Final = {
    "collapse": 'fill="none" stroke="#d4220b" stroke-width="2" stroke-dasharray="7 4"',
    "observed": 'fill="#005bbb" stroke="#fff"',
}
"""In the order in which they are drawn; how each is drawn. Colours of the mock-up's tokens."""
_ROAD: Final = 'fill="none" stroke-linejoin="round" stroke-linecap="round"'
_WAY: Final = f'{_ROAD} stroke="#0b5cad"'
_CASE: Final = f'{_ROAD} stroke="#fff"'


def streets_path(frame: Frame, lines: NDArray[np.object_]) -> str:
    """Lines in metres as path data, each by itself: there are too many to join them."""
    xy, row = shapely.get_coordinates(lines, return_index=True)
    begins = np.diff(row, prepend=-1) != 0
    letters = np.where(begins, "M", "L").tolist()
    units = frame.units(xy).tolist()
    return "".join(f"{one}{x} {y}" for one, (x, y) in zip(letters, units, strict=True))


def background(frame: Frame, parts: Mapping[str, str]) -> str:
    """Zones, water and streets out of path data by class."""
    street = parts.get("street", "")
    drawn = [
        f'<rect width="{frame.width}" height="{frame.height}" fill="#f7f6f2"/>',
        *_each(_BEHIND, parts),
        f'<path d="{street}" {_ROAD} stroke="#b9bfc4" stroke-width="6.4"/>' if street else "",
        f'<path d="{street}" {_ROAD} stroke="#fff" stroke-width="4.6"/>' if street else "",
        *_each(_ABOVE, parts),
    ]
    return _document(frame, _DEFS + "".join(drawn))


def trail(frame: Frame, way: str, second: str, door: tuple[int, int]) -> str:
    """A household's ways out of path data, and its home."""
    x, y = door
    return _document(
        frame,
        f'<path d="{second}" {_CASE} stroke-width="8"/>'
        f'<path d="{second}" {_WAY} stroke-width="4" stroke-dasharray=".1 7.5"/>'
        f'<path d="{way}" {_CASE} stroke-width="12"/><path d="{way}" {_WAY} stroke-width="7"/>'
        f'<circle cx="{x}" cy="{y}" r="11" fill="#fff"/>'
        f'<circle cx="{x}" cy="{y}" r="8.5" fill="#14171a"/>'
        f'<circle cx="{x}" cy="{y}" r="3.4" fill="#fff"/>',
    )


def _each(styles: Mapping[str, str], parts: Mapping[str, str]) -> list[str]:
    return [f'<path d="{parts[name]}" {style}/>' for name, style in styles.items() if name in parts]


def _document(frame: Frame, inside: str) -> str:
    box = f"0 0 {frame.width} {frame.height}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{inside}</svg>'
