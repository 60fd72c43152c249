"""指定緊急避難場所 and 指定避難所 as the GSI's CSV: its GeoJSON's columns with 緯度 and 経度."""

from collections.abc import Sequence
from pathlib import Path

from data.readers.gsi import COLUMNS, NAMED, RECEIVES, Each, Take, shelters_of, sites_of, welfare_of
from data.readers.places import ALSO_SITE, go_through
from data.readers.tabular import read_table
from data.report import SourceReport
from shelters.place import EvacuationSite, Shelter, WelfareShelter


def read_sites_csv(path: Path, report: SourceReport) -> list[EvacuationSite]:
    """Evacuation sites; raises `BrokenSource`."""
    return sites_of(path, report, _rows_with((*NAMED, *COLUMNS)))


def read_shelters_csv(path: Path, report: SourceReport) -> list[Shelter]:
    """Shelters for everybody; raises `BrokenSource`."""
    return shelters_of(path, report, _rows_with((*NAMED, ALSO_SITE)))


def read_welfare_csv(path: Path, report: SourceReport) -> list[WelfareShelter]:
    """指定福祉避難所, the shelters that name whom they take (受入対象者); raises `BrokenSource`."""
    return welfare_of(path, report, _rows_with((*NAMED, RECEIVES)))


def _rows_with(columns: Sequence[str]) -> Each:
    def each(path: Path, report: SourceReport, take: Take) -> None:
        go_through(read_table(path, report, required=(*columns, "緯度", "経度")), take)

    return each
