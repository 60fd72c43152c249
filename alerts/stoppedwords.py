"""That a person stopped the sending of a text: which lifts no order of which it told."""

from datetime import datetime, tzinfo

from alerts.captext import CapText
from alerts.kinds import Language
from alerts.wording.moments import dated
from alerts.wording.vocabulary import VOCABULARIES


def stopped_lines(language: Language, at: datetime, zone: tzinfo, *, stands: bool) -> list[str]:
    """When it was stopped, and whether the order stands."""
    words = VOCABULARIES[language]
    lines = [words.stopped_at.format(time=dated(at, zone, language))]
    return [*lines, words.stopped_stands] if stands else lines


def as_stopped(
    text: CapText, language: Language, at: datetime, zone: tzinfo, *, stands: bool
) -> CapText:
    """The text of a message whose sending was stopped."""
    lines = stopped_lines(language, at, zone, stands=stands)
    return CapText(
        VOCABULARIES[language].stopped_head + text.headline,
        "\n".join([*lines, text.description]),
        text.instruction,
    )
