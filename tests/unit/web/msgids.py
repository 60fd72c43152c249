"""Every Japanese text that a page can show, gathered from its sources."""

import ast
import re
from pathlib import Path

from jinja2 import Environment

from hazards.kinds import HAZARD_WORDS, LEVEL_WORDS
from hazards.observation import KIND_WORDS, SOURCE_WORDS
from hazards.zone import COLLAPSE_KINDS, DEPTH_M, LANDSLIDE_ZONES
from routing.reasons import depth_words
from routing.words import HEADINGS, NO_WAY, REASONS, STEPS, WINDING

WEB = Path(__file__).parents[3] / "web"
JAPANESE = re.compile(r"[\u3001-\u30ff\u3400-\u9fff\uff01-\uff5e]")
UNTRANSLATED = {
    "日本語",
    "架空",
    "（架空）",
    "、",
    "〜",
    "「{field}」",
    "（",
    "）",
    "〜\N{WORD JOINER}",
}
"""The language's own name, and what only the Japanese page says."""


def in_templates() -> set[str]:
    """Japanese literals in the templates' expressions, and any text outside of them."""
    found: set[str] = set()
    for file in WEB.glob("templates/*.html"):
        for _, kind, text in Environment(autoescape=True).lex(file.read_text(encoding="utf-8")):
            if kind == "string":
                found.add(text[1:-1])
            elif kind == "data":
                found.update(JAPANESE.findall(text))
    return {text for text in found if JAPANESE.search(text)} - UNTRANSLATED


def in_python() -> set[str]:
    """Japanese literals in the room's code, docstrings apart."""
    found: set[str] = set()
    for file in WEB.glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
        texts = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in said
        }
        found |= {text for text in texts if JAPANESE.search(text)}
    return found - UNTRANSLATED


def from_below() -> set[str]:
    """Words of the rooms below, which the pages translate."""
    return {
        *HAZARD_WORDS.values(),
        *LEVEL_WORDS.values(),
        *LANDSLIDE_ZONES.values(),
        *COLLAPSE_KINDS.values(),
        *(depth_words(rank) for rank in DEPTH_M),
        *HEADINGS,
        *NO_WAY,
        *REASONS.values(),
        *STEPS.values(),
        *WINDING.values(),
        *KIND_WORDS.values(),
        *SOURCE_WORDS.values(),
        "市内全域",
    }


def used() -> set[str]:
    """All of them."""
    return in_templates() | in_python() | from_below()
