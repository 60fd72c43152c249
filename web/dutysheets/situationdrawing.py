"""The map of an A3 状況図 as one SVG without letters: what could be, what is, what is shut."""

from collections.abc import Mapping
from typing import Final

from alerts.levels import COLOURS
from hazards.kinds import AlertLevel
from web.dutysheets.scene import Ordered, Shut, Situation
from web.dutysheets.situationmarks import by_level
from web.frame import Frame
from web.paths import area_path, line_path

_LINE: Final = 'fill="none" stroke-linejoin="round" stroke-linecap="round"'
_PATTERNS: Final = "".join(
    f'<pattern id="{name}" width="9" height="9" patternUnits="userSpaceOnUse"'
    f' patternTransform="rotate({turn})"><path d="M0 0V9" stroke="{colour}" stroke-width="3"/>'
    "</pattern>"
    for name, turn, colour in (
        ("assumed", 45, "#9fd3ff"),
        ("slide", -45, "#f2c200"),
        ("special", -45, "#d4220b"),
    )
)


def drawn(found: Situation, parts: Mapping[str, str], *, drill: bool) -> str:
    """`parts`: path data of the ground by class. A drill has no colour of a level."""
    frame = found.ground.frame
    pieces = [f'<rect width="{frame.width}" height="{frame.height}" fill="#f7f6f2"/>']
    for name in ("assumed", "slide", "special"):
        if name in parts:
            pieces.append(f'<path d="{parts[name]}" fill="url(#{name})" fill-opacity=".75"/>')
    pieces += [
        f'<path d="{parts.get("river", "")}" fill="#c4d4df"/>',
        f'<path d="{parts.get("stream", "")}" {_LINE} stroke="#c4d4df" stroke-width="6"/>',
        f'<path d="{parts.get("street", "")}" {_LINE} stroke="#a4acb3" stroke-width="1.5"/>',
        f'<path d="{parts.get("collapse", "")}" {_LINE} stroke="#d4220b" stroke-width="2"'
        ' stroke-dasharray="7 4"/>',
    ]
    pieces += [_order(one, frame, drill=drill) for one in sorted(found.orders, key=by_level)]
    pieces.append(
        f'<path d="{area_path(frame, list(found.waters))}" fill="#005bbb" fill-opacity=".85"'
        ' stroke="#fff" stroke-width="2"/>'
    )
    pieces += [_closed(one, frame) for one in found.shut]
    box = f"0 0 {frame.width} {frame.height}"
    inside = "".join(pieces)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><defs>{_PATTERNS}</defs>'
        f"{inside}</svg>"
    )


def _order(one: Ordered, frame: Frame, *, drill: bool) -> str:
    """A drill has no colour of a level: its edge is dashed ink."""
    edge = line_path(frame, [one.area.boundary])
    colour = "#14171a" if drill else COLOURS[AlertLevel(one.level)][0]
    dash = ' stroke-dasharray="14 9"' if drill else ""
    return (
        f'<path d="{edge}" {_LINE} stroke="#fff" stroke-width="9"/>'
        f'<path d="{edge}" {_LINE} stroke="{colour}" stroke-width="5"{dash}/>'
    )


def _closed(one: Shut, frame: Frame) -> str:
    """Red; in the water blue with white dots along it, which a copier keeps apart from red."""
    data, dash = line_path(frame, [one.line]), "" if one.sure else ' stroke-dasharray="9 6"'
    colour, wide = ("#005bbb", 8) if one.by_water else ("#b3140a", 6)
    dots = ' stroke="#fff" stroke-width="3.4" stroke-dasharray="0.1 9"'
    return (
        f'<path d="{data}" {_LINE} stroke="#fff" stroke-width="{wide + 4}"/>'
        f'<path d="{data}" {_LINE} stroke="{colour}" stroke-width="{wide}"{dash}/>'
        + (f'<path d="{data}" {_LINE}{dots}/>' if one.by_water and one.sure else "")
    )
