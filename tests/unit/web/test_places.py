"""The page of places from hand-made states: every band, its age, and what is never said."""

import gzip
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import shapely

from city.traveller import Household, Profile
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from routing.ground import Ground
from routing.version import PlanVersion
from shelters.place import Opening, Shelter
from tests.unit.web.ground import NOW, SITES, at, box, ground, order, site, version
from web.crowding import BANDS
from web.language import translator
from web.pages import places_page
from web.placeasked import PlacesAsked
from web.places import LISTED, NEAREST, PlacesView, places_view

SCHOOL, HIGH, PARK = (one.id for one in SITES)
DOOR = at(610, 130)
AREA = "下浅瀬二丁目"


def a_state(name: str = SCHOOL, *, minutes: float = 4, **said: Any) -> dict[str, Any]:
    """A state as the live topic `sites` holds it, counted some minutes ago."""
    counted = NOW - timedelta(minutes=minutes)
    return {
        "id": name,
        "name": name,
        "opening": "open",
        "opening_since": (NOW - timedelta(hours=1)).isoformat(),
        "expected_at": None,
        "note": None,
        "band": "room",
        "persons": 61,
        "capacity": 400,
        "counted_at": counted.isoformat(),
        "unknown_after": (counted + timedelta(minutes=30)).isoformat(),
        "overflow": False,
        "facilities": ["pets", "wheelchair"],
        "receives": True,
    } | said


def seen(
    *states: dict[str, Any],
    plan: PlanVersion | None = None,
    asked: PlacesAsked | None = None,
    now: datetime = NOW,
    lang: str = "ja",
) -> PlacesView:
    """What a reader sees who asks from the door in the water, unless `asked` says otherwise."""
    return places_view(
        plan or version(order(4)),
        {one["id"]: one for one in states},
        asked or PlacesAsked(position=DOOR),
        translator(lang),
        now=now,
        checked_at=now - timedelta(seconds=30),
        stale=False,
    )


def html(view: PlacesView, lang: str = "ja") -> str:
    """The page without its script's words, which name every band."""
    page = places_page(view, asked={}, lang=lang, since="1:1")
    return page.partition("<script")[0]


def text(view: PlacesView, lang: str = "ja") -> str:
    """What is read on the page, without the legend of the bands."""
    page = re.sub(
        r"<style.*?</style>|<p class=\"legend\">.*?</p>", "", html(view, lang), flags=re.S
    )
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def words_of(view: PlacesView) -> dict[str, str]:
    """The word of each place that is listed."""
    return {one.name: one.crowd.word for one in (*view.rows, *view.later, *view.never)}


@pytest.mark.parametrize("band", ["room", "some", "crowded", "full"])
def test_a_fresh_figure_is_a_symbol_a_word_persons_and_its_moment(band: str) -> None:
    view = seen(a_state(band=band))
    assert words_of(view)[SCHOOL] == BANDS[band]
    page = html(view)
    row = page[page.index(f'data-id="{SCHOOL}"') :].partition("</li>")[0]
    assert f'href="#k-{band}"' in row
    assert "61 ／ 400 人" in row
    assert '<time datetime="2026-10-10T20:38:00+09:00">20:38</time> 確認' in row
    assert "車いす・ペット" in row


@pytest.mark.parametrize("band", ["room", "some", "crowded", "full"])
def test_a_figure_past_its_time_reads_not_known_and_stays_a_destination(band: str) -> None:
    view = seen(a_state(band=band, minutes=31))
    assert words_of(view)[SCHOOL] == "不明"
    said = text(view)
    assert "市が確認中" in said
    assert "最後の報告 20:11" in said
    assert "行き先として使えます。混み具合だけが分かりません。" in said
    assert "空いています" not in said
    assert "61" not in said
    assert SCHOOL in [one.name for one in view.rows]


@pytest.mark.parametrize(
    "untold", [{"band": None}, {"unknown_after": None}, {"band": "of another version"}]
)
def test_a_band_without_an_end_of_its_own_is_not_known(untold: dict[str, Any]) -> None:
    assert words_of(seen(a_state(**untold)))[SCHOOL] == "不明"


