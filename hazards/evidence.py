"""What reports do to a street (`safety.md` 6): a function of all reports, in any order.

Nothing here reopens: a report stops counting only when headquarters refutes or resolves it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from hazards.observation import AUTHENTICATED, LIVE, ObservationState, SourceKind

SURE_M: Final = 30.0
"""With an error up to this, one authenticated report with a photo names its street."""
STREET_M: Final = 100.0
"""With a larger error a report names no street: it is shown as an area, for a person to place."""


class Effect(IntEnum):
    """From nothing to closed; of several the highest counts."""

    NONE = 0
    DOUBTED = 1
    SUSPENDED = 2
    CLOSED = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one report is worth: `source` names one person or device, "" one nobody knows.

    `set_aside` says that a check found it impossible: it counts for nothing before a person
    confirms it.
    """

    kind: SourceKind
    source: str
    state: ObservationState
    error_m: float | None
    photo: bool
    set_aside: bool = False

    @property
    def counts(self) -> bool:
        """Whether it counts at all."""
        if self.state is ObservationState.CONFIRMED:
            return True
        return self.state in LIVE and not self.set_aside

    @property
    def is_known(self) -> bool:
        """Whether somebody answers for it, by an account or a device."""
        return self.kind in AUTHENTICATED and self.source != ""

    @property
    def suffices(self) -> bool:
        """Whether it suspends a street alone: seen, and surely there. A gauge needs no photo: the
        city's rules say at which level it shuts which streets.
        """
        if not self.is_known:
            return False
        if self.kind is SourceKind.SENSOR:
            return True
        return self.photo and self.error_m is not None and self.error_m <= SURE_M


def effect(reports: Iterable[Evidence]) -> Effect:
    """What all reports of one street do to it, however they are ordered or repeated."""
    counting = [report for report in reports if report.counts]
    if not counting:
        return Effect.NONE
    if any(report.state is ObservationState.CONFIRMED for report in counting):
        return Effect.CLOSED
    known = {report.source for report in counting if report.is_known}
    if len(known) > 1 or any(report.suffices for report in counting):
        return Effect.SUSPENDED
    return Effect.DOUBTED


def names_a_street(error_m: float | None) -> bool:
    """Whether a report with that error is of a street at all."""
    return error_m is not None and error_m <= STREET_M


def is_corroborated(reports: Iterable[Evidence]) -> bool:
    """Whether more than one source says it; of those nobody knows each report is one."""
    counting = [report for report in reports if report.counts]
    known = {report.source for report in counting if report.source}
    return len(known) + sum(not report.source for report in counting) > 1
