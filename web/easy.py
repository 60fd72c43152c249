"""やさしい日本語 of the few pages that speak it: short sentences, spaces between words, readings.

Offered as a translation is: an unreviewed one only where nobody can live by it (`safety.md` 17).
"""

from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from alerts.kinds import Language
from routing.ground import CityCard

_FILE: Final = Path(__file__).parent / "locale" / "ja-x-easy" / "LC_MESSAGES" / "messages.po"


@cache
def easy_messages() -> dict[str, str]:
    """Every easy text by the Japanese one that it stands for."""
    with _FILE.open("rb") as file:
        catalog = read_po(file)
    return {str(entry.id): str(entry.string) for entry in catalog if entry.id and entry.string}


def speaks_easy(card: CityCard) -> bool:
    """Whether a city's pages may speak it."""
    return card.fictional or Language.EASY_JAPANESE in card.reviewed_languages


def easy(text: str) -> str:
    """A text in easy Japanese; one that has none stays as it is."""
    return easy_messages().get(text, text)
