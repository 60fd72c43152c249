"""One building in several lists: which site, shelter and welfare shelter are the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from data.readers.places import Place, point_of
from data.report import SourceReport
from data.same_place import Doubt, Lookup, folded_name
from shelters.place import EvacuationSite, Shelter, WelfareShelter

TAKEN: Final = "a site's indoor storm capacity is taken from the shelter list"
SMALLER: Final = "two lists with two indoor storm capacities: the smaller is taken"
SEVERAL: Final = "two shelters and more in one site: it keeps its own indoor storm capacity"
SMALLEST: Final = "two shelters and more in one site that states none: the smallest is taken"
NO_SITE: Final = "the list says that an evacuation site is here too, and none is found"
TWICE: Final = "two sites of one name at one place: their capacities count twice"

P = TypeVar("P", EvacuationSite, Shelter, WelfareShelter)
Q = TypeVar("Q", EvacuationSite, Shelter)


@dataclass(frozen=True, slots=True)
class Joined:
    """The three lists in their own order, with the ids of what is in the same building."""

    sites: tuple[EvacuationSite, ...]
    shelters: tuple[Shelter, ...]
    welfare: tuple[WelfareShelter, ...]


def join_places(
    sites: Sequence[EvacuationSite],
    shelters: Sequence[Shelter],
    welfare: Sequence[WelfareShelter],
    report: SourceReport,
    *,
    city: str = "",
) -> Joined:
    """Join a city's lists of places; what is in doubt is left apart and listed. One list may
    write the `city`'s name before a building's.

    A shelter never becomes a site by it, nor is a site suited to another hazard (`safety.md` 1,
    2): only what is known of its indoor storm capacity is shared.
    """
    _list_twice(sites, report)
    among_sites, among_shelters = Lookup(sites, city), Lookup(shelters, city)
    with_site = [_with_site(shelter, among_sites, report) for shelter in shelters]
    with_both = [_with_both(w, among_shelters, among_sites, report) for w in welfare]
    of_sites, of_shelters = _storm_capacities(sites, with_site, report)
    report.read = report.kept = len(sites) + len(shelters) + len(welfare)
    return Joined(
        tuple(_holding(site, of_sites) for site in sites),
        tuple(_holding(shelter, of_shelters) for shelter in with_site),
        tuple(with_both),
    )


def _with_site(shelter: Shelter, sites: Lookup[EvacuationSite], report: SourceReport) -> Shelter:
    found = sites.find(shelter)
    if found is None and shelter.also_evacuation_site:
        _list(report, NO_SITE, shelter, f"{shelter.name} ({shelter.id})")
    return replace(shelter, site_id=_id(shelter, found, report))


def _with_both(
    welfare: WelfareShelter,
    shelters: Lookup[Shelter],
    sites: Lookup[EvacuationSite],
    report: SourceReport,
) -> WelfareShelter:
    shelter_id = _id(welfare, shelters.find(welfare), report)
    return replace(
        welfare, shelter_id=shelter_id, site_id=_id(welfare, sites.find(welfare), report)
    )


def _id(place: Place, found: P | Doubt[P] | None, report: SourceReport) -> str | None:
    """The id of the same building in another list; a doubtful one is listed."""
    if not isinstance(found, Doubt):
        return found.id if found else None
    other = found.place
    words = f"{place.name} ({place.id}) and {other.name} ({other.id}), {found.away_m:,.0f} m apart"
    _list(report, found.why, place, words)
    return None


def _storm_capacities(
    sites: Sequence[EvacuationSite], shelters: Sequence[Shelter], report: SourceReport
) -> tuple[dict[str, int], dict[str, int]]:
    """Persons by id, of the sites and of the shelters whose indoor storm capacity changes."""
    inside: dict[str, list[Shelter]] = {}
    for shelter in shelters:
        if shelter.site_id is not None:
            inside.setdefault(shelter.site_id, []).append(shelter)
    of_sites: dict[str, int] = {}
    of_shelters: dict[str, int] = {}
    for site in sites:
        within = inside.get(site.id, [])
        known = [s.capacity.storm_indoor for s in within if s.capacity.storm_indoor is not None]
        if not known:
            continue
        if len(within) > 1:
            least = _of_several(site, known, report)
        else:
            least = of_shelters[within[0].id] = _of_one(site, known[0], report)
        of_sites[site.id] = least
    return of_sites, of_shelters


def _of_one(site: EvacuationSite, theirs: int, report: SourceReport) -> int:
    """The smaller of a site's and its shelter's: one hall, told of twice."""
    ours = site.capacity.storm_indoor
    if ours == theirs:
        return theirs
    least = theirs if ours is None else min(ours, theirs)
    words = f"{site.name} ({site.id}): {least:,}"
    if ours is None:
        report.repair(TAKEN, row=words, at=point_of(site))
    else:
        report.repair(SMALLER, row=f"{words}, not {max(ours, theirs):,}", at=point_of(site))
    return least


def _of_several(site: EvacuationSite, theirs: Sequence[int], report: SourceReport) -> int:
    """The site's own, or the smallest: a gym and a hall may be counted together or apart."""
    ours = site.capacity.storm_indoor
    least = min(theirs) if ours is None else ours
    said = ", ".join(f"{persons:,}" for persons in sorted(theirs))
    words = f"{site.name} ({site.id}): {least:,}; its shelters {said}"
    report.repair(SMALLEST if ours is None else SEVERAL, row=words, at=point_of(site))
    return least


def _holding(place: Q, storm_indoor: dict[str, int]) -> Q:
    persons = storm_indoor.get(place.id)
    if persons is None:
        return place
    return replace(place, capacity=replace(place.capacity, storm_indoor=persons))


def _list_twice(sites: Sequence[EvacuationSite], report: SourceReport) -> None:
    first: dict[tuple[str, float, float], EvacuationSite] = {}
    for site in sites:
        key = folded_name(site.name), site.position.lat, site.position.lon
        before = first.setdefault(key, site)
        if before is not site:
            _list(report, TWICE, site, f"{site.name} ({before.id}, {site.id})")


def _list(report: SourceReport, why: str, place: Place, words: str) -> None:
    report.note(why, row=words, at=point_of(place))
