"""The moving map takes its colours from the page: each must be there."""

import re
from pathlib import Path

import pytest

from web.style import SHEETS

WEB = Path(__file__).parents[3] / "web"
ASKING = ("mapstyle.py", "mapsigns.py", "static/mapimages.js")


@pytest.mark.parametrize("sheet", ["home", "way"])
def test_a_page_with_a_moving_map_has_every_colour_that_it_asks_for(sheet: str) -> None:
    asked = {
        name for file in ASKING for name in re.findall(r"[\"'](--[a-z]+)", (WEB / file).read_text())
    }
    assert asked
    defined = set(re.findall(r"(--[\w-]+):", SHEETS[sheet]))
    assert asked - defined == set()
