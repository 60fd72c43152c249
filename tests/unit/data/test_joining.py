"""One building in several lists is joined where that is sure, and listed where it is not."""

import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.position import Position
from data.joining import (
    NO_SITE,
    SEVERAL,
    SMALLER,
    SMALLEST,
    TAKEN,
    TWICE,
    Joined,
    join_places,
)
from data.readers.gsi import read_shelters, read_sites
from data.readers.places import Place
from data.report import SourceReport
from data.same_place import FAR_APART, TWO_NAMES, TWO_PLACES
from hazards.kinds import HazardKind
from shelters.capacity import NOT_STATED, Capacity
from shelters.place import EvacuationSite, Shelter, WelfareShelter

SHARED = (Path(__file__).parents[4] / "shared/data").resolve()
FLOOD = frozenset({HazardKind.FLOOD})
LAT, LON, METRE = 35.0, 139.0, 1 / 111_195


def north(metres: float) -> Position:
    return Position(LAT + metres * METRE, LON)


def a_site(
    name: str,
    metres: float = 0,
    *,
    key: str = "E1",
    address: str = "",
    capacity: Capacity = NOT_STATED,
) -> EvacuationSite:
    return EvacuationSite(key, name, north(metres), address, FLOOD, "", capacity)


def a_shelter(
    name: str,
    metres: float = 0,
    *,
    key: str = "S1",
    address: str = "",
    also: bool = False,
    capacity: Capacity = NOT_STATED,
) -> Shelter:
    return Shelter(key, name, north(metres), address, also, "", capacity)


def a_welfare(name: str, metres: float = 0, *, key: str = "W1") -> WelfareShelter:
    return WelfareShelter(key, name, north(metres), "")


def joined(*places: Place, city: str = "") -> tuple[Joined, SourceReport]:
    report = SourceReport("places", "")
    found = join_places(
        [place for place in places if isinstance(place, EvacuationSite)],
        [place for place in places if isinstance(place, Shelter)],
        [place for place in places if isinstance(place, WelfareShelter)],
        report,
        city=city,
    )
    return found, report


def site_of(site: EvacuationSite, shelter: Shelter) -> tuple[str | None, dict[str, int]]:
    """The site that a shelter is joined with, and what was listed."""
    found, report = joined(site, shelter)
    listed = [spot.why for spot in report.spots if spot.word == "noted"]
    assert sorted(listed) == sorted(report.noted.elements())
    return found.shelters[0].site_id, dict(report.noted)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北小学校", "北小学校"),
        ("絹ヶ丘小学校", "絹ケ丘小学校"),
        ("絹が丘小学校", "絹ヶ丘小学校"),
        ("第一小学校", "第１小学校"),
        ("みなみ小学校　（小中学校）", "みなみ小学校（小中学校）"),
        ("ABCホール", "ＡＢＣホール"),
        ("市立第一小学校", "第一小学校"),
        ("第一小学校", "架空市立第一小学校"),
    ],
)
def test_one_name_at_one_place_is_one_building(one: str, other: str) -> None:
    assert site_of(a_site(one), a_shelter(other, 99)) == ("E1", {})


@pytest.mark.parametrize(
    ("metres", "at_one_address", "listed"),
    [
        *((99, False, None), (101, False, FAR_APART), (999, False, FAR_APART), (1001, False, "")),
        *((99, True, None), (101, True, None), (999, True, None), (1001, True, "")),
    ],
)
def test_one_name_far_away_is_one_building_only_at_one_address(
    metres: float, at_one_address: bool, listed: str | None
) -> None:
    """Schools are listed by their yards and by their halls: up to 207 m apart in Hachioji."""
    address = "北町一丁目2番3号" if at_one_address else "南町4-5"
    site = a_site("北小学校", address="架空市北町１－２－３")
    found = site_of(site, a_shelter("北小学校", metres, address=address))
    assert found == ("E1" if listed is None else None, {listed: 1} if listed else {})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("架空県架空市", "架空県架空市"),
        ("架空市北町12-1", "北町2-1"),
        ("架空市北町1-2", "架空市北町1-20"),
        ("1-2", "1-2"),
        ("", ""),
    ],
)
def test_an_address_without_its_number_is_no_place(one: str, other: str) -> None:
    found = site_of(a_site("北小学校", address=one), a_shelter("北小学校", 300, address=other))
    assert found == (None, {FAR_APART: 1})


