"""A version made anew from what is kept: its weights and fields must be those published."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row

from data import plans
from operations.errors import Refused
from operations.planning.basis import Basis, open_basis
from operations.planning.making import prepare
from operations.planning.methods import HIERARCHY
from operations.published.decided import NO_ARRAYS, find_version
from routing.plan.assigned import CityPlan
from routing.statehash import state_hash_of
from routing.version import PlanVersion

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


def verify(connection: Connection, arrays: Path, number: int) -> Verified:
    """Compute a version's weights and fields anew; raises `NotThere` for one that never was."""
    row = find_version(connection, number)
    try:
        version, decided = remade(connection, arrays, row)
    except Refused as error:
        return Verified(number, row.state_hash, None, str(error))
    return Verified(number, row.state_hash, state_hash_of(version, decided))


def remade(connection: Connection, arrays: Path, row: Row[Any]) -> tuple[PlanVersion, bytes]:
    """A version as it was published, and the digest of what it decided.

    Raises `Refused` where its arrays or its load's ground are gone.
    """
    found = plans.find_decision(connection, row.number, anew=True)
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