def test_a_figure_says_until_when_it_holds_so_that_the_script_can_end_it() -> None:
    page = html(seen(a_state()))
    assert 'data-until="2026-10-10T12:08:00+00:00"' in page
    assert "data-until" not in html(seen(a_state(minutes=31)))


def test_a_full_place_refuses_nobody_and_names_its_extra_rooms() -> None:
    view = seen(a_state(band="full", overflow=True))
    assert "満員です。来た人は断りません。予備の部屋を使っています。" in html(view)
    assert SCHOOL in [one.name for one in view.rows]


def test_a_place_said_to_be_full_stays_full_when_its_figure_grows_old() -> None:
    view = seen(a_state(opening="full", band="some", minutes=90))
    (row,) = [one for one in view.rows if one.name == SCHOOL]
    assert (row.crowd.word, row.crowd.until) == ("満", "")
    assert "61" not in text(view)


def test_a_place_that_opens_later_says_when_and_is_listed_apart() -> None:
    expected = (NOW + timedelta(minutes=18)).isoformat()
    view = seen(a_state(opening="preparing", band=None, expected_at=expected))
    assert [one.name for one in view.later] == [SCHOOL]
    assert "21:00 ごろ開く予定" in text(view)
    assert "<time" not in str(view.later[0].crowd.lines[0])


def test_a_place_that_should_have_opened_says_that_it_is_late() -> None:
    expected = (NOW - timedelta(minutes=2)).isoformat()
    view = seen(a_state(opening="preparing", band=None, expected_at=expected))
    assert "20:40 に開く予定でした。遅れています。" in text(view)


@pytest.mark.parametrize(("opening", "word"), [("closed", "閉鎖"), ("endangered", "危険")])
def test_nobody_goes_to_a_closed_or_endangered_place(opening: str, word: str) -> None:
    view = seen(a_state(opening=opening, note="浸水のため使えません"))
    (row,) = view.never
    assert (row.name, row.crowd.word, row.way) == (SCHOOL, word, "")
    assert "行かないでください" in text(view)
    assert "浸水のため使えません" in text(view)
    assert SCHOOL not in [one.name for one in (*view.rows, *view.later)]


def test_a_place_in_seen_water_draws_nobody_however_empty_it_is() -> None:
    flooded = version(order(4), water=box(380, 520, 460, 600))
    view = seen(a_state(), plan=flooded)
    assert [(one.name, one.crowd.sign) for one in view.never] == [(SCHOOL, "stop")]
    assert "まわりに水が来ています" in text(view)
    assert "空いています" not in text(view)


def test_an_unopened_place_comes_after_those_that_receive() -> None:
    view = seen(a_state(opening="unopened", band=None))
    assert [one.name for one in view.later] == [SCHOOL]
    assert view.later[0].number > max(one.number for one in view.rows)


def test_without_a_live_state_the_plan_s_opening_is_shown_and_no_figure() -> None:
    view = seen(plan=version(order(4), opening=Opening.UNCONFIRMED))
    assert set(words_of(view).values()) == {"不明"}
    assert "開設状況未確認" in text(view)
    assert "市が確認中" not in text(view)


def test_the_opening_said_last_is_the_one_that_counts() -> None:
    plan = version(order(4))
    since = plan.picture.openings[SCHOOL].since
    assert since is not None
    closed = {"opening": "closed", "opening_since": None}
    old = closed | {"opening_since": (since - timedelta(minutes=5)).isoformat()}
    new = closed | {"opening_since": (since + timedelta(minutes=5)).isoformat()}
    assert words_of(seen(a_state(**old), plan=plan))[SCHOOL] != "閉鎖"
    assert words_of(seen(a_state(**new), plan=plan))[SCHOOL] == "閉鎖"


