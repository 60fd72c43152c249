"""Style sheets: made small once, at load, and put into the page."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

from alerts.levels import COLOURS

_STATIC = Path(__file__).parent / "static"


def minified(css: str) -> str:
    """A style sheet without comments and without white space that says nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,>]) ?", r"\1", css).replace(";}", "}").replace(": ", ":").strip()


def _levels() -> str:
    rules = [
        f".lv{int(level)}{{background:{back};color:{text}}}.c{int(level)}{{--c:{back}}}"
        for level, (back, text) in COLOURS.items()
    ]
    return "".join(rules)


def _sheet(*names: str) -> str:
    parts = [(_STATIC / f"{name}.css").read_text(encoding="utf-8") for name in names]
    return minified("".join(parts)) + _levels()


SHEETS: Final = {
    "way": _sheet("base", "way", "map", "print"),
    "secure": _sheet("base", "way", "plain", "secure"),
    "plain": _sheet("base", "way", "plain"),
    "home": _sheet("base", "home"),
    "places": _sheet("base", "way", "plain", "places"),
    "problem": _sheet("base"),
}


def source_hash(text: str) -> str:
    """A Content-Security-Policy source for an inline script or style."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


STYLE_HASHES: Final = tuple(source_hash(sheet) for sheet in SHEETS.values())
