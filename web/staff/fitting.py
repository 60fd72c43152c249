"""Choosing what is said where there are only 20 seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

from web.staff.aloud import MORAE_A_SECOND, MOST_SECONDS, morae


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence or two; of rank 0 it is always said, else the lowest ranks that time allows."""

    words: str
    rank: int = 0


def chosen(
    before: Sequence[Piece], after: Sequence[Piece] = (), ways: Sequence[tuple[str, ...]] = ((),)
) -> list[str]:
    """What is said: rank 0 always; then rank 1 that leaves room for the shortest telling of the
    way, the fullest telling that there is time for, and the other ranks.
    """
    pieces = [*before, *after]
    said = {row for row, piece in enumerate(pieces) if piece.rank == 0}
    left = round(MORAE_A_SECOND * MOST_SECONDS) - sum(morae(pieces[row].words) for row in said)
    costs = [sum(map(morae, way)) for way in ways]
    kept_free = min((cost for cost in costs if 0 < cost <= left), default=0)
    way: tuple[str, ...] | None = None
    for row in sorted(range(len(pieces)), key=lambda one: pieces[one].rank):
        rank, cost = pieces[row].rank, morae(pieces[row].words)
        if rank > 1 and way is None:
            way, left = _fullest(ways, costs, left)
            kept_free = 0
        if rank and cost <= left - kept_free:
            said.add(row)
            left -= cost
    if way is None:
        way, _ = _fullest(ways, costs, left)
    kept = [piece.words if row in said else "" for row, piece in enumerate(pieces)]
    cut = len(before)
    return [one for one in (*kept[:cut], *way, *kept[cut:]) if one]


def _fullest(
    ways: Sequence[tuple[str, ...]], costs: Sequence[int], left: int
) -> tuple[tuple[str, ...], int]:
    """The first telling for which there is time, and the morae that are left then."""
    return next(
        ((way, left - cost) for way, cost in zip(ways, costs, strict=True) if cost <= left),
        ((), left),
    )
