"""What can be wrong with the data that a city brings, or with where it is kept."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

LONGEST: Final = 400
"""Letters of what a message repeats from a file."""


class DataError(Exception):
    """Something about the city's data that its officer can mend."""


class BrokenSource(DataError):
    """A source cannot be used: says which file, row and field, and what to do about it."""

    def __init__(
        self, path: Path, what: str, *, row: int | str | None = None, remedy: str = ""
    ) -> None:
        what = _printable(what)
        self.what, self.row, self.remedy = what, row, remedy
        where = f"row {row}" if isinstance(row, int) else row
        name = _printable(path.name or str(path))
        place = f"{name}, {_printable(where)}" if where else name
        super().__init__(f"{place}: {what}" + (f" — {remedy}" if remedy else ""))


def _printable(text: str) -> str:
    """One line, whatever a stranger's file holds."""
    return "".join(c if c.isprintable() else "…" for c in text)[:LONGEST]


class BrokenSources(DataError):
    """Several sources cannot be used: each in a line."""

    def __init__(self, broken: Sequence[DataError]) -> None:
        super().__init__("\n".join(map(str, broken)))


class BrokenCityFile(DataError):
    """The city file says something that is not understood."""


class NoCity(DataError):
    """No city has been loaded yet: load one with `nigemichi city load FILE`."""


class NotThere(DataError):
    """There is no such place, street, area or order in the loaded city."""


class NoDatabase(DataError):
    """PostgreSQL does not answer."""
