"""The fictional city's files, written once and kept until their generator changes."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import data.fictional
import data.town
from data.fictional.write import write_fictional_city

STAMP: Final = "generated.json"
"""Written last: without it, nothing beside it counts."""


def kept_fictional_city(directory: Path, progress: Callable[[str], None], seed: int = 1) -> Path:
    """The path of the city file in a directory, whose files are written anew where they are not
    all there, as they were written, by this generator.
    """
    stamp, city_file = directory / STAMP, directory / "city.toml"
    if not _holds(stamp, seed):
        progress("generating the fictional city")
        stamp.unlink(missing_ok=True)
        city_file = write_fictional_city(directory, seed)
        stamp.write_text(json.dumps({"by": _generator(seed), "files": _files(directory)}), "utf-8")
    return city_file


def _holds(stamp: Path, seed: int) -> bool:
    try:
        said = json.loads(stamp.read_text("utf-8"))
        return bool(said == {"by": _generator(seed), "files": _files(stamp.parent)})
    except (OSError, ValueError):
        return False


def _files(directory: Path) -> dict[str, int]:
    """Every file's size in bytes."""
    return {
        str(path.relative_to(directory)): path.stat().st_size
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name != STAMP
    }


def _generator(seed: int) -> str:
    """A hash over the generator's own source."""
    total = hashlib.sha256(f"seed {seed}".encode())
    for package in (data.fictional, data.town):
        for folder in package.__path__:
            for module in sorted(Path(folder).glob("*.py")):
                total.update(module.read_bytes())
    return total.hexdigest()
