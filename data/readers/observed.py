"""現地報告 out of files of strangers: GeoJSON, KML, KMZ, GPX, CSV, Cursor on Target.

What a file is, its content says. Nothing outside it is read, whatever it links to.
"""

from codecs import BOM_UTF8
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Final

import shapely

from data.errors import BrokenSource
from data.readers.observedcot import read_cot
from data.readers.observedcsv import read_csv
from data.readers.observeddraft import rows_of
from data.readers.observedgeojson import read_geojson
from data.readers.observedgpx import read_gpx
from data.readers.observedkml import read_kml, unpacked
from data.readers.observedrow import (
    MOST_BYTES,
    MOST_IN_FILE,
    MOST_ROWS,
    ObservedFile,
    ObservedRow,
    Said,
)
from data.readers.observedxml import local, root_of
from data.readers.observedzip import MAGIC

_SPLIT: Final = "見た所だけを書き出すか、ファイルを分けてください"
_FORMATS: Final = "GeoJSON・KML・KMZ・GPX・CSV で保存し直してください"
_OF_XML: Final = {
    "kml": ("KML", read_kml),
    "gpx": ("GPX", read_gpx),
    "event": ("Cursor on Target", read_cot),
    "events": ("Cursor on Target", read_cot),
}


def read_observed(name: str, data: bytes, zone: tzinfo) -> ObservedFile:
    """Every row as a draft or a refusal; times without an offset are by the clocks of `zone`.

    Raises `BrokenSource` for what is no such file, or too much of one.
    """
    path = Path(name)
    if len(data) > MOST_BYTES:
        what = f"大きすぎます。{MOST_BYTES:,}バイトまでです（too large）"
        raise BrokenSource(path, what, remedy=_SPLIT)
    if not data.removeprefix(BOM_UTF8).strip():
        raise BrokenSource(path, "空です（empty）", remedy=_FORMATS)
    shape, rows = _read(path, data)
    return ObservedFile(shape, tuple(_all(path, rows, zone)))


def _read(path: Path, data: bytes) -> tuple[str, Iterator[Said]]:
    begins = data.removeprefix(BOM_UTF8).lstrip()[:1]
    if begins in (b"{", b"["):
        return "GeoJSON", read_geojson(path, data)
    if not data.startswith(MAGIC) and begins != b"<" and not _in_utf16_xml(data):
        return "CSV", read_csv(path, data)
    root = root_of(path, unpacked(path, data))
    found = _OF_XML.get(local(root).lower())
    if found is None:
        what = f"KML・GPX・CoT のどれでもないXMLです（<{local(root)[:40]}>）"
        raise BrokenSource(path, what, remedy=_FORMATS)
    shape, reader = found
    return shape, reader(path, root)


def _in_utf16_xml(data: bytes) -> bool:
    return data[:4] in (b"\xff\xfe<\0", b"\xfe\xff\0<")


def _all(path: Path, said: Iterator[Said], zone: tzinfo) -> list[ObservedRow]:
    rows: list[ObservedRow] = []
    vertices = 0
    for one in said:
        new = rows_of(one, zone)
        rows += new
        vertices += sum(int(shapely.get_num_coordinates(r.draft.geometry)) for r in new if r.draft)
        if len(rows) > MOST_ROWS:
            what = f"{MOST_ROWS}件より多くあります（more than {MOST_ROWS} rows）"
            raise BrokenSource(path, what, remedy=_SPLIT)
        if vertices > MOST_IN_FILE:
            what = f"頂点が{MOST_IN_FILE:,}より多くあります（too many vertices）"
            raise BrokenSource(path, what, remedy=_SPLIT)
    return rows
