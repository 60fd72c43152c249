"""What a plan needs beside the ground, mapped: its homes and the hierarchy's skeleton."""

from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from data.mapped.arrays import map_array
from routing.engine.skeleton import Skeleton
from routing.homes import Homes

_HOMES: Final = tuple(field.name for field in fields(Homes))
_SKELETON: Final = tuple(field.name for field in fields(Skeleton))


def save_people(folder: Path, homes: Homes, skeleton: Skeleton) -> None:
    """Write both into an existing folder."""
    _save(folder, "home", homes, _HOMES)
    _save(folder, "skeleton", skeleton, _SKELETON)


def open_homes(folder: Path) -> Homes:
    """Map saved homes."""
    return Homes(**_open(folder, "home", _HOMES))


def open_skeleton(folder: Path) -> Skeleton:
    """Read a saved skeleton; mapped, it would be read-only, and numba compile its loops anew."""
    return Skeleton(**{name: np.load(folder / f"skeleton-{name}.npy") for name in _SKELETON})


def _save(folder: Path, stem: str, what: Any, names: tuple[str, ...]) -> None:
    for name in names:
        np.save(folder / f"{stem}-{name}.npy", getattr(what, name))


def _open(folder: Path, stem: str, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: map_array(folder / f"{stem}-{name}.npy") for name in names}
