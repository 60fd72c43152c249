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
    """`size` units high letters; `taken` is what no name may cover, `way` what it should not.

    `signs` are those of `taken` that are drawn above every name.
    """

    frame: Frame
    size: int
    way: BaseGeometry
    taken: list[BaseGeometry] = field(default_factory=list)
    placed: list[Label] = field(default_factory=list)
    signs: tuple[BaseGeometry, ...] = ()

    def add(self, text: str, x: float, y: float, *, strong: bool = False) -> None:
        """Put a name beside a point; a weak one is left out where there is no room.

        A strong one lies rather on the way or a name than under a sign of the map.
        """
        half, gap = text_width(text, self.size) / 2, self.size * 1.3
        spots = [
            (x + half + gap, y), (x - half - gap, y), (x, y + 1.6 * gap), (x, y - 2 * gap),
            (x + half, y + 1.5 * gap), (x - half, y + 1.5 * gap), (x + half, y - 1.5 * gap),
            (x - half, y - 1.5 * gap), (x + half + gap, y + gap), (x - half - gap, y - gap),
            *((self._moved_in(x, half), y + away * gap) for away in (1.6, -1.6, 2.6, -2.6)),
        ]  # fmt: skip
        boxes = [(spot, self._box(*spot, half)) for spot in spots]
        inside = [(spot, box) for spot, box in boxes if self._inside(box)]
        free = [(spot, box) for spot, box in inside if not self._covered(box)]
        clear = [(spot, box) for spot, box in free if not box.intersects(self.way)]
        seen = [(spot, box) for spot, box in inside if not self._under_a_sign(box)]
        choice = clear or ((free or seen or inside or boxes) if strong else [])
        if choice:
            (at_x, at_y), box = choice[0]
            self.taken.append(box)
            self.placed.append(Label(round(at_x), round(at_y), text, strong))

    def add_beside(self, text: str, x: float, y: float, reach: float) -> bool:
        """Put a name close to a mark of that reach, so that nobody takes it for another's."""
        half = text_width(text, self.size) / 2
        aside, apart = half + reach + self.size * 0.3, reach + self.size * 0.75
        spots = [(x + aside, y), (x - aside, y), (x, y + apart), (x, y - apart)]
        for at_x, at_y in spots:
            box = self._box(at_x, at_y, half)
            if self._inside(box) and not self._covered(box):
                self.taken.append(box)
                self.placed.append(Label(round(at_x), round(at_y), text, False))
                return True
        return False

    def add_at(self, text: str, x: float, y: float) -> None:
        """Put a name on a point itself, moved inside; left out where another name is."""
        half = text_width(text, self.size) / 2
        x = self._moved_in(x, half)
        y = min(max(y, self.size), self.frame.height - self.size)
        box = self._box(x, y, half)
        if self._inside(box) and not self._covered(box):
            self.taken.append(box)
            self.placed.append(Label(round(x), round(y), text, True))

    def keep_free(self, x: float, y: float, reach: float) -> None:
        """Reserve the square around a mark."""
        self.taken.append(shapely.box(x - reach, y - reach, x + reach, y + reach))

    def is_free(self, x: float, y: float, reach: float) -> bool:
        """Whether nothing stands in the square around a point."""
        return not self._covered(shapely.box(x - reach, y - reach, x + reach, y + reach))

    def _moved_in(self, x: float, half: float) -> float:
        return min(max(x, half + 6), self.frame.width - half - 6)

    def _under_a_sign(self, box: BaseGeometry) -> bool:
        return any(box.intersects(sign) for sign in self.signs)

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


def text_width(text: str, size: int) -> float:
    """How wide a text is: an ASCII letter takes a little more than half of a Japanese one."""
    return sum(size if ord(letter) > 255 else size * 0.6 for letter in text)
