"""Files that a page loads on demand: our own, and MapLibre's as its package holds it."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from web.style import TOKENS, themed

STATIC: Final = "/static/"
_OURS: Final = Path(__file__).parent / "static"
_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
_OFFERED: Final = frozenset(file.name for file in _OURS.iterdir() if file.suffix in _TYPES)
STAFF_SHEET: Final = "staff.css"
_BASE: Final = (f"{TOKENS}.css", "base.css")
"""Every page's rules; the pages of staff load them as a file, with their own behind."""
_SCRIPT, _WORKER = "maplibre-gl.js", "maplibre-worker.js"
_ADAPTER: Final = "const shared={},define=(name,needs,chunk)=>chunk(shared);\n"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file's bytes, plain and compressed, and a name for just these bytes."""

    body: bytes
    zipped: bytes
    media_type: str
    etag: str


def find_asset(name: str) -> Asset | None:
    """A file that pages load, read once; None for any other name."""
    return _asset(name) if name in (*_OFFERED, _SCRIPT, _WORKER) else None


@cache
def _asset(name: str) -> Asset | None:
    text = _text(name)
    if text is None:
        return None
    body = text.encode()
    media = _TYPES[Path(name).suffix]
    etag = hashlib.sha256(body).hexdigest()[:16]
    return Asset(body, gzip.compress(body, compresslevel=9, mtime=0), media, etag)


def address(name: str) -> str:
    """Where a file is loaded from: another address for other bytes, so that it may be kept."""
    asset = find_asset(name)
    return f"{STATIC}{name}?v={asset.etag}" if asset else f"{STATIC}{name}"


def _text(name: str) -> str | None:
    if name in _OFFERED:
        parts = (*_BASE, name) if name == STAFF_SHEET else (name,)
        text = "".join((_OURS / part).read_text("utf-8") for part in parts)
        return themed(text) if name.endswith(".css") else text
    if name == _SCRIPT:
        return _maplibre()
    if name == _WORKER:
        return _worker(_maplibre())
    return None


def _maplibre() -> str | None:
    """MapLibre GL JS, found without importing its package; None where that is not installed."""
    found = find_spec("maplibre")
    if found is None or not found.origin:
        return None
    file = Path(found.origin).parent / "srcjs" / _SCRIPT
    return file.read_text("utf-8") if file.is_file() else None


def _worker(script: str | None) -> str | None:
    """The part of MapLibre that its workers run, as a file.

    MapLibre would make a blob of it, which the pages' Content-Security-Policy need not allow: its
    bundle is three calls of `define`: shared, worker, index.
    """
    if script is None:
        return None
    cuts = [script.find(f'\ndefine("{name}"') for name in ("shared", "worker", "index")]
    if not 0 < cuts[0] < cuts[1] < cuts[2]:
        return None
    licence = script[: script.find("*/") + 2]
    return f"{licence}\n{_ADAPTER}{script[cuts[0] : cuts[2]]}"
