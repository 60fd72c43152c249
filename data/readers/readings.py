"""How names are read aloud, as CSV: name, kana, confirmed."""

import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Final

from city.reading import Reading
from data.errors import BrokenSource
from data.readers.tabular import read_table
from data.report import SourceReport

SPELLINGS: Final = {
    "name": ("名称", "名前", "地名"),
    "kana": ("読み", "よみ", "ヨミ", "読み仮名", "読みがな", "ふりがな", "フリガナ", "カナ"),
    "confirmed": ("確認", "確認済", "確認済み"),
}
_KATAKANA: Final = dict(zip(range(0x30A1, 0x30F7), range(0x3041, 0x3097), strict=True))
_SPOKEN: Final = re.compile("[\u3041-\u3096][\u3041-\u3096\u30fc]*(?: [\u3041-\u3096\u30fc]+)*")
_YES_NO: Final = {"1": True, "0": False}
ANOTHER_WAY: Final = "a later row reads the name another way: neither is taken"
_KANA: Final = "write the reading in hiragana or katakana only"
_CONFIRMED: Final = "write 1 where a person confirmed the reading, else 0"
_ONE: Final = "keep the row whose reading is right, take out the others"


def read_readings(path: Path, report: SourceReport) -> dict[str, Reading]:
    """Readings by name, in hiragana; the long mark ー is kept. Raises `BrokenSource`.

    A name with two readings keeps neither: it would be said wrongly in one of two places.
    """
    table = read_table(path, report, required=("name", "kana", "confirmed"), spellings=SPELLINGS)
    readings: dict[str, Reading] = {}
    first: dict[str, int] = {}
    doubtful: set[str] = set()
    for row, cells in table:
        with table.sieve.row(row):
            reading = _reading(path, row, cells)
            other = readings.get(reading.name)
            if other and other.kana == reading.kana:
                report.drop("the same reading twice", row=row)
                both = other.confirmed and reading.confirmed
                readings[reading.name] = replace(reading, confirmed=both)
            elif other or reading.name in doubtful:
                doubtful.add(reading.name)
                if readings.pop(reading.name, None):
                    report.drop(ANOTHER_WAY, row=first[reading.name])
                what = f"column 'name' is {reading.name!r} as in a row before, read another way"
                raise BrokenSource(path, f"{what}: neither is taken", row=row, remedy=_ONE)
            else:
                readings[reading.name], first[reading.name] = reading, row
    unconfirmed = sum(not reading.confirmed for reading in readings.values())
    if unconfirmed:
        report.note("readings that nobody confirmed: they never go out live", count=unconfirmed)
    report.kept = len(readings)
    return readings


def _reading(path: Path, row: int, cells: dict[str, str]) -> Reading:
    name = unicodedata.normalize("NFC", cells["name"])
    if not name:
        raise BrokenSource(path, "column 'name' is empty", row=row, remedy=_ONE)
    kana = hiragana(cells["kana"])
    if not _SPOKEN.fullmatch(kana):
        said = f"is {cells['kana'][:30]!r}, not only kana" if kana else "is empty"
        raise BrokenSource(path, f"column 'kana' {said}", row=row, remedy=_KANA)
    confirmed = _YES_NO.get(unicodedata.normalize("NFKC", cells["confirmed"]))
    if confirmed is None:
        what = f"column 'confirmed' is {cells['confirmed'][:20]!r}, not 1 or 0"
        raise BrokenSource(path, what, row=row, remedy=_CONFIRMED)
    return Reading(name, kana, confirmed)


def hiragana(kana: str) -> str:
    """Kana in hiragana, half-width ones too; whatever is no kana stays as it is."""
    wide = unicodedata.normalize("NFKC", kana)
    return " ".join(wide.translate(_KATAKANA).split())
