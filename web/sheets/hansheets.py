"""The sheets of the 班 as plain values for typst."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from web.sheets.home import Home


def han_sheets(homes: Sequence[Home]) -> list[dict[str, Any]]:
    """A sheet for each 班, in the order of the homes: labels of papers, and first places."""
    return [
        {
            "area": area,
            "han": han,
            "homes": [[home.label, home.destination] for home in members],
        }
        for (area, han), members in groupby(homes, key=lambda home: (home.area, home.han))
    ]
