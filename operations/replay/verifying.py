"""A version made anew from what is kept: its weights and fields must be those published."""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row

from data import plans
from data.database import transaction
from data.mapped.plan import Decision
from operations.errors import Refused
from operations.planning.basis import Basis, open_basis
from operations.planning.making import prepare
from operations.planning.methods import HIERARCHY
from operations.published.decided import NO_ARRAYS, find_version
from routing.plan.assigned import CityPlan
from routing.statehash import state_hash_of
from routing.version import PlanVersion

BUSY: Final = (
    "別の版を計算し直しています。少し待ってもう一度試してください"
    "（another version is computed anew: try again）"
)
TURN: Final = Lock()
"""Held while a version is computed anew."""
NO_GROUND: Final = (
    "この版の市のデータ（道路と世帯）は入れ替えられて、もう残っていません。重みと場は計算し直せません"
    "（the load that this version stands on is gone）"
)


@dataclass(frozen=True, slots=True)
class Verified:
    """A version's recorded name and the one made anew, None with `why_not` where neither can be."""

    number: int
    recorded: str | None
    recomputed: str | None
    why_not: str = ""

    @property
    def agrees(self) -> bool | None:
        """Whether both are the same; None where that cannot be known."""
        return None if not (self.recorded and self.recomputed) else self.recorded == self.recomputed


def verify_alone(engine: Engine, arrays: Path, number: int) -> Verified:
    """The same, and the database is asked for what is kept alone; raises `Refused` while another
    version is computed anew: it takes a whole core.
    """
    if not TURN.acquire(blocking=False):
        raise Refused(BUSY)
    try:
        with transaction(engine) as connection:
            row, found = _kept(connection, number)
        return _verified(arrays, row, found)
    finally:
        TURN.release()


def verify(connection: Connection, arrays: Path, number: int) -> Verified:
    """Compute a version's weights and fields anew; raises `NotThere` for one that never was."""
    row, found = _kept(connection, number)
    return _verified(arrays, row, found)


def _kept(connection: Connection, number: int) -> tuple[Row[Any], Decision | None]:
    row = find_version(connection, number)
    return row, plans.find_decision(connection, number, anew=True)


def _verified(arrays: Path, row: Row[Any], found: Decision | None) -> Verified:
    try:
        version, decided = remade(arrays, row, found)
    except Refused as error:
        return Verified(row.number, row.state_hash, None, str(error))
    return Verified(row.number, row.state_hash, state_hash_of(version, decided))


def remade(arrays: Path, row: Row[Any], found: Decision | None) -> tuple[PlanVersion, bytes]:
    """A version as it was published, and the digest of what it decided.

    Raises `Refused` where its arrays or its load's ground are gone.
    """
    if found is None:
        raise Refused(NO_ARRAYS)
    basis = basis_of(arrays, str(row.load_token))
    picture, assigned = found.opened()
    version = PlanVersion.of(row.number, basis.ground, picture)
    if len(basis.homes) == len(assigned.site) != 0:
        version.plan = CityPlan(basis.homes, assigned)
    prepare(version, picture.as_of)
    return version, found.digest()


def basis_of(arrays: Path, load: str, engine: str = HIERARCHY) -> Basis:
    """The ground, homes and engine of a load by its token, of the folder `mapped.home`; raises
    `Refused` where they are gone.
    """
    folder = arrays / f"ground-{load}"
    try:
        return open_basis(folder, engine)
    except (OSError, ValueError, KeyError) as error:
        raise Refused(NO_GROUND) from error