@pytest.mark.parametrize(
    ("one", "other", "listed"),
    [
        ("北小学校", "北中学校", {TWO_NAMES: 1}),
        ("第一小学校", "第一小学校体育館", {TWO_NAMES: 1}),
        ("第一小学校体育館", "体育館", {TWO_NAMES: 1}),
    ],
)
def test_two_names_at_one_place_are_not_joined(
    one: str, other: str, listed: dict[str, int]
) -> None:
    assert site_of(a_site(one), a_shelter(other, 29)) == (None, listed)
    assert site_of(a_site(one), a_shelter(other, 31)) == (None, {})


@pytest.mark.parametrize(
    ("long", "short"),
    [
        *(("東浅川小学校", "浅川小学校"), ("第13小学校", "3小学校"), ("第十三小学校", "三小学校")),
        *(("南北町会館", "北町会館"), ("北町第一集会所", "第一集会所")),
        *(("北小学校第二体育館", "第二体育館"), ("隣市第一小学校", "第一小学校")),
    ],
)
def test_a_name_that_only_ends_like_another_is_another_building(long: str, short: str) -> None:
    for one, other in ((long, short), (short, long)):
        found, _ = joined(a_site(one), a_shelter(other, 78), a_welfare(other, 78), city="架空市")
        assert (found.shelters[0].site_id, found.welfare[0].site_id) == (None, None)


@pytest.mark.parametrize(
    "founder", ["市立", "町立", "村立", "区立", "県立", "都立", "府立", "道立"]
)
@pytest.mark.parametrize("short", ["浅川小学校", "第三小学校"])
def test_a_name_may_leave_out_who_founded_the_school(founder: str, short: str) -> None:
    for before in (founder, f"架空{founder}"):
        assert site_of(a_site(before + short), a_shelter(short, 78)) == ("E1", {})
        assert site_of(a_site(short), a_shelter(before + short, 78)) == ("E1", {})


@pytest.mark.parametrize("city", ["架空市", "架空市（架空）", "架空町", "架空村", "架空区"])
def test_a_name_may_leave_out_the_city(city: str) -> None:
    long = city.removesuffix("（架空）") + "第一小学校"
    for one, other in ((long, "第一小学校"), ("第一小学校", "架空県" + long)):
        found, _ = joined(a_site(one), a_shelter(other, 78), city=city)
        assert found.shelters[0].site_id == "E1"
        assert joined(a_site(one), a_shelter(other, 78))[0].shelters[0].site_id is None


def test_a_name_may_follow_a_separator() -> None:
    assert site_of(a_site("子育て支援館・北町集会所"), a_shelter("北町集会所", 78)) == ("E1", {})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("本町1-2", "架空市日本町1-2", False),
        ("北町1-2", "南北町1-2", False),
        ("本町1-2", "架空市本町1-2", True),
        ("本町1-2", "架空県架空郡架空村大字本町1-2", True),
        ("架空市本町1-2", "北海道架空市本町1-2", True),
        ("架空市本町1-2", "架空県架空市本町1-2", True),
        ("本町1-2", "本町1-2", True),
    ],
)
def test_an_address_may_leave_out_only_what_its_place_lies_in(
    one: str, other: str, same: bool
) -> None:
    for ours, theirs in ((one, other), (other, one)):
        found = site_of(
            a_site("北小学校", address=ours), a_shelter("北小学校", 890, address=theirs)
        )
        assert found == (("E1", {}) if same else (None, {FAR_APART: 1}))


def test_one_common_id_is_one_building_whatever_its_name() -> None:
    key = "E9990200001201"
    for metres, found in ((999, (key, {})), (1001, (None, {TWO_PLACES: 1}))):
        assert site_of(a_site("北小学校", key=key), a_shelter("北校", metres, key=key)) == found


def test_one_id_of_two_lists_own_numbering_says_nothing() -> None:
    """The first row of every list of the Digital Agency's is 1."""
    key = "099902-1"
    assert site_of(a_site("北小学校", key=key), a_shelter("南公園", 500, key=key)) == (None, {})


def test_the_nearest_of_one_name_is_the_building() -> None:
    sites = [a_site("集会所", metres, key=f"E{metres}") for metres in (90, -40, 60)]
    found, _ = joined(*sites, a_shelter("集会所"))
    assert found.shelters[0].site_id == "E-40"


