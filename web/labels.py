"""Names on a map: placed where they cover neither the way nor one another."""

from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from web.frame import Frame


@dataclass(frozen=True, slots=True)
class Label:
    """A text at its middle, in units; `strong` for the door and the places."""

    x: int
    y: int
    text: str
    strong: bool


@dataclass(slots=True)
class Labels:
    """`size` units high letters; `taken` is what no name may cover, `way` what it should not."""

    frame: Frame
    size: int
    way: BaseGeometry
    taken: list[BaseGeometry] = field(default_factory=list)
    placed: list[Label] = field(default_factory=list)

    def add(self, text: str, x: float, y: float, *, strong: bool = False) -> None:
        """Put a name beside a point; a weak one is left out where there is no room."""
        half, gap = _width(text, self.size) / 2, self.size * 1.3
        spots = [
            (x + half + gap, y), (x - half - gap, y), (x, y + 1.6 * gap), (x, y - 2 * gap),
            (x + half, y + 1.5 * gap), (x - half, y + 1.5 * gap), (x + half, y - 1.5 * gap),
            (x - half, y - 1.5 * gap), (x + half + gap, y + gap), (x - half - gap, y - gap),
        ]  # fmt: skip
        boxes = [(spot, self._box(*spot, half)) for spot in spots]
        inside = [(spot, box) for spot, box in boxes if self._inside(box)]
        free = [(spot, box) for spot, box in inside if not self._covered(box)]
        clear = [(spot, box) for spot, box in free if not box.intersects(self.way)]
        choice = clear or ((free or inside or boxes) if strong else [])
        if choice:
            (at_x, at_y), box = choice[0]
            self.taken.append(box)
            self.placed.append(Label(round(at_x), round(at_y), text, strong))

    def add_at(self, text: str, x: float, y: float) -> None:
        """Put a name on a point itself, moved inside; left out where another name is."""
        half = _width(text, self.size) / 2
        x = min(max(x, half + 6), self.frame.width - half - 6)
        y = min(max(y, self.size), self.frame.height - self.size)
        box = self._box(x, y, half)
        if self._inside(box) and not self._covered(box):
            self.taken.append(box)
            self.placed.append(Label(round(x), round(y), text, True))

    def keep_free(self, x: float, y: float, reach: float) -> None:
        """Reserve the square around a mark."""
        self.taken.append(shapely.box(x - reach, y - reach, x + reach, y + reach))

    def _box(self, x: float, y: float, half: float) -> BaseGeometry:
        return shapely.box(x - half, y - self.size * 0.65, x + half, y + self.size * 0.65)

    def _inside(self, box: BaseGeometry) -> bool:
        west, north, east, south = box.bounds
        return (
            west >= 4
            and north >= 4
            and east <= self.frame.width - 4
            and (south <= self.frame.height - 4)
        )

    def _covered(self, box: BaseGeometry) -> bool:
        return any(box.intersects(other) for other in self.taken)


def _width(text: str, size: int) -> float:
    return sum(size if ord(letter) > 255 else size * 0.6 for letter in text)
