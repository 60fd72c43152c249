"""CSV as offices publish it: UTF-8 with or without a byte order mark, or Shift_JIS."""

import csv
import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data.errors import BrokenSource
from data.readers.sieve import Sieve
from data.report import SourceReport

MOST_LINES: Final = 50
"""Lines that one row may fill: past them a quotation mark was opened and never closed."""
UNENDED: Final = "the last row has no line end: look whether it was cut off"
_NO_LETTER: Final = re.compile("[\x80-\xa0\uf8f0-\uf8f3]")
"""What cp932 makes of the bytes 80, A0 and FD to FF, which Shift_JIS does not have."""
_SAVE: Final = "save it in a spreadsheet as 'CSV UTF-8', with commas between the cells"
_COLUMNS: Final = (
    "the first row must name the columns as published; or name the file's real format in the"
    " city file"
)
_JSON: Final = (
    "name its real format in the city file; where it says 'unavailable' the GSI has no data: ask"
    " the municipality for its list"
)
_FETCH: Final = "fetch the file again, or leave this source out of the city file"
_CELLS: Final = "fill in or take out cells until the row has as many as the header"

Cells = dict[str, str]


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """A file's rows as (number, cells by column); its broken rows go through `sieve`.

    The header is row 1, and rows count as a spreadsheet numbers them. Cells are without spaces
    around them; columns that nobody asked for bear their `folded` name. Whoever reads the rows
    does so in `with table.sieve.row(number)`; after the last one the sieve is closed here, which
    raises `BrokenSource` where over a tenth is broken.
    """

    path: Path
    columns: tuple[str, ...]
    sieve: Sieve
    lines: list[str]
    encoding: str

    def __iter__(self) -> Iterator[tuple[int, Cells]]:
        rows = records(self.lines)
        next(rows)
        for number, cells in rows:
            if cells is not None and not any(cells):
                if cells:
                    self.sieve.report.note("an empty row, passed over")
                continue
            fault = self._fault(cells)
            if cells is not None and not fault:
                yield number, dict(zip(self.columns, cells, strict=True))
                continue
            with self.sieve.row(number):
                raise BrokenSource(self.path, fault, row=number, remedy=_remedy(fault))
        self.sieve.close()

    def _fault(self, cells: list[str] | None) -> str:
        """Why a row cannot be used; empty where it can."""
        if cells is None:
            return "a quotation mark is not closed, or stands inside a cell"
        if in_another_encoding(cells):
            return f"is not in {self.encoding} as the rest of the file is"
        if any("\0" in cell for cell in cells):
            return "a cell holds the character NUL"
        if len(cells) != len(self.columns):
            return f"has {len(cells):,} cells under {len(self.columns):,} columns"
        return ""


def read_table(
    path: Path,
    report: SourceReport,
    *,
    required: Sequence[str],
    spellings: Mapping[str, Sequence[str]] | None = None,
) -> Table:
    """A CSV with these columns; `spellings` are other names under which a column is known.

    Full-width spellings and spaces in column names are all the same; of several `spellings` that
    are there the first counts. A row that is broken, or in another encoding than most, is kept
    out and listed. Raises `BrokenSource`, also while rows are read.
    """
    lines, encoding = decoded(_bytes(path))
    _, header = next(records(lines))
    if lines[0].lstrip().startswith("{"):
        raise BrokenSource(path, "is JSON and no CSV", row=1, remedy=_JSON)
    if header is None or "\0" in "".join(header) or in_another_encoding(header):
        what = "the header is neither UTF-8 nor Shift_JIS, or this is no CSV"
        raise BrokenSource(path, what, row=1, remedy=_SAVE)
    if len(header) == 1 and "\t" in lines[0]:
        raise BrokenSource(path, "tabs between the cells", row=1, remedy=_SAVE)
    columns = tuple(_named(header, required, spellings or {}))
    _refuse_columns(path, columns, required)
    if not any(line.strip(", \n") for line in lines[1:]):
        raise BrokenSource(path, "a header, and no row below it", remedy=_FETCH)
    if lines[-1].strip():  # What ends with a line end has nothing after it.
        report.note(UNENDED)
    return Table(path, columns, Sieve(path, report), lines, encoding)


