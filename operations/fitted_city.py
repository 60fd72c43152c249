"""A city read from its files and fitted together: what would go live, without a database."""

from dataclasses import dataclass, replace

from data.city_rows import CityRows
from data.cityfile import CityFile
from data.groundwork import ground_of, known_layers
from data.report import LoadReport
from data.sourcerun import Progress
from data.sources import read_sources
from operations.fit import remark_fit
from routing.ground import Ground


@dataclass(frozen=True, slots=True, eq=False)
class FittedCity:
    """What a city's files say, and the ground that it makes."""

    file: CityFile
    rows: CityRows
    ground: Ground


def fitted(file: CityFile, report: LoadReport, progress: Progress) -> FittedCity:
    """Read all sources of a city file and fit them together; the report tells of everything.

    Raises `BrokenCityFile`, `BrokenSource` and `BrokenSources`.
    """
    rows = read_sources(file, report, progress)
    progress("checking how streets, zones and sites fit together")
    card = replace(file.card, complete=known_layers(file.zones.complete, rows.damaged))
    ground = ground_of(card, file.rules, rows)
    remark_fit(ground, report)
    return FittedCity(file, rows, ground)
