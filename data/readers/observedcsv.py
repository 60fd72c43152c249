"""現地報告 as CSV out of a spreadsheet, with Japanese or English names of columns."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from data.errors import BrokenSource
from data.readers import observedcolumns as columns
from data.readers.observedrow import RowRefused, Said, place_or_refusal
from data.readers.observedshape import point
from data.readers.tabular import decoded, in_another_encoding, records

DELIMITERS: Final = (",", "\t", ";")
_SAVE: Final = "表計算で「CSV UTF-8」を選んで保存し直してください"
_CELLS: Final = "見出しと同じ数のセルにしてください"
_HEADER: Final = (
    "1行目に「緯度,経度,種別,日時,内容,誤差」のような見出しを書いてください（緯度と経度は必ず）"
)


def read_csv(path: Path, data: bytes) -> Iterator[Said]:
    """Rows as a spreadsheet numbers them: the header is row 1. Raises `BrokenSource`."""
    lines, encoding = decoded(_text(path, data))
    delimiter = _delimiter(lines)
    rows = records(lines, delimiter)
    _, header = next(rows)
    if header is None or in_another_encoding(header):
        what = "見出しがUTF-8でもShift_JISでもないか、CSVではありません（no CSV）"
        raise BrokenSource(path, what, row=1, remedy=_SAVE)
    if len(header) > columns.MOST_COLUMNS:
        what = f"列が{columns.MOST_COLUMNS}より多くあります（too many columns）"
        raise BrokenSource(path, what, row=1, remedy=_HEADER)
    for key, word in ((columns.LAT, "緯度"), (columns.LON, "経度")):
        if not columns.is_told(header, key):
            have = "、".join(filter(None, header))[:200] or "なし"
            raise BrokenSource(path, f"「{word}」の列がありません（列: {have}）", remedy=_HEADER)
    found = False
    for number, cells in rows:
        if cells is None or any(cells):
            found = True
            yield _row(number, header, cells, encoding)
    if not found:
        raise BrokenSource(path, "見出しの下に行がありません（no rows）", remedy=_HEADER)


def _row(number: int, header: list[str], cells: list[str] | None, encoding: str) -> Said:
    fault = _fault(header, cells, encoding)
    if cells is None or fault:
        remedy = _CELLS if fault.startswith("セル") else _SAVE
        return Said(number, {}, RowRefused(fault, remedy))
    words = dict(zip(header, cells, strict=True))
    lat, lon = columns.value(words, columns.LAT), columns.value(words, columns.LON)
    return Said(number, words, place_or_refusal(point, lat, lon))


def _fault(header: list[str], cells: list[str] | None, encoding: str) -> str:
    if cells is None:
        return '引用符（"）が閉じていないか、セルが長すぎます'
    if in_another_encoding(cells):
        return f"この行だけ文字コードが{encoding}ではありません"
    if len(cells) != len(header):
        return f"セルが{len(cells):,}あり、見出しは{len(header):,}です"
    return ""


def _text(path: Path, data: bytes) -> bytes:
    """Lines with one kind of end; raises `BrokenSource` for what is no text."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise BrokenSource(path, "UTF-16で保存されています（UTF-16）", remedy=_SAVE)
    if b"\0" in data:
        what = "GeoJSON・KML・GPX・CSVのどれでもありません（a binary file）"
        raise BrokenSource(path, what, remedy=_SAVE)
    return data.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _delimiter(lines: list[str]) -> str:
    """What parts the header into the most columns that tell something; commas where none does."""

    def known(delimiter: str) -> int:
        _, header = next(records(lines, delimiter))
        return columns.known_among(header or ())

    return max(DELIMITERS, key=known)
