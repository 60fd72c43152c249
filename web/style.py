"""Style sheets: made small once, at load, and put into the page."""

import base64
import hashlib
import re
from collections.abc import Set
from functools import partial
from pathlib import Path
from typing import Final

from alerts.levels import COLOURS

_STATIC = Path(__file__).parent / "static"
TOKENS: Final = "tokens"
"""Colours, sizes and spaces of every page."""
_IN_TEMPLATES: Final = frozenset({"--paper"})
_ON_MOVING_MAPS: Final = frozenset(
    f"--{name}"
    for name in (
        *("action", "case", "could", "edge", "ink", "is", "land", "on", "paper", "red"),
        *("rim", "river", "road", "slide", "yellow"),
    )
)
"""What `mapstyle.py` and `static/mapimages.js` ask of the page by name."""
_TOKEN: Final = re.compile(r"(?<=[{;])(--[\w-]+):[^;}]*(?:;|(?=}))")
_DARK_SCREEN: Final = "@media screen and (prefers-color-scheme:dark)"
_DARK: Final = re.compile(re.escape(_DARK_SCREEN) + r"\{((?:[^{}]*\{[^{}]*\})*)\s*\}")
_RULES: Final = re.compile(r"[^{}]*\{[^{}]*\}")
_SELECTORS: Final = re.compile(r"(?<![^,}\s])[^,{}\s][^,{}]*(?=[^{}]*\{)")


def minified(css: str) -> str:
    """A style sheet without comments and without white space that says nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,>]) ?", r"\1", css).replace(";}", "}").replace(": ", ":").strip()


def without_unused(css: str, asked: Set[str] = _IN_TEMPLATES) -> str:
    """A small style sheet without the tokens that no rule of it uses and no script asks for."""
    while True:
        used = {*re.findall(r"var\((--[\w-]+)", css), *asked}
        kept = _TOKEN.sub(partial(_if_used, used), css)
        if kept == css:
            return css.replace(";}", "}")
        css = kept


def _if_used(used: Set[str], found: re.Match[str]) -> str:
    return found[0] if found[1] in used else ""


def themed(css: str) -> str:
    """A style sheet whose dark rules follow `data-theme` on the root too, before the system's wish.

    The specificity of each rule stays as it was.
    """
    return _DARK.sub(_both, css)


def _both(found: re.Match[str]) -> str:
    system, chosen = (
        "".join(_SELECTORS.sub(partial(_under, root), rule) for rule in _RULES.findall(found[1]))
        for root in (":not([data-theme=light])", "[data-theme=dark]")
    )
    return f"{_DARK_SCREEN}{{{system}}}@media screen{{{chosen}}}"


def _under(root: str, found: re.Match[str]) -> str:
    one = found[0].strip()
    if one.startswith(":root"):
        return f":root:where({root}){one.removeprefix(':root')}"
    return f":where(:root{root}) {one}"


def _levels() -> str:
    rules = [
        f".lv{int(level)}{{background:{back};color:{text}}}.c{int(level)}{{--c:{back}}}"
        for level, (back, text) in COLOURS.items()
    ]
    return "".join(rules)


def _sheet(*names: str, asked: Set[str] = _IN_TEMPLATES) -> str:
    parts = [(_STATIC / f"{name}.css").read_text(encoding="utf-8") for name in (TOKENS, *names)]
    return without_unused(minified("".join(parts)), asked) + _levels()


SHEETS: Final = {
    "way": _sheet("base", "way", "map", "print", asked=_ON_MOVING_MAPS),
    "secure": _sheet("base", "way", "plain", "secure"),
    "plain": _sheet("base", "way", "plain"),
    "home": _sheet("base", "home", asked=_ON_MOVING_MAPS),
    "places": _sheet("base", "way", "plain", "places"),
    "info": _sheet("base", "way", "plain", "info"),
    "open": _sheet("base", "open"),
    "problem": _sheet("base"),
}


def source_hash(text: str) -> str:
    """A Content-Security-Policy source for an inline script or style."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


STYLE_HASHES: Final = tuple(source_hash(sheet) for sheet in SHEETS.values())