def test_rule_1_a_place_not_designated_for_the_hazard_is_no_destination() -> None:
    quake = site("地震だけの広場", 600, 140, HazardKind.EARTHQUAKE)
    view = seen(a_state(quake.id), plan=version(order(4), on=ground((*SITES, quake))))
    assert quake.name not in words_of(view)
    (other,) = view.others
    assert (other.why, other.names) == ("洪水には使えません", (quake.name,))
    assert all(pin.number for pin in view.map.pins) if view.map else False
    page = html(view)
    assert page.index(quake.name) > page.rindex('class="pl"')


def test_a_hazard_that_is_asked_about_counts_too() -> None:
    asked = PlacesAsked(position=DOOR, hazards=frozenset({HazardKind.TSUNAMI}))
    hill = site("高台", 600, 740, HazardKind.FLOOD, HazardKind.TSUNAMI)
    view = seen(a_state(), plan=version(order(4), on=ground((*SITES, hill))), asked=asked)
    assert [one.name for one in view.rows] == [hill.name]
    assert "津波には使えません" in text(view)


def test_a_shelter_for_later_is_never_listed() -> None:
    here = ground()
    shelter = Shelter("S1", "あとで暮らす避難所", at(600, 200), "", also_evacuation_site=False)
    view = seen(a_state(), plan=version(order(4), on=replace(here, shelters=(shelter,))))
    assert shelter.name not in html(view)


def test_places_are_listed_by_the_way_that_guidance_takes_nearest_first() -> None:
    view = seen(a_state())
    assert [one.number for one in view.rows] == [1, 2, 3]
    metres = [int(re.sub(r"\D", "", one.way.split("・")[0])) for one in view.rows]
    assert view.rows[0].name == SCHOOL
    assert metres == sorted(metres)
    assert view.rows[0].way.endswith("分")


def test_who_rolls_is_shown_the_way_of_a_wheelchair() -> None:
    rolling = PlacesAsked(position=DOOR, household=Household(Profile.WHEELCHAIR))
    slow, wheels = seen(a_state()), seen(a_state(), asked=rolling)
    assert (slow.pace, wheels.pace) == ("ゆっくり歩いて（夜）", "車いすで（夜）")
    assert slow.rows[0].way != wheels.rows[0].way


def test_an_area_is_asked_for_by_its_name_in_any_spelling() -> None:
    view = seen(a_state(), asked=PlacesAsked(area="下浅瀬２丁目"))
    assert (view.area, view.point) == (AREA, True)
    assert f"{AREA} から近い順" in text(view)


def test_an_unknown_area_is_said_and_the_whole_city_shown() -> None:
    view = seen(a_state(), asked=PlacesAsked(area="<b>町"))
    assert (view.point, view.area) == (False, "")
    assert "「&lt;b&gt;町」という町はありません" in html(view)
    assert len(view.rows) == 3


def test_the_whole_city_lists_places_by_area_without_any_distance() -> None:
    view = seen(a_state(), asked=PlacesAsked())
    assert [one.way for one in view.rows] == ["絹ヶ丘一丁目", "絹ヶ丘一丁目", AREA]
    assert "分" not in view.rows[0].way


@pytest.mark.parametrize(
    "asked", [PlacesAsked(position=DOOR), PlacesAsked(area=AREA), PlacesAsked()]
)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_rule_4_level_5_names_no_place_no_way_and_no_distance(
    asked: PlacesAsked, lang: str
) -> None:
    view = seen(a_state(), plan=version(order(5)), asked=asked, lang=lang)
    assert (view.rows, view.later, view.never, view.others, view.map) == ((), (), (), (), None)
    page = html(view, lang)
    assert not any(one.name in page for one in SITES if one.name != PARK)
    assert "/places.svg" not in page
    assert "119" in page
    assert translator(lang)("わたしの行き先と道を見る") not in page
    assert page.index("<h1>") < page.index("119")


def part_of_the_city(level: int, area: shapely.Geometry) -> EvacuationOrder:
    """An order for a piece of the grid."""
    return replace(order(level), area=area)


