"""KMZ: the one KML inside, unpacked no farther than a KML may be large."""

import zlib
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from data.errors import BrokenSource
from data.readers.observedrow import MOST_BYTES

MAGIC: Final = b"PK"
MOST_ENTRIES: Final = 1_000
_ENTRY: Final = b"PK\x01\x02"
_ENCRYPTED: Final = 0x1
_AGAIN: Final = "Google Earth などから書き出し直してください"
_CSV: Final = "表計算なら「CSV UTF-8」で、地図なら KML か GeoJSON で保存し直してください"
_SMALLER: Final = "見た所だけを書き出すか、ファイルを分けてください"


def kml_in(path: Path, data: bytes) -> bytes:
    """The KML of a KMZ; raises `BrokenSource`."""
    if data.count(_ENTRY) > MOST_ENTRIES:
        what = f"{MOST_ENTRIES:,}より多くのファイルが入っています（too many entries）"
        raise BrokenSource(path, what, remedy=_SMALLER)
    try:
        with ZipFile(BytesIO(data)) as archive:
            return _read(path, archive, _chosen(path, archive))
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as e:
        what = f"圧縮ファイルが壊れています（a broken archive: {type(e).__name__}）"
        raise BrokenSource(path, what, remedy=_AGAIN) from e


def _chosen(path: Path, archive: ZipFile) -> ZipInfo:
    """The first KML, as Google Earth takes it (KML 2.2, KMZ files); doc.kml by custom."""
    entries = archive.infolist()
    found = [one for one in entries if one.filename.lower().endswith(".kml")]
    found.sort(key=lambda one: one.filename.lower() != "doc.kml")
    if not found:
        office = any(one.filename.startswith(("xl/", "word/")) for one in entries)
        what = "Officeのファイルです" if office else "KMLの入っていない圧縮ファイルです"
        raise BrokenSource(path, f"{what}（no KML in it）", remedy=_CSV)
    return found[0]


def _read(path: Path, archive: ZipFile, entry: ZipInfo) -> bytes:
    """No farther than the limit, whatever the archive says of the size."""
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        what = "暗号化されているか、知らない圧縮です（encrypted, or an unknown method）"
        raise BrokenSource(path, what, remedy=_AGAIN)
    with archive.open(entry) as packed:
        content = packed.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        what = f"中のKMLが{MOST_BYTES:,}バイトより大きくなります（unpacks to too much）"
        raise BrokenSource(path, what, remedy=_SMALLER)
    return content
