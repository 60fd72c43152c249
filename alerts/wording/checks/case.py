"""What each rule of the linter looks at, and the form in which it says what it found."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from alerts.alert import Alert
from alerts.wording.checks.texts import Shown, shown
from alerts.wording.findings import Finding, Severity
from alerts.wording.gazetteer import Gazetteer
from alerts.wording.rendered import Rendered
from alerts.wording.settings import WordingSettings
from alerts.wording.standingorders import StandingOrder
from hazards.kinds import AlertLevel


@dataclass(frozen=True)
class Case:
    """An alert, its renderings and the city; `sites`: names of evacuation places, `areas`: of all
    areas of the city; `orders`: those that stand where the alert goes.
    """

    alert: Alert
    rendered: Rendered
    now: datetime
    gazetteer: Gazetteer
    settings: WordingSettings
    sites: Collection[str] = ()
    areas: Collection[str] = ()
    orders: Collection[StandingOrder] = ()

    @cached_property
    def shown(self) -> tuple[Shown, ...]:
        """Everything that people see or hear."""
        return tuple(shown(self.rendered))

    @property
    def secure_now(self) -> bool:
        """Whether level 5 stands in any part of where it goes, or is what it tells."""
        levels = (self.alert.order_level, *(order.level for order in self.orders))
        return AlertLevel.SECURE_NOW in levels

    @property
    def five_stands(self) -> bool:
        """Whether level 5 stands in any part of where it goes."""
        return any(order.level is AlertLevel.SECURE_NOW for order in self.orders)

    @property
    def unless_drill(self) -> Severity:
        """What stops a live alert is a warning for a drill."""
        return Severity.WARNS if self.alert.is_drill else Severity.STOPS


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `passes` is said where it found nothing."""

    code: str
    passes: str
    check: Callable[[Case], Iterator[Finding]]


def stops(code: str, words: str, where: Shown | None = None) -> Finding:
    """A finding that stops the sending."""
    return _finding(Severity.STOPS, code, words, where)


def warns(code: str, words: str, where: Shown | None = None) -> Finding:
    """A finding that the officer should look at."""
    return _finding(Severity.WARNS, code, words, where)


def _finding(severity: Severity, code: str, words: str, where: Shown | None) -> Finding:
    if where is None:
        return Finding(severity, code, words)
    return Finding(severity, code, words, where.medium, where.language)
