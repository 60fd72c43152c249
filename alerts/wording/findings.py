"""What the linter says to the officer."""

from dataclasses import dataclass
from enum import StrEnum

from alerts.kinds import Language, Medium


class Severity(StrEnum):
    """送れない, 注意, 合格."""

    STOPS = "stops"
    WARNS = "warns"
    PASSES = "passes"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `words` in Japanese, with a short English in brackets.

    It stops or warns of one medium and language, or of all where they are None.
    """

    severity: Severity
    code: str
    words: str
    medium: Medium | None = None
    language: Language | None = None
