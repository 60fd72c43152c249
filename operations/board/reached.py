"""How many households each alert reached, as it was counted last (`operations/board/counting.py`).

Counting takes seconds in a large city: the board reads what was counted, with its moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data import reachedcounts
from operations.board.look import Look


@dataclass(frozen=True, slots=True)
class Counted:
    """Of an alert's newest revision that went out: households by state, and the unreached by the
    name of their 町丁目; `cells` as the ledger has them.
    """

    revision: int
    as_of: datetime
    states: Mapping[str, int]
    areas: Mapping[str, int]
    cells: Sequence[Mapping[str, Any]]

    @property
    def households(self) -> int:
        """All of its area."""
        return sum(self.states.values())

    @property
    def confirmed(self) -> int:
        """Those with a tap, an answer, a voice or a door."""
        return self.states.get("confirmed", 0)

    @property
    def unreached(self) -> int:
        """Those that nothing reached, also where only a broadcast may have."""
        return self.states.get("unreached", 0) + self.states.get("broadcast_only", 0)


def counted_of_alerts(look: Look, alerts: Sequence[int]) -> dict[int, Counted]:
    """What was counted last of each of these alerts; those that nobody counted lack."""
    if not alerts:
        return {}
    return {
        row.alert_id: Counted(row.revision_id, row.as_of, row.states, row.areas, row.cells)
        for row in reachedcounts.of_alerts(look.connection, alerts)
    }
