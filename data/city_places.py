"""Where a city sends its people, its gauges, whom it calls: lists, each of this city alone."""

from collections.abc import Callable
from typing import Final

from city.facility import Facility
from data.citysources import FacilitySource, GaugeSource, PlaceSource, Sources, WelfareSource
from data.joining import Joined, join_places
from data.readers.digital import read_shelters_digital, read_sites_digital, read_welfare_digital
from data.readers.facilities import read_facilities_csv, read_facilities_geojson
from data.readers.gauges import read_gauges
from data.readers.gsi import read_shelters, read_sites, read_welfare
from data.readers.gsi_csv import read_shelters_csv, read_sites_csv, read_welfare_csv
from data.report import SourceReport
from data.sourcerun import TOO_FAR_UPSTREAM, UPSTREAM_DEG, SourceRun
from hazards.gauge import Gauge
from shelters.place import EvacuationSite, Shelter, WelfareShelter

_SITES: Final[dict[str, Callable[..., list[EvacuationSite]]]] = {
    "gsi-geojson": read_sites,
    "gsi-csv": read_sites_csv,
    "digital-agency-csv": read_sites_digital,
}
_SHELTERS: Final[dict[str, Callable[..., list[Shelter]]]] = {
    "gsi-geojson": read_shelters,
    "gsi-csv": read_shelters_csv,
    "digital-agency-csv": read_shelters_digital,
}
_WELFARE: Final[dict[str, Callable[..., list[WelfareShelter]]]] = {
    "gsi-geojson": read_welfare,
    "gsi-csv": read_welfare_csv,
    "digital-agency-csv": read_welfare_digital,
}


def read_places(run: SourceRun, wanted: Sources, city: str) -> Joined:
    """Sites, shelters and welfare shelters that can be this city's, joined where they are one
    building; `city` is its name.
    """

    def sites(source: PlaceSource, report: SourceReport) -> list[EvacuationSite]:
        found = _SITES[source.format](source.path, report)
        return run.those_here(source.path, found, report)

    def shelters(source: PlaceSource, report: SourceReport) -> list[Shelter]:
        found = _SHELTERS[source.format](source.path, report)
        return run.those_here(source.path, found, report)

    def welfare(source: WelfareSource, report: SourceReport) -> list[WelfareShelter]:
        found = _WELFARE[source.format](source.path, report)
        return run.those_here(source.path, found, report)

    of_sites: list[EvacuationSite] = run.of("sites", wanted.sites, sites, list)
    of_shelters: list[Shelter] = run.of("shelters", wanted.shelters, shelters, list)
    of_welfare: list[WelfareShelter] = run.of(
        "welfare shelters", wanted.welfare_shelters, welfare, list
    )
    if not (of_shelters or of_welfare):
        return Joined(tuple(of_sites), (), ())
    report = run.report.of("places", "joined")
    return join_places(of_sites, of_shelters, of_welfare, report, city=city)


def gauges_of(run: SourceRun, source: GaugeSource, report: SourceReport) -> list[Gauge]:
    """The gauges that can speak for the city's rivers; raises `BrokenSource`."""
    found = read_gauges(source.path, report)
    return run.those_here(source.path, found, report, margin_deg=UPSTREAM_DEG, why=TOO_FAR_UPSTREAM)


def facilities_of(run: SourceRun, source: FacilitySource, report: SourceReport) -> list[Facility]:
    """The facilities that can be this city's; raises `BrokenSource`."""
    is_csv = source.format == "facilities-csv"
    read = read_facilities_csv if is_csv else read_facilities_geojson
    return run.those_here(source.path, read(source.path, report), report)
