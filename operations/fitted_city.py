"""A city read from its files and fitted together: what would go live, without a database."""

from dataclasses import dataclass, replace

from data.city_rows import CityRows
from data.cityfile import CityFile
from data.errors import BrokenCityFile
from data.groundwork import ground_of, known_layers
from data.readers.drawn import read_drawn
from data.report import LoadReport, Progress
from data.sample_sites import INVENTED
from data.sources import read_sources
from operations.changes import area_of
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

    Raises `BrokenCityFile`, `BrokenSource` and `BrokenSources`, and `NotThere` for a first order
    in an area that the city does not have.
    """
    rows = read_sources(file, report, progress)
    _refuse_invented(file, rows)
    for order in file.start.orders:
        area_of((*rows.areas, *rows.districts), order.areas)
    for water in file.start.observed_water:
        read_drawn(water.path)
    progress("checking how streets, zones and sites fit together")
    card = replace(file.card, complete=known_layers(file.zones.complete, rows.damaged))
    ground = ground_of(card, file.rules, rows)
    remark_fit(ground, report)
    return FittedCity(file, rows, ground)


def _refuse_invented(file: CityFile, rows: CityRows) -> None:
    """Refuse invented sites in a real city: people would walk to them."""
    invented = [site.name for site in rows.sites if INVENTED in site.name]
    if invented and not file.city.fictional:
        raise BrokenCityFile(
            f"city.fictional is false, and {len(invented)} sites are invented ({invented[0]}, …): "
            "name the city's own list under [sources.sites], or let the city be fictional"
        )
