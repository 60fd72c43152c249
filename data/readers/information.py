"""Files of information of others: GeoJSON, CSV, Atom and CAP, lists of evacuation sites."""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import orjson
import shapely

from data.errors import BrokenSource
from data.readers import gsi, gsi_csv
from data.readers.geojson import geometry_of, is_notice, refuse_other_crs
from data.readers.informationatom import read_atom
from data.readers.informationrow import MOST_ITEMS, Near, Told, columns_of, copy_of
from data.readers.tabular import decoded, in_another_encoding, records
from data.report import SourceReport
from hazards.information import Shape
from hazards.informationcopy import Copy
from hazards.kinds import HAZARD_WORDS

_AGAIN: Final = "発表元のファイルを確かめてください"


def read_information(
    shape: Shape,
    name: str,
    data: bytes,
    near: Near,
    zone: tzinfo,
    now: datetime,
    only: str = "",
) -> Copy:
    """What a file says; `name` is what it is called in a complaint, `only` has words with commas of
    which an item must have one. Raises `BrokenSource`.

    Telegrams of the JMA are read by `data/readers/jma.py`.
    """
    path = Path(name.replace("/", "／"))  # whatever it is called, it is no path
    if not data.removeprefix(BOM_UTF8).strip():
        raise BrokenSource(path, "空です（empty）", remedy=_AGAIN)
    if shape is Shape.ATOM_CAP:
        rows, said_at = read_atom(path, data)
        return copy_of(_few(path, rows), near, zone, now, said_at=said_at, only=only)
    return copy_of(_few(path, _READERS[shape](path, data)), near, zone, now, only=only)


def _few(path: Path, rows: Iterator[Told]) -> Iterator[Told]:
    for number, row in enumerate(rows):
        if number >= MOST_ITEMS:
            raise BrokenSource(path, f"{MOST_ITEMS:,}件をこえています（too many items）")
        yield row


def _geojson(path: Path, data: bytes) -> Iterator[Told]:
    for row, feature in enumerate(_features(path, data), start=1):
        given = feature if isinstance(feature, dict) else {}
        words = _words(given.get("properties"))
        if "id" in given:
            words.setdefault("id", str(given["id"]))
        if given.get("geometry") is None:
            yield Told(words)
            continue
        try:
            place = shapely.force_2d(geometry_of(path, row, given["geometry"]))
        except BrokenSource:
            yield Told(words, lost=True)
        else:
            yield Told(words, place)


def _features(path: Path, data: bytes) -> list[Any]:
    try:
        table = orjson.loads(data.removeprefix(BOM_UTF8))
    except orjson.JSONDecodeError as error:
        what = f"JSONではないか、途中で切れています（no JSON: {error}）"
        raise BrokenSource(path, what, remedy=_AGAIN) from error
    if is_notice(table) or not isinstance(table, dict):
        raise BrokenSource(path, "GeoJSONではありません（no GeoJSON）", remedy=_AGAIN)
    rows = table.get("features")
    if not isinstance(rows, list):
        raise BrokenSource(path, "featuresがありません（no FeatureCollection）", remedy=_AGAIN)
    refuse_other_crs(path, table)
    return rows


def _words(properties: Any) -> dict[str, str]:
    """Texts and numbers; what is nested is no column."""
    said: Mapping[str, Any] = properties if isinstance(properties, dict) else {}
    return {
        name: str(value)
        for name, value in said.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }


def _csv(path: Path, data: bytes) -> Iterator[Told]:
    plain = data.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lines, _ = decoded(plain)
    rows = records(lines)
    _, header = next(rows)
    if header is None or in_another_encoding(header) or "\0" in "".join(header):
        raise BrokenSource(path, "見出しが読めません（no CSV）", row=1, remedy=_AGAIN)
    if lines[0].lstrip().startswith(("{", "<")) or not dict(columns_of(dict.fromkeys(header, "x"))):
        what = "「名称」「内容」「緯度」「経度」などの列がありません（no known column）"
        raise BrokenSource(path, what, row=1, remedy=_AGAIN)
    for _, cells in rows:
        if cells is None or in_another_encoding(cells):
            yield Told({}, lost=True)
        elif len(cells) != len(header):
            if any(cells):
                # Its cells are nobody's, but tell whether it is one of those that are asked for.
                yield Told({"": " ".join(cells)}, lost=True)
        elif any(cells):
            yield _told(dict(zip(header, cells, strict=True)))


def _told(words: Mapping[str, str]) -> Told:
    said = dict(columns_of(words))
    lat, lon = said.get("lat"), said.get("lon")
    if lat is None and lon is None:
        return Told(words)
    try:
        return Told(words, shapely.Point(float(lon or ""), float(lat or "")))
    except ValueError:
        return Told(words, lost=True)


def _gsi(path: Path, data: bytes) -> Iterator[Told]:
    """指定緊急避難場所 of a neighbour, in the columns of the GSI: GeoJSON, or CSV."""
    del path
    is_json = data.removeprefix(BOM_UTF8).lstrip().startswith((b"{", b"["))
    read = gsi.read_sites if is_json else gsi_csv.read_sites_csv
    with TemporaryDirectory() as folder:
        # Never the source's own name, which a person typed: it may lead out of the folder.
        file = Path(folder) / "sites"
        file.write_bytes(data)
        sites = read(file, SourceReport("", file.name))
    for site in sites:
        hazards = "・".join(w for kind, w in HAZARD_WORDS.items() if kind in site.designated_for)
        words = {
            "id": site.id,
            "名称": site.name,
            "内容": f"{site.address} 対象：{hazards or '不明'}",
        }
        yield Told(words, shapely.Point(site.position.lon, site.position.lat))


_READERS: Final[Mapping[Shape, Callable[[Path, bytes], Iterator[Told]]]] = {
    Shape.GEOJSON: _geojson,
    Shape.CSV: _csv,
    Shape.GSI_SITES: _gsi,
}