def folded(name: str) -> str:
    """A column's name without spaces, full-width letters as half-width ones (NFKC)."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def _named(
    header: Sequence[str], required: Sequence[str], spellings: Mapping[str, Sequence[str]]
) -> list[str]:
    """The header's columns, in the spelling in which they are asked for."""
    columns = [folded(column) for column in header]
    known = {folded(name): name for name in (*required, *spellings)}
    for name, others in spellings.items():
        there = [folded(other) for other in (name, *others) if folded(other) in columns]
        known |= dict.fromkeys(there[:1], name)
    return [known.get(column, column) for column in columns]


def _refuse_columns(path: Path, columns: Sequence[str], required: Sequence[str]) -> None:
    have = ", ".join(filter(str.isprintable, filter(None, columns))) or "none"
    for name in required:
        if name not in columns:
            what = f"column {name!r} is missing (there are: {have[:300]})"
            raise BrokenSource(path, what, row=1, remedy=_COLUMNS)
    for name, count in Counter(filter(None, columns)).items():
        if count > 1:
            what = f"column {name!r} is there {count} times"
            raise BrokenSource(path, what, row=1, remedy="take out or rename all but one")


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise BrokenSource(path, "there is no such file", remedy="check its path") from None
    except OSError as error:
        raise BrokenSource(path, f"cannot be read: {error.strerror}", remedy=_FETCH) from error
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise BrokenSource(path, "is in UTF-16", remedy=_SAVE)
    if not raw.removeprefix(BOM_UTF8).strip():
        raise BrokenSource(path, "the file is empty", remedy=_FETCH)
    return raw.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def decoded(raw: bytes) -> tuple[list[str], str]:
    """Lines and encoding: UTF-8 where at least half of the lines that can tell are in it.

    Bytes of a line in another encoding become lone surrogates, by which its row is found.
    """
    lines = raw.split(b"\n")
    telling = [_in_utf8(line) for line in lines if not line.isascii()]
    utf8 = 2 * sum(telling) >= len(telling)
    decode = _from_utf8 if utf8 else _from_shift_jis
    return [decode(line) + "\n" for line in lines], "UTF-8" if utf8 else "Shift_JIS"


def in_another_encoding(cells: Sequence[str]) -> bool:
    """Whether cells hold bytes that `decoded` could not read."""
    return any("\udc80" <= letter <= "\udcff" for cell in cells for letter in cell)


def _in_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _from_utf8(line: bytes) -> str:
    return line.decode("utf-8" if _in_utf8(line) else "ascii", "surrogateescape")


def _from_shift_jis(line: bytes) -> str:
    """As Windows writes it (cp932), which reads UTF-8 as other letters without a word."""
    if line.isascii() or not _in_utf8(line):
        try:
            text = line.decode("cp932")
        except UnicodeDecodeError:
            text = ""
        if text and not _NO_LETTER.search(text):
            return text
    return line.decode("ascii", "surrogateescape")


def records(lines: Sequence[str], delimiter: str = ",") -> Iterator[tuple[int, list[str] | None]]:
    """(number, cells) of every row; cells are None where quotation marks do not match."""
    at = 0
    number = 0
    while at < len(lines):
        number += 1
        reader = csv.reader(lines[at : at + MOST_LINES], delimiter=delimiter, strict=True)
        try:
            cells = [cell.strip() for cell in next(reader)]
        except csv.Error:
            at += 1
            yield number, None
            continue
        at += reader.line_num
        yield number, cells


def _remedy(fault: str) -> str:
    return _CELLS if fault.startswith("has ") else _SAVE
