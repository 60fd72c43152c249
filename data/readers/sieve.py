"""Broken rows: kept out and listed while they are few, a reason to refuse the file if many."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from shapely.geometry.base import BaseGeometry

from data.errors import BrokenSource
from data.readers.soundness import in_the_world
from data.report import SourceReport

MOST_BROKEN: Final = 0.1
"""Share of broken rows from which a file is taken for another than the one that is meant."""


class Sieve:
    """Reads a file's rows one by one; `close` refuses the file where too many are broken."""

    def __init__(self, path: Path, report: SourceReport) -> None:
        self.path, self.report = path, report
        self._first: BrokenSource | None = None
        self._broken = 0

    @contextmanager
    def row(self, row: int | str, *, at: BaseGeometry | None = None) -> Iterator[None]:
        """Count a row as read, and as dropped where reading it raises `BrokenSource`.

        `at` is told of a dropped row, where it is longitudes and latitudes.
        """
        self.report.read += 1
        try:
            yield
        except BrokenSource as error:
            self._first = self._first or error
            self._broken += 1
            known = at is not None and in_the_world(at)
            self.report.drop(_counted(error.what), row=row, at=at if known else None)

    def close(self) -> None:
        """Raise the first fault, and how many more there are, where more than a tenth is broken."""
        if self._first is None or self._broken <= MOST_BROKEN * self.report.read:
            return
        first = self._first
        if self._broken > 1:
            share = f"; {self._broken:,} of {self.report.read:,} rows are broken"
            first = BrokenSource(self.path, first.what + share, row=first.row, remedy=first.remedy)
        raise first


def _counted(what: str) -> str:
    """A fault without the numbers of its row, so that rows of one fault are counted together."""
    return re.sub(r"(?<![\w.'-])-?\d+(?:,\d{3})*(?:\.\d+)?(?![\w.'])", "…", what)
