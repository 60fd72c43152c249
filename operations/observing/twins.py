"""Reports that may tell of the same: near in place, time and kind, or alike in picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import shapely

from data.photos.likeness import ALIKE, distance
from hazards.observation import SHUTS_ROAD, ObservationKind

NEAR_M: Final = 60.0
NEAR_S: Final = timedelta(minutes=90)
ALIKE_M: Final = 500.0
"""Pictures that are alike are of one scene only so near to each other."""


@dataclass(frozen=True, slots=True)
class Told:
    """One report, in metres; `likeness` of its picture, None without one."""

    id: UUID
    kind: ObservationKind
    x: float
    y: float
    error_m: float
    seen_at: datetime
    likeness: int | None


def twins(reports: Sequence[Told]) -> list[tuple[UUID, UUID]]:
    """Pairs that are proposed for merging, the later one first; each report once at most.

    Without a known error a report is as near as its point.
    """
    ordered = sorted(reports, key=lambda one: (one.seen_at, str(one.id)))
    points = [shapely.Point(one.x, one.y) for one in ordered]
    tree = shapely.STRtree(points)
    found: list[tuple[UUID, UUID]] = []
    for row, (one, point) in enumerate(zip(ordered, points, strict=True)):
        near = tree.query(point, predicate="dwithin", distance=ALIKE_M)
        for other in sorted(int(other) for other in near if other < row):
            if _may_be_one(one, ordered[other], float(point.distance(points[other]))):
                found.append((one.id, ordered[other].id))
                break
    return found


def _may_be_one(one: Told, other: Told, away_m: float) -> bool:
    if abs(one.seen_at - other.seen_at) > NEAR_S:
        return False
    if _alike(one.likeness, other.likeness):
        return True
    same = one.kind == other.kind or {one.kind, other.kind} <= SHUTS_ROAD
    return same and away_m <= NEAR_M + min(one.error_m + other.error_m, NEAR_M)


def _alike(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and distance(one, other) <= ALIKE
