"""Sites and shelters in the columns of the Digital Agency's 推奨データセット (CSV).

The editions spell columns differently, and cities copy the sites' columns for their shelters and
welfare shelters, for which there is no edition.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from city.position import Position
from data.errors import BrokenSource
from data.readers.capacity_text import capacity_of
from data.readers.places import HAZARDS, Gathering, go_through, refuse_empty, some_site
from data.readers.tabular import Cells, Table, read_table
from data.report import SourceReport
from shelters.capacity import Capacity
from shelters.place import EvacuationSite, Shelter, WelfareShelter

CODE: Final = "全国地方公共団体コード"
ADDRESS: Final = "所在地_連結表記"
ALSO: Final = "指定緊急避難場所との重複"
CAPACITY: Final = "想定収容人数"
_LANDSLIDE: Final = "災害種別_崖崩れ、土石流及び地滑り"
FLAGS: Final = {f"災害種別_{column}": kind for column, kind in HAZARDS.items()}
SPELLINGS: Final = {
    CODE: (
        "都道府県コード又は市区町村コード",
        "市区町村コード",
        "地方公共団体コード",
        "団体コード",
    ),
    "ID": ("NO", "No", "No.", "番号"),
    "名称": ("施設名", "施設名称", "施設・場所名", "避難場所名", "避難所名"),
    ADDRESS: ("住所", "所在地", "所在地_住所"),
    ALSO: ("指定緊急避難場所との住所同一",),
    CAPACITY: ("想定収容人数(人)", "収容人数", "収容可能人数", "最大収容人数", "収容人員"),
    **{flag: (flag.removeprefix("災害種別_"),) for flag in FLAGS},
    _LANDSLIDE: (
        "災害種別_崖崩れ、土石流および地滑り",
        "災害種別_崖崩れ・土石流及び地滑り",
        "災害種別_崖崩れ・土石流・地滑り",
        "災害種別_がけ崩れ、土石流及び地滑り",
        "災害種別_土砂災害",
        _LANDSLIDE.removeprefix("災害種別_"),
    ),
    "災害種別_大規模な火事": ("災害種別_大規模火事", "災害種別_大規模な火災", "大規模な火事"),
    "災害種別_内水氾濫": ("災害種別_内水", "内水氾濫"),
    "災害種別_火山現象": ("災害種別_火山", "火山現象"),
}
_PARTS: Final = ("都道府県", "市区町村", "町字", "番地以下")
_YES: Final = ("1", "○", "◯", "〇")
_NO: Final = ("", "0", "×", "-", "－", "―")
_WRITE: Final = "write 1 for yes and leave the cell empty for no"


def read_sites_digital(path: Path, report: SourceReport) -> list[EvacuationSite]:
    """Evacuation sites (指定緊急避難場所一覧); raises `BrokenSource`."""
    found: Gathering[EvacuationSite] = Gathering(path, report, "ID")

    def take(row: int, cells: Cells, at: Position) -> None:
        hazards = frozenset(k for flag, k in FLAGS.items() if _flag(path, row, cells, flag))
        place_id, name, address, note = _named(path, row, cells)
        capacity = _capacity(cells, report, row)
        found.add(row, EvacuationSite(place_id, name, at, address, hazards, note, capacity))

    go_through(_table(path, report, tuple(FLAGS)), take)
    return some_site(path, report, found.places())


def read_shelters_digital(path: Path, report: SourceReport) -> list[Shelter]:
    """Shelters: shown, never a destination by themselves; raises `BrokenSource`."""
    found: Gathering[Shelter] = Gathering(path, report, "ID")

    def take(row: int, cells: Cells, at: Position) -> None:
        also = _flag(path, row, cells, ALSO)
        place_id, name, address, note = _named(path, row, cells)
        capacity = _capacity(cells, report, row)
        found.add(row, Shelter(place_id, name, at, address, also, note, capacity))

    go_through(_table(path, report), take)
    return found.places()


def read_welfare_digital(path: Path, report: SourceReport) -> list[WelfareShelter]:
    """Welfare shelters (福祉避難所): nobody is routed to them; raises `BrokenSource`."""
    found: Gathering[WelfareShelter] = Gathering(path, report, "ID")

    def take(row: int, cells: Cells, at: Position) -> None:
        place_id, name, address, note = _named(path, row, cells)
        capacity = _capacity(cells, report, row)
        found.add(row, WelfareShelter(place_id, name, at, address, note, capacity))

    go_through(_table(path, report), take)
    return found.places()


def _table(path: Path, report: SourceReport, flags: Sequence[str] = ()) -> Table:
    required = (CODE, "ID", "名称", "緯度", "経度", *flags)
    return read_table(path, report, required=required, spellings=SPELLINGS)


def _flag(path: Path, row: int, cells: Cells, column: str) -> bool:
    cell = cells.get(column, "")
    if cell in _YES or cell in _NO:
        return cell in _YES
    what = f"column {column!r} is {cell[:20]!r}, neither yes (1, ○) nor no (empty, 0, ×)"
    raise BrokenSource(path, what, row=row, remedy=_WRITE)


def _named(path: Path, row: int, cells: Cells) -> tuple[str, str, str, str]:
    """Id, name, address and note; a code's leading 0, which spreadsheets take, is put back."""
    code, number, name = cells[CODE], cells["ID"], cells["名称"]
    common = cells.get("共通ID", "")
    refuse_empty(path, row, {"名称": name})
    if not common:
        refuse_empty(path, row, {CODE: code, "ID": number})
    parts = "".join(cells.get(f"所在地_{part}", "") for part in _PARTS)
    address = cells.get(ADDRESS) or parts
    return common or f"{code.zfill(6)}-{number}", name, address, cells.get("備考", "")


def _capacity(cells: Cells, report: SourceReport, row: int) -> Capacity:
    """想定収容人数, and what the note says of storm and earthquake apart."""
    cell, note = cells.get(CAPACITY, ""), cells.get("備考", "")
    said = capacity_of(note, report, row=row, alone=False)
    if not cell:
        return said
    stated = capacity_of(cell, report, row=row)
    missing = {k: v for k, v in asdict(said).items() if getattr(stated, k) is None}
    return replace(stated, **missing)
