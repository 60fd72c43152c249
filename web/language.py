"""Languages of the pages: Japanese is the source, translations are read at start-up."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from routing.ground import CityCard
from routing.words import same

Translate = Callable[[str], str]

SOURCE: Final = "ja"
TRANSLATED: Final = ("en",)
_LOCALE = Path(__file__).parent / "locale"


def languages(card: CityCard) -> tuple[str, ...]:
    """Languages offered in a city: an unreviewed one only where nobody can live by it."""
    offered = [lang for lang in TRANSLATED if card.fictional or lang in card.reviewed_languages]
    return (SOURCE, *offered)


def spoken(card: CityCard, lang: str) -> str:
    """The language that is honoured where `lang` was asked for."""
    return lang if lang in languages(card) else SOURCE


def known(lang: str) -> str:
    """A language that pages exist in, whatever was asked for."""
    return lang if lang in TRANSLATED else SOURCE


def is_draft(card: CityCard, lang: str) -> bool:
    """Whether the page must say that the city has not reviewed its translation."""
    return lang != SOURCE and lang not in card.reviewed_languages


@lru_cache(maxsize=len(TRANSLATED))
def messages(lang: str) -> dict[str, str]:
    """Every translation of a language by its Japanese text."""
    with (_LOCALE / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalog = read_po(file, locale=lang)
    return {str(entry.id): str(entry.string) for entry in catalog if entry.id and entry.string}


def translator(lang: str) -> Translate:
    """The translation into `lang`; names that have none stay as they are."""
    if lang == SOURCE:
        return same
    known = messages(lang)
    return lambda text: known.get(text, text)
