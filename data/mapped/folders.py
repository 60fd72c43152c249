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

FORMAT: Final = 10
"""Raised with every change of what is written here: other formats are left unread."""


def home(state: Path) -> Path:
    """The folder below a state folder that holds the arrays of this format."""
    return state / f"arrays-{FORMAT}"


def whole_folder(target: Path, fill: Callable[[Path], None]) -> None:
    """Make a folder that exists whole or not at all, whatever is killed in between.

    What it holds is on the disk before it has its name: a power cut leaves no empty files.
    """
    draft = target.with_name(f".{target.name}-{uuid4().hex[:8]}")
    draft.mkdir(parents=True)
    try:
        fill(draft)
        for path in (*draft.iterdir(), draft):
            _to_disk(path)
        _remove(target)
        draft.rename(target)
        _to_disk(target.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def publish(state: Path, name: str) -> None:
    """Point `current` at a version folder; readers see the old one or the new one."""
    link = state / f".current-{uuid4().hex[:8]}"
    link.symlink_to(name)
    current = state / "current"
    if not current.is_symlink():
        _remove(current)
    link.replace(current)
    _to_disk(state)


def _to_disk(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _remove(path: Path) -> None:
    """Remove whatever stands there: a copied state folder may hold a folder for a link."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


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
    except (OSError, ValueError):
        return None


def current_name(state: Path) -> str:
    """The name of the published version's folder, empty without one."""
    try:
        return (state / "current").readlink().name
    except OSError:
        return ""


def prune(state: Path, *, versions: int, ground: str) -> None:
    """Keep the current version, the last few written and their grounds; damaged ones go, and
    so do the drafts of a writer that was killed.

    Mapped files live on until they are let go.
    """
    written = sorted(state.glob("version-*"), key=lambda path: path.stat().st_mtime_ns)
    loads = {path: _load_of(path) for path in written}
    whole = [path for path in written if loads[path] is not None]
    kept = {*whole[-versions:], state / current_name(state)}
    grounds = {f"ground-{loads.get(path)}" for path in kept} | {ground}
    old = [path for path in written if path not in kept]
    old += [path for path in state.glob("ground-*") if path.name not in grounds]
    old += [path for path in state.glob(".*-*") if path.is_dir() and not path.is_symlink()]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)


def _load_of(folder: Path) -> str | None:
    try:
        return load_of(folder)
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
