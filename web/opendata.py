"""The page that documents open data: which files, fields, units, under which licence, how fresh."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from routing.ground import CityCard
from web.document import document
from web.language import SOURCE, spoken

OPEN: Final = "/open"


@dataclass(frozen=True, slots=True)
class Field:
    """A field: `key` in GeoJSON, `column` in CSV, what it means in Japanese and in English."""

    key: str
    column: str
    means: str
    english: str


@dataclass(frozen=True, slots=True)
class Published:
    """A file: its name in the address, its title in both languages, its fields in their order."""

    name: str
    title: str
    english: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class OpenView:
    """What the page shows; `licence` is empty where the city's could not be read."""

    files: tuple[Published, ...]
    licence: str
    licence_url: str
    attribution: str
    japanese: bool


def open_data_page(
    card: CityCard,
    files: Iterable[Published],
    *,
    licence: str,
    licence_url: str,
    attribution: str,
    lang: str,
) -> str:
    """The page in a language."""
    japanese = spoken(card, lang) == SOURCE
    view = OpenView(tuple(files), licence, licence_url, attribution, japanese)
    return document("open", "open", card=card, lang=lang, path=OPEN, asked={}, values={"v": view})
