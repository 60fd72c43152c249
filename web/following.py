"""What a household's page needs to hear at once that something is new for it."""

import hashlib
from typing import Final

from routing.guidance import Guidance
from routing.verdict import Verdict
from web.assets import address

SCRIPT: Final = "wayfollow.js"
ROADS: Final = "roads.js"
"""Holds the way of any open page against streets that are shut."""
_LIVE: Final = "live.js"


def follow_values(guidance: Guidance, key: str, *, going: bool) -> dict[str, str]:
    """Of the page's script: its files, the stream's key, and a mark of what the page tells.

    `going`: the household said that it is on the way, so the page is not changed by itself.
    """
    return {
        "script": address(SCRIPT),
        "live": address(_LIVE),
        "key": key,
        "mark": mark(guidance),
        "going": "yes" if going else "",
        "zone": guidance.version.ground.card.timezone,
    }


def mark(guidance: Guidance) -> str:
    """The same for pages that tell the same: verdict, place and way."""
    told = hashlib.sha256(guidance.verdict.encode())
    if guidance.first is not None and guidance.verdict is not Verdict.SECURE_NOW:
        told.update(guidance.first.site.id.encode())
        told.update(guidance.first.line.tobytes())
    return told.hexdigest()[:8]
