"""Warnings gathered: of each that is the same, all the areas in which it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from data.readers.jmaxml import text_of
from hazards.bulletin import AreaKind, BulletinArea, BulletinItem
from hazards.bulletinnames import Course

DIGITS: Final[Mapping[int, AreaKind]] = {
    7: AreaKind.MUNICIPALITY,
    6: AreaKind.REGION,
    10: AreaKind.RIVER,
    12: AreaKind.STRETCH,
}
"""Length of a code to what it names (気象庁防災情報XMLのコード表 †)."""


@dataclass(frozen=True, slots=True)
class Named:
    """A warning without its areas."""

    name: str
    code: str
    condition: str
    course: Course
    formerly: str = ""


@dataclass(slots=True)
class Gathered:
    """Fills as a telegram is read."""

    _areas: dict[Named, dict[BulletinArea, None]] = field(default_factory=dict)

    def add(self, named: Named, areas: Iterable[BulletinArea]) -> None:
        """Put a warning in force in areas; an area that is there already is there once."""
        self._areas.setdefault(named, {}).update(dict.fromkeys(areas))

    def items(self) -> tuple[BulletinItem, ...]:
        """Each warning with its areas, in the order of the telegram."""
        return tuple(
            BulletinItem(one.name, one.code, one.condition, one.course, tuple(areas), one.formerly)
            for one, areas in self._areas.items()
        )


def area_of(element: Element, kind: AreaKind | None = None) -> BulletinArea:
    """An Area element; its code tells what it is, where `kind` does not."""
    code, name = text_of(element, "Code"), text_of(element, "Name")
    return BulletinArea(code, name, kind or DIGITS.get(len(code), AreaKind.REGION))