def test_what_is_listed_names_both_and_says_how_far_and_where() -> None:
    _, report = joined(a_site("北小学校"), a_shelter("北小学校", 340))
    (spot,) = report.spots
    assert spot.row == "北小学校 (S1) and 北小学校 (E1), 340 m apart"
    assert (spot.lat, spot.lon) == (north(340).lat, LON)
    assert any("北小学校 (S1) and" in line for line in report.lines())


@pytest.mark.parametrize(("also", "noted"), [(True, {NO_SITE: 1}), (False, {})])
def test_a_list_that_promises_a_site_is_asked_for_it(also: bool, noted: dict[str, int]) -> None:
    """And no shelter becomes a site by its list's word (`safety.md` 2)."""
    found, report = joined(a_site("南公園", 5_000), a_shelter("北小学校", also=also))
    assert [site.id for site in found.sites] == ["E1"]
    assert report.noted == noted


def test_a_site_takes_only_the_storm_capacity_of_its_shelter() -> None:
    theirs = Capacity(storm_indoor=300, quake_outdoor=9_000, quake_indoor=80, unspecified=70)
    shelter = a_shelter("北小学校", capacity=theirs)
    found, report = joined(a_site("北小学校"), shelter)
    assert found.sites[0].capacity == Capacity(storm_indoor=300)
    assert found.shelters[0].capacity == theirs
    assert report.repaired == {TAKEN: 1}
    assert report.spots[0].row == "北小学校 (E1): 300"


@pytest.mark.parametrize(("site", "shelter"), [(500, 300), (300, 500)])
def test_of_two_storm_capacities_the_smaller_counts(site: int, shelter: int) -> None:
    """A plan for 500 in a hall for 300 leaves 200 at its door."""
    ours = Capacity(storm_indoor=site, quake_outdoor=9_000)
    found, report = joined(
        a_site("北小学校", capacity=ours),
        a_shelter("北小学校", capacity=Capacity(storm_indoor=shelter)),
    )
    assert found.sites[0].capacity == Capacity(storm_indoor=300, quake_outdoor=9_000)
    assert found.shelters[0].capacity == Capacity(storm_indoor=300)
    assert report.repaired == {SMALLER: 1}
    assert report.spots[0].row == "北小学校 (E1): 300, not 500"


HALLS = st.lists(st.one_of(st.none(), st.integers(1, 900)), min_size=2, max_size=4)


@given(st.one_of(st.none(), st.integers(1, 900)), HALLS, st.randoms(use_true_random=False))
def test_what_a_site_with_several_shelters_holds_hangs_on_no_order(
    ours: int | None, theirs: list[int | None], random: Random
) -> None:
    """A gym and a hall: each keeps its own, the site its own, else the smallest that is known."""
    halls = [
        a_shelter("北小学校", n, key=f"S{n}", capacity=Capacity(storm_indoor=holds))
        for n, holds in enumerate(theirs)
    ]
    site = a_site("北小学校", capacity=Capacity(storm_indoor=ours))
    turned = random.sample(halls, len(halls))
    known = [holds for holds in theirs if holds is not None]
    for given_halls in (halls, turned):
        found, report = joined(site, *given_halls)
        held = ours if ours is not None else min(known, default=None)
        assert found.sites[0].capacity.storm_indoor == held
        assert [s.capacity for s in found.shelters] == [s.capacity for s in given_halls]
        why = SMALLEST if ours is None else SEVERAL
        assert report.repaired == ({why: 1} if known else {})


def test_a_site_with_several_shelters_is_listed_with_what_each_holds() -> None:
    halls = [
        a_shelter("北小学校", key=f"S{n}", capacity=Capacity(storm_indoor=n)) for n in (500, 300)
    ]
    _, report = joined(a_site("北小学校"), *halls)
    assert report.spots[0].row == "北小学校 (E1): 300; its shelters 300, 500"


def test_the_same_capacity_twice_is_nothing_to_say() -> None:
    holds = Capacity(storm_indoor=300)
    _, report = joined(a_site("北", capacity=holds), a_shelter("北", capacity=holds))
    assert not report.spots


def test_a_capacity_that_says_not_what_for_never_becomes_storm_capacity() -> None:
    unspecified = Capacity(unspecified=300)
    found, report = joined(a_site("北小学校"), a_shelter("北小学校", capacity=unspecified))
    assert found.sites[0].capacity == NOT_STATED
    assert not report.repaired


