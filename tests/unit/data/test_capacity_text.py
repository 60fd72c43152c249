"""Capacities are plain numbers of people, apart by what they are for; a guess is no number."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.readers.capacity_text import MOST_INDOORS, MOST_OUTDOORS, WITHOUT, capacity_of
from data.readers.gsi import read_sites
from data.report import SourceReport
from hazards.kinds import HazardKind
from shelters.capacity import NOT_STATED, Capacity

HACHIOJI = (Path(__file__).parents[4] / "shared/data/hachioji").resolve()
here = pytest.mark.skipif(
    not HACHIOJI.is_dir(), reason=f"the real city's files are not beside this checkout: {HACHIOJI}"
)
BOTH = Capacity(storm_indoor=2117, quake_outdoor=3828)


def said(text: str, *, alone: bool = True) -> tuple[Capacity, list[str]]:
    """The capacity, and what was listed."""
    report = SourceReport("sites", "")
    capacity = capacity_of(text, report, row=7, alone=alone)
    assert sum(report.repaired.values()) == len(report.spots)
    assert set(report.repaired) <= {WITHOUT}
    return capacity, [spot.row for spot in report.spots]


@pytest.mark.parametrize(
    "text",
    [
        "地震（屋外）3828人、風水害（屋内）2117人",
        "地震（屋外）3828人風水害（屋内）2117人",
        "地震（屋外）３８２８人、風水害（屋内）２１１７人",
        "地震(屋外)3,828人,風水害(屋内)2,117人",
        "地震（屋外）３，８２８人／風水害（屋内）２，１１７人",
        "風水害（屋内）：2117名　地震（屋外）：3828名",
        "屋内・風水害時2117人\n屋外・地震時3828人",
        "想定収容人数：地震（屋外）3828人。想定収容人数：風水害（屋内）2117人",
    ],
)
def test_each_capacity_is_for_what_it_says(text: str) -> None:
    assert said(text) == (BOTH, [])


@pytest.mark.parametrize(
    ("text", "capacity"),
    [
        ("風水害（屋内）120人", Capacity(storm_indoor=120)),
        ("洪水時120人", Capacity(storm_indoor=120)),
        ("地震（屋内）120人", Capacity(quake_indoor=120)),
        ("地震（屋外）684242人", Capacity(quake_outdoor=684_242)),
        ("120", Capacity(unspecified=120)),
        ("１，２００人", Capacity(unspecified=1200)),
        ("120.0", Capacity(unspecified=120)),
        ("屋内120人", Capacity(unspecified=120)),
        ("120人（車椅子可）", Capacity(unspecified=120)),
        ("", NOT_STATED),
    ],
)
def test_one_capacity_alone(text: str, capacity: Capacity) -> None:
    assert said(text) == (capacity, [])


@pytest.mark.parametrize(
    "text",
    [
        *("約500人", "約二千人", "二百人", "2千人", "1万2千人", "不明", "-", "－", "別途", "㎡"),
        *("500人程度", "500人（程度）", "500人以上", "500〜600人", "500～600人", "500人〜"),
        *("1人あたり3.3㎡", "200㎡120人", "①120人", "1.5人", "12,34人", "٣人", "5人×3室"),
        *("0", "0人", "-5", "-5人", "100001", "地震（屋外）1000001人", "9" * 400),
        *("地震120人", "屋外120人", "地震・風水害120人", "風水害（屋外）120人", "津波120人"),
        *("120人（地震時）", "120人（屋内）、300人（屋外）", "ペット同伴120人", "うち120人"),
        *("100人（地震・屋外）、200人（風水害・屋内）、300人", "100人、200人"),
        "地震（屋外）100人、200人（風水害・屋内）",
    ],
)
def test_what_is_no_plain_number_is_listed_and_unknown(text: str) -> None:
    capacity, listed = said(text)
    assert capacity == NOT_STATED
    assert listed
    assert all(row.startswith("row 7: ") for row in listed)


def test_two_capacities_of_one_kind_are_none() -> None:
    text = "風水害（屋内）100人、風水害（屋内）200人、地震（屋外）300人"
    capacity, listed = said(text)
    assert capacity == Capacity(quake_outdoor=300)
    assert listed == ["row 7: 風水害(屋内)100人", "row 7: 風水害(屋内)200人"]


def test_a_capacity_beside_one_not_understood_counts() -> None:
    for other in ("車椅子用5人", "5人", "屋内5人"):
        capacity, listed = said(f"風水害（屋内）100人、{other}")
        assert capacity == Capacity(storm_indoor=100)
        assert listed == [f"row 7: {other}"]


@pytest.mark.parametrize(
    ("note", "capacity"),
    [
        ("所在地：北町～南町、想定収容人数：地震（屋外）684242人", Capacity(quake_outdoor=684_242)),
        ("想定収容人数：地震（屋外）3828人、風水害（屋内）2117人", BOTH),
        ("2階以上。収容可能人数120人。ペット不可", Capacity(unspecified=120)),
        ("職員5人が常駐", NOT_STATED),
        ("2階以上", NOT_STATED),
        ("", NOT_STATED),
    ],
)
def test_of_a_note_only_what_it_calls_a_capacity_counts(note: str, capacity: Capacity) -> None:
    assert said(note, alone=False) == (capacity, [])


@given(st.integers(1, MOST_INDOORS), st.integers(1, MOST_OUTDOORS), st.booleans())
def test_no_capacity_is_ever_another_kinds(storm: int, quake: int, thousands: bool) -> None:
    one, other = (f"{n:,}" if thousands else str(n) for n in (storm, quake))
    capacity, listed = said(f"地震（屋外）{other}人、風水害（屋内）{one}人")
    assert (capacity, listed) == (Capacity(storm_indoor=storm, quake_outdoor=quake), [])


@given(st.text("0123456789,.人名約（）()地震風水害屋内外、：程度- ", max_size=30))
def test_whatever_is_written_a_capacity_is_one_of_its_numbers(text: str) -> None:
    capacity, _ = said(text)
    values = (capacity.storm_indoor, capacity.quake_outdoor, capacity.quake_indoor)
    digits = text.replace(",", "").replace(" ", "")
    for persons in (*values, capacity.unspecified):
        assert persons is None or (0 < persons <= MOST_OUTDOORS and str(persons) in digits)


@here
def test_hachioji_holds_147_034_in_a_storm() -> None:
    """And 2.59 million in its yards after an earthquake, which are no beds in a flood."""
    report = SourceReport("sites", "")
    sites = read_sites(HACHIOJI / "emergency_sites.geojson", report)
    flood = [site.capacity for site in sites if HazardKind.FLOOD in site.designated_for]
    assert (len(sites), len(flood)) == (150, 117)
    assert sum(capacity.storm_indoor or 0 for capacity in flood) == 147_034
    assert sum(site.capacity.quake_outdoor or 0 for site in sites) == 2_590_528
    assert not any(site.capacity.unspecified or site.capacity.quake_indoor for site in sites)
    assert report.repaired == {}


@here
def test_every_number_of_people_in_hachiojis_notes_is_taken() -> None:
    path = HACHIOJI / "emergency_sites.geojson"
    notes = [row["properties"]["備考"] for row in json.loads(path.read_text())["features"]]
    sites = read_sites(path, SourceReport("sites", ""))
    for note, site in zip(notes, sites, strict=True):
        taken = (site.capacity.quake_outdoor, site.capacity.storm_indoor)
        assert note.count("人、") + note.endswith("人") + note.count("人風") == 2 - taken.count(
            None
        )
