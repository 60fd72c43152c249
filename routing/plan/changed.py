"""Who must hear of a new version: the households whose verdict, place or way changed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.homes import Bools
from routing.plan.assigned import NOWHERE, Assigned


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """(H,) each: households told another `verdict`, another `place`, or another `way` to the same
    place.
    """

    verdict: Bools
    place: Bools
    way: Bools

    @property
    def households(self) -> NDArray[np.int64]:
        """The numbers of all of them."""
        return np.flatnonzero(self.verdict | self.place | self.way)


def changed(before: Assigned | None, after: Assigned) -> Changed:
    """Compare two plans of one load; without one before, everybody who is told a place hears."""
    if before is None:
        told = after.site != NOWHERE
        nobody = np.zeros(len(told), bool)
        return Changed(nobody, told, nobody)
    place = before.site != after.site
    way = ~place & (after.site != NOWHERE) & (before.way != after.way)
    return Changed(before.verdict != after.verdict, place, way)