def test_rule_4_level_5_in_a_corner_of_an_area_stops_the_page_of_the_whole_area() -> None:
    corner = version(part_of_the_city(5, box(800, 800, 860, 860)))
    assert seen(a_state(), plan=corner, asked=PlacesAsked(area=AREA)).stop
    assert seen(a_state(), plan=corner, asked=PlacesAsked()).stop
    assert not seen(a_state(), plan=corner, asked=PlacesAsked(area="絹ヶ丘一丁目")).stop


def test_an_order_beside_an_area_does_not_count_in_it() -> None:
    beside = version(part_of_the_city(4, box(-60, -60, 400, 860)))
    view = seen(a_state(), plan=beside, asked=PlacesAsked(area=AREA))
    assert (view.strip.level, view.strip.orders) == (0, ())


def test_level_5_at_a_place_alone_keeps_others_away_from_it() -> None:
    there = version(part_of_the_city(5, box(380, 520, 460, 600)))
    view = seen(a_state(), plan=there)
    assert [one.name for one in view.never] == [SCHOOL]
    assert "緊急安全確保が出ている地域です" in text(view)


def test_a_door_in_seen_water_is_told_to_secure_itself() -> None:
    view = seen(a_state(), plan=version(order(4), water=box(600, 120, 620, 140)))
    assert view.stop


def test_an_area_of_which_only_the_middle_is_cut_off_is_still_told_of_places() -> None:
    """Other doors of it may have a way: each is told so when it asks for itself."""
    middle = ground().area_polygons[1].representative_point()
    plan = version(order(4), water=middle.buffer(70))
    view = seen(a_state(), plan=plan, asked=PlacesAsked(area=AREA))
    assert not view.stop
    assert {one.way.split("で")[0] for one in view.rows} == {"直線"}


def test_a_level_that_is_asked_about_stops_the_page_too() -> None:
    assert seen(a_state(), asked=PlacesAsked(level=AlertLevel.SECURE_NOW)).stop


def many(count: int) -> Ground:
    """The grid with that many places, each at a house of its own."""
    rows = (site(f"避難場所{n:03}", 30 + n % 8 * 100, 330 + n // 8 * 26) for n in range(count))
    return ground(tuple(rows))


def test_a_long_list_comes_in_parts_that_are_numbered_on() -> None:
    plan = version(order(4), on=many(50))
    first = seen(plan=plan, asked=PlacesAsked())
    second = seen(plan=plan, asked=PlacesAsked(start=LISTED + 1))
    near = seen(plan=plan)
    assert (len(first.rows), first.total, first.before) == (LISTED, 50, "")
    assert first.after == f"/places?from={LISTED + 1}"
    assert [one.number for one in second.rows] == list(range(LISTED + 1, 51))
    assert second.before == "/places?from=1"
    assert len(near.rows) == NEAREST


def test_every_page_of_a_long_list_stays_below_14_kB() -> None:
    here = many(150)
    states = [
        a_state(one.id, minutes=n % 40, band=list(BANDS)[n % 5], overflow=n % 3 == 0)
        for n, one in enumerate(here.sites)
    ]
    for asked in (PlacesAsked(), PlacesAsked(start=41), PlacesAsked(position=DOOR)):
        for lang in ("ja", "en"):
            view = seen(*states, plan=version(order(4), on=here), asked=asked, lang=lang)
            page = places_page(view, asked={}, lang=lang, since="1:1")
            assert len(gzip.compress(page.encode())) < 14_000


def test_names_and_notes_are_written_as_text() -> None:
    page = html(seen(a_state(PARK, note="<script>alert(1)</script>")))
    assert "<i>公園" not in page
    assert "<script>alert" not in page


def test_the_page_speaks_english_but_for_names() -> None:
    view = seen(a_state(band="crowded"), lang="en")
    page = re.sub(r'<(\w+)[^>]* lang="ja"[^>]*>.*?</\1>|<style.*?</style>', "", html(view, "en"))
    page = re.sub(r"<[^>]*>", " ", page)
    assert not re.search("[\u3041-\u30ff]", page.replace("浅瀬市（架空）", ""))
    assert "Crowded" in page
