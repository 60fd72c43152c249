"""Which template an alert takes in a language."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from alerts.alert import Alert
from alerts.kinds import AlertKind, Language, Status, Step
from alerts.wording.template import Template


@dataclass(frozen=True, slots=True)
class Choice:
    """The template of a message; `issue` has its action where it has none of its own."""

    template: Template
    issue: Template | None = None

    @property
    def used(self) -> tuple[Template, ...]:
        """All templates whose words are used."""
        return (self.template, self.issue) if self.issue else (self.template,)

    @property
    def is_reviewed(self) -> bool:
        """Whether somebody answers for every word."""
        return all(template.is_reviewed for template in self.used)

    @property
    def action(self) -> tuple[str, ...]:
        """What to do, one sentence each, in ruby notation."""
        return self.template.action or (self.issue.action if self.issue else ())


def choose(templates: Iterable[Template], alert: Alert, language: Language) -> Choice | None:
    """The reviewed template that fits best; a draft only where no reviewed one fits.

    One for that very hazard comes before one for any, then one for that very level, then the
    newest.
    An update of other kinds than 避難情報 takes the words of the issue.
    """
    known = [template for template in templates if template.language is language]
    best = _best(known, alert, alert.step)
    if best is None and alert.step is Step.UPDATE and alert.kind is not AlertKind.EVACUATION:
        best = _best(known, alert, Step.ISSUE)
    if best is None:
        return None
    if best.action:
        return Choice(best)
    issue = _best(known, alert, Step.ISSUE)
    return Choice(best, issue) if issue else None


def as_reviewed(choice: Choice, alert: Alert) -> bool:
    """Whether a message may be made of it. Drafts are for drills, and for Japanese: the officer
    must see it, and the linter stops it.
    """
    if choice.is_reviewed or alert.status is Status.EXERCISE:
        return True
    return choice.template.language is Language.JAPANESE


def _best(templates: Iterable[Template], alert: Alert, step: Step) -> Template | None:
    wanted = replace(alert, step=step)
    fitting = [template for template in templates if _fits(template, wanted)]
    return max(fitting, key=_rank, default=None)


def _fits(template: Template, alert: Alert) -> bool:
    return (
        template.kind is alert.kind
        and template.step is alert.step
        and template.hazard in (None, alert.hazard)
        and template.level in (None, alert.level)
    )


def _rank(template: Template) -> tuple[bool, bool, bool, int]:
    specific = (template.hazard is not None, template.level is not None)
    return (template.is_reviewed, *specific, template.version)
