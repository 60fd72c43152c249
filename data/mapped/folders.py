"""Folders of arrays: written whole or not at all, swapped atomically, pruned.

Layout of `home(state)`: `ground-<load>/`, `version-<number>/`, `current` (a symlink to a
version, replaced atomically) and `checked` (when the planner last saw that the current version
holds everything in the database).
"""

import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from data.mapped.version import load_of

FORMAT: Final = 2
"""Raised with every change of what is written here: other formats are left unread."""


def home(state: Path) -> Path:
    """The folder below a state folder that holds the arrays of this format."""
    return state / f"arrays-{FORMAT}"


def whole_folder(target: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder that exists whole or not at all, whatever is killed in between."""
    draft = target.with_name(f".{target.name}-{uuid4().hex[:8]}")
    draft.mkdir(parents=True)
    try:
        fill(draft)
        if target.exists():
            shutil.rmtree(target)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def publish(state: Path, name: str) -> None:
    """Point `current` at a version folder; readers see the old one or the new one."""
    link = state / f".current-{uuid4().hex[:8]}"
    link.symlink_to(name)
    link.replace(state / "current")


def say_checked(state: Path, at: datetime) -> None:
    """Note that the current version holds everything in the database at that moment."""
    draft = state / f".checked-{os.getpid()}"
    draft.write_text(f"{at.isoformat()} {current_name(state)}", "utf-8")
    draft.replace(state / "checked")


def last_checked(state: Path, name: str) -> datetime | None:
    """When the planner last noted that of the version with that name; None if of another one."""
    try:
        moment, noted = (state / "checked").read_text("utf-8").split(" ")
        return datetime.fromisoformat(moment) if noted == name else None
    except (FileNotFoundError, ValueError):
        return None


def current_name(state: Path) -> str:
    """The name of the published version's folder, empty before the first."""
    try:
        return (state / "current").readlink().name
    except FileNotFoundError:
        return ""


def prune(state: Path, *, versions: int, ground: str) -> None:
    """Keep the current version, the last few written and their grounds.

    Mapped files live on until they are let go.
    """
    written = sorted(state.glob("version-*"), key=lambda path: path.stat().st_mtime_ns)
    kept = {*written[-versions:], state / current_name(state)}
    grounds = {f"ground-{load_of(path)}" for path in kept} | {ground}
    old = [path for path in written if path not in kept]
    old += [path for path in state.glob("ground-*") if path.name not in grounds]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