def test_a_welfare_shelter_knows_its_building_and_stays_what_it_is() -> None:
    found, _ = joined(a_site("北小学校"), a_shelter("北小学校"), a_welfare("市立北小学校"))
    (welfare,) = found.welfare
    assert (welfare.shelter_id, welfare.site_id) == ("S1", "E1")
    assert (len(found.sites), len(found.shelters)) == (1, 1)


def test_a_site_under_two_ids_is_listed() -> None:
    found, report = joined(a_site("南公園"), a_site("南公園", key="E2"))
    assert len(found.sites) == 2
    assert report.noted == {TWICE: 1}
    assert report.spots[0].row == "南公園 (E1, E2)"


def test_empty_lists_join() -> None:
    assert joined()[0] == Joined((), (), ())
    assert joined(a_shelter("北"), a_welfare("北"))[0].welfare[0].shelter_id == "S1"


def a_place(n: int, kind: str, name: str, metres: int, holds: int | None) -> Place:
    if kind == "W":
        return a_welfare(name, metres, key=f"W{n}")
    made = a_site if kind == "E" else a_shelter
    return made(name, metres, key=f"{kind}{n}", capacity=Capacity(storm_indoor=holds))


PLACES = st.lists(
    st.builds(
        lambda kind, name, metres, n: (kind, name, metres, n),
        st.sampled_from("ESW"),
        st.sampled_from(["北小学校", "市立北小学校", "集会所", "南公園"]),
        st.integers(0, 1_200),
        st.one_of(st.none(), st.integers(1, 500)),
    ),
    max_size=12,
)


@given(PLACES)
def test_nothing_is_lost_made_or_moved(rows: list[tuple[str, str, int, int | None]]) -> None:
    """Sites stay designated for what they were; no capacity grows but from unknown."""
    places = [a_place(n, *row) for n, row in enumerate(rows)]
    found, report = joined(*places)
    after: list[Place] = [*found.sites, *found.shelters, *found.welfare]
    kinds = [EvacuationSite, Shelter, WelfareShelter]
    before = sorted(places, key=lambda place: kinds.index(type(place)))
    assert [place.id for place in after] == [place.id for place in before]
    for old, new in zip(before, after, strict=True):
        ours, theirs = old.capacity.storm_indoor, new.capacity.storm_indoor
        assert (new.name, new.position) == (old.name, old.position)
        assert ours is None or (theirs is not None and theirs <= ours)
        if isinstance(new, EvacuationSite):
            assert new.designated_for == FLOOD
    assert report.read == report.kept == len(rows)
    assert joined(*places)[0] == found


def test_ten_thousand_places_of_one_name_are_joined_in_seconds() -> None:
    sites = [a_site("集会所", n * 7, key=f"E{n}") for n in range(4_000)]
    shelters = [a_shelter("集会所", n * 7, key=f"S{n}") for n in range(4_000)]
    began = time.perf_counter()
    found, _ = joined(*sites, *shelters, *[a_welfare(f"園{n}", n * 7) for n in range(2_000)])
    assert time.perf_counter() - began < 15, "0.8 s on an idle machine"
    assert all(s.site_id == f"E{n}" for n, s in enumerate(found.shelters))


@pytest.mark.parametrize(
    ("city", "shelters", "together", "without"),
    [
        ("hachioji", 134, 134, []),
        ("ube", 62, 57, ["西岐波中学校", "楠若者センター", "厚南中学校", "武道館", "藤山中学校"]),
    ],
)
def test_the_real_lists(city: str, shelters: int, together: int, without: list[str]) -> None:
    """Their ids never overlap; Hachioji writes three names with another space."""
    folder = SHARED / city
    if not folder.is_dir():
        pytest.skip(f"the real city's files are not beside this checkout: {folder} is absent")
    report = SourceReport("places", "")
    sites = read_sites(folder / "emergency_sites.geojson", SourceReport("sites", ""))
    read = read_shelters(folder / "shelters.geojson", SourceReport("shelters", ""))
    found = join_places(sites, read, [], report, city={"hachioji": "八王子市"}.get(city, "宇部市"))
    names = {site.id: site.name for site in found.sites}
    both = [(s.name, names[s.site_id]) for s in found.shelters if s.site_id]
    assert (len(found.shelters), len(both)) == (shelters, together)
    assert all(one.replace("　", "") == other.replace("　", "") for one, other in both)
    assert len({s.site_id for s in found.shelters if s.site_id}) == together
    assert [s.name for s in found.shelters if not s.site_id] == without
    assert found.sites == tuple(sites)
    assert report.noted == ({TWICE: 1} if city == "hachioji" else {})
