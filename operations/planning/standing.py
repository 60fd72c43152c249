"""What is published, as the planner that published it or found it knows it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from data import mapped, plans
from operations.planning.basis import Basis, open_basis, write_basis
from operations.planning.mirror import install, version_name
from routing.version import PlanVersion

KEEP_VERSIONS = 5
NEVER: Final = float("-inf")

log = logging.getLogger("nigemichi.planner")
T = TypeVar("T")


@dataclass(slots=True)
class Standing:
    """What is published: its folder's name, the version, and what it was made from.

    `counts` is the mark of the figures that it was made from, `looked_at` (monotonic) when.
    """

    name: str
    version: PlanVersion
    origin: mapped.Origin
    basis: Basis
    dark: bool
    counts: str = ""
    looked_at: float = NEVER

    @property
    def number(self) -> int:
        """The version's number."""
        return self.version.number


@dataclass(frozen=True, slots=True)
class Folders:
    """A state folder, and the engine that plans of its loads are made with."""

    state: Path
    method: str

    def of_load(self, load: str) -> Path:
        """Where the ground of a load is."""
        return self.state / f"ground-{load}"

    def basis(self, connection: Connection, load: Any) -> Basis:
        """The basis of a load, mapped, and made first where it is not there or damaged."""
        folder = self.of_load(str(load.token))
        found = _readable(folder, lambda: open_basis(folder, self.method))
        if found is None:
            write_basis(connection, load, folder)
            found = open_basis(folder, self.method)
        return found

    def is_whole(self, standing: Standing) -> bool:
        """Whether what was published is still there."""
        return (
            mapped.current_name(self.state) == standing.name
            and (self.state / standing.name / "version.json").is_file()
            and self.has_ground(standing.origin.load)
        )

    def has_ground(self, load: str) -> bool:
        """Whether the ground of a load is there."""
        return (self.of_load(load) / "ground.json").is_file()

    def found(self, connection: Connection, row: Any) -> Standing | None:
        """What a planner before this one has published of a load (its row), if it can be read:
        here, or only in the database, where it was killed in between or worked on another machine.
        """
        load, name = str(row.token), mapped.current_name(self.state)
        here = _readable(self.state / name, lambda: self._opened(name, load)) if name else None
        newest = plans.find_newest(connection)
        if newest and newest.load == load and (here is None or newest.number > here.number):
            basis = here.basis if here else self.basis(connection, row)
            return self.mirrored(connection, basis, newest) or here
        return here

    def mirrored(
        self, connection: Connection, basis: Basis, newest: plans.Published
    ) -> Standing | None:
        """Make the newest version of the database the one that is served here, also where its
        folder here is damaged; None where the database has its arrays no more.
        """
        name, load = version_name(newest.number, newest.change), newest.load
        found = _readable(self.state / name, lambda: self._opened(name, load, basis))
        if found is None:
            if not install(connection, self.state, basis, newest):
                return None
            found = self._opened(name, load, basis)
        self.serve(name, load)
        return found

    def serve(self, name: str, load: str) -> None:
        """Swap the version that readers follow, and leave out old ones."""
        mapped.publish(self.state, name)
        mapped.prune(self.state, versions=KEEP_VERSIONS, ground=self.of_load(load).name)

    def _opened(self, name: str, load: str, basis: Basis | None = None) -> Standing | None:
        found, night = mapped.origin_of(self.state / name)
        if found.load != load:
            return None
        basis = basis or open_basis(self.of_load(load), self.method)
        version = mapped.open_version(self.state / name, basis.ground, basis.homes)
        return Standing(name, version, found, basis, night)


def _readable(folder: Path, read: Callable[[], T | None]) -> T | None:
    """What a folder holds; one that is damaged, in whatever way, counts as absent."""
    if not folder.exists():
        return None
    try:
        return read()
    except Exception as error:
        log.warning("%s is damaged, made anew: %s: %s", folder.name, type(error).__name__, error)
        return None
