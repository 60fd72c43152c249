"""Looks at what is about to be sent, and says what stops it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from alerts.alert import Alert
from alerts.wording.checks.agreement import AGREEMENT
from alerts.wording.checks.besideorders import BESIDE_ORDERS
from alerts.wording.checks.case import Case, Rule
from alerts.wording.checks.form import FORM
from alerts.wording.checks.guarding import GUARDING
from alerts.wording.checks.ownwords import OWN_WORDS
from alerts.wording.checks.reviewing import REVIEWING
from alerts.wording.findings import Finding, Severity, gathered
from alerts.wording.gazetteer import Gazetteer
from alerts.wording.rendered import Rendered
from alerts.wording.settings import WordingSettings
from alerts.wording.standingorders import StandingOrder

RULES: Final[tuple[Rule, ...]] = (
    *REVIEWING, *AGREEMENT, *GUARDING, *OWN_WORDS, *BESIDE_ORDERS, *FORM,
)  # fmt: skip
_ORDER: Final = (Severity.STOPS, Severity.WARNS, Severity.PASSES)


def check(
    alert: Alert,
    rendered: Rendered,
    *,
    now: datetime,
    gazetteer: Gazetteer,
    settings: WordingSettings,
    sites: Collection[str] = (),
    areas: Collection[str] = (),
    orders: Collection[StandingOrder] = (),
) -> tuple[Finding, ...]:
    """What every rule found: first what stops, then what to look at, then what is well.

    `sites` are the names of all evacuation places, none of which is named at level 5; `areas` those
    of all areas of the city, so that a wrong one is noticed; `orders` are those in force that touch
    where it goes.
    """
    case = Case(alert, rendered, now, gazetteer, settings, sites, areas, orders)
    findings = [finding for rule in RULES for finding in _found(rule, case)]
    return tuple(sorted(findings, key=lambda finding: _ORDER.index(finding.severity)))


def stopping(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that stop the sending, of the media that they name or of all."""
    return tuple(one for one in findings if one.severity is Severity.STOPS)


def _found(rule: Rule, case: Case) -> tuple[Finding, ...]:
    found = gathered(rule.check(case))
    return found or (Finding(Severity.PASSES, rule.code, rule.passes),)
