"""Pages that stay on a device: the service worker that opens them without a network."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from web.assets import address, find_asset

SHARED: Final = (
    *("queue.js", "disk.js", "sendloop.js", "cityask.js", "keeppage.js", "live.js", "staff.js"),
    *("deskdom.js", "deskclock.js", "deskwords.js", "twice.js"),
)
"""Modules that every such page imports, by names without a version."""
_FILE: Final = Path(__file__).parents[1] / "static" / "pageworker.js"


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page by its path, and all that it needs without a network.

    `modules` are what its `scripts` import beside those that are shared.
    """

    name: str
    path: str
    scripts: tuple[str, ...]
    modules: tuple[str, ...]
    styles: tuple[str, ...]

    @property
    def worker(self) -> str:
        """Where its service worker is loaded from."""
        return f"{self.path}/worker.js"

    def script(self) -> str:
        """The service worker: other bytes whenever a file that it keeps has others."""
        named, plain = ("staff.css", *self.styles, *self.scripts), (*SHARED, *self.modules)
        shell = [address(name) for name in named] + [f"/static/{name}" for name in plain]
        found = [find_asset(name) for name in (*named, *plain)]
        text = _FILE.read_text("utf-8")
        marks = "".join([text, *(one.etag for one in found if one)])
        values = {
            "NAME": self.name,
            "PAGE": self.path,
            "VERSION": hashlib.sha256(marks.encode()).hexdigest()[:16],
            "SHELL": shell,
        }
        head = [f"const {name} = {json.dumps(value)};\n" for name, value in values.items()]
        return "".join(head) + text
