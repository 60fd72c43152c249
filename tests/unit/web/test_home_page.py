"""The home page: finding where one is, by name and by tapping a map, without script."""

import re
from dataclasses import replace

import pytest
from shapely import Point, STRtree
from shapely import box as shapely_box

from api.headers import POLICY
from hazards.kinds import HazardKind
from routing.version import PlanVersion
from tests.unit.web.ground import CARD, NOW, at, ground, order, version
from web.aging import AGING_HASH
from web.frame import Frame
from web.gps import GPS_HASH, GPS_SCRIPT
from web.home import HomeView, home_view
from web.labels import Labels
from web.links import joined
from web.moving import MOVING_HASH
from web.overview import overview_svg
from web.pages import home_page, problem_page
from web.search import HitKind, search
from web.style import STYLE_HASHES, source_hash
from web.tapmap import CLOSEST_M, SIZE, box_of, position_at, whole

GROUND = ground()
LARGE = ground(side=21)


def view(plan: PlanVersion | None = None, **query: str) -> HomeView:
    """The view for a query; a double underscore stands for the dot of `tap.x`."""
    named = {key.replace("__", "."): value for key, value in query.items()}
    return home_view(
        plan or version(on=GROUND), named, lang="ja", now=NOW, checked_at=NOW, stale=False
    )


@pytest.mark.parametrize("text", ["絹ヶ丘", "絹ケ丘一丁目", "絹が丘１丁目", " 絹ヶ丘 1丁目 "])
def test_search_knows_the_spellings_of_a_name(text: str) -> None:
    hits = search(GROUND, text)
    assert [hit.name for hit in hits] == ["絹ヶ丘一丁目"]
    assert hits[0].kind is HitKind.AREA


def test_search_puts_names_that_begin_with_the_text_first_and_finds_nothing_for_nothing() -> None:
    assert [hit.name for hit in search(GROUND, "浅瀬")] == [
        "浅瀬第三小学校",
        "浅瀬高校",
        "下浅瀬二丁目",
    ]
    assert search(GROUND, "  ") == []
    assert len(search(GROUND, "浅瀬", limit=1)) == 1


def test_found_name_is_a_link_that_marks_its_point_and_keeps_the_household() -> None:
    html = home_page(view(q="絹が丘", profile="slow"))
    assert re.search(r'href="/\?lat=\d+\.\d+&amp;lon=\d+\.\d+&amp;profile=slow"', html)


def test_tap_on_the_whole_city_zooms_and_a_tap_in_the_closest_box_marks_the_point() -> None:
    plan = version(on=LARGE)
    first = view(plan, tap__x="144", tap__y="144")
    assert first.point is None
    assert first.box.side < whole(LARGE).side
    second = view(plan, box=first.box.text, tap__x="10", tap__y="20")
    while second.point is None:
        second = view(plan, box=second.box.text, tap__x="10", tap__y="20")
    assert second.box.side <= CLOSEST_M
    assert "ここで見る" in home_page(second)
    assert 'formaction="/way"' in home_page(second)


def test_pixel_and_metre_are_each_others_inverse() -> None:
    box = whole(GROUND)
    x, y = box.at(30, 200)
    assert box.pixel(x, y) == pytest.approx((30, 200))
    assert GROUND.metres.of(position_at(GROUND, box, 30, 200)) == pytest.approx((x, y), abs=0.2)


def test_north_is_up_and_east_is_right_on_the_tapped_map() -> None:
    box = whole(GROUND)
    assert position_at(GROUND, box, 0, 0).lat > position_at(GROUND, box, 0, SIZE).lat
    assert position_at(GROUND, box, SIZE, 0).lon > position_at(GROUND, box, 0, 0).lon


@pytest.mark.parametrize(
    "text", ["", "x", "1,2", "nan,nan,nan", "0,0,500", "1e9,1e9,1e9", "1,2,inf"]
)
def test_box_that_cannot_be_drawn_is_the_whole_city(text: str) -> None:
    assert box_of(text, GROUND) == whole(GROUND)


@pytest.mark.parametrize("tap", [("0", "0"), ("x", "1"), ("-5", "5"), ("nan", "nan"), ("999", "1")])
def test_tap_outside_the_map_or_a_key_press_changes_nothing(tap: tuple[str, str]) -> None:
    assert view(tap__x=tap[0], tap__y=tap[1]).point is None


def test_home_keeps_what_was_typed_and_escapes_it() -> None:
    html = home_page(view(q='"><script>x', floor="3", dwelling="sturdy", level="4"))
    assert "<script>x" not in html
    assert '<option value="3" selected>3階' in html
    assert 'value="sturdy" checked' in html
    assert '<option value="4" selected>' in html


@pytest.mark.parametrize("floor", ["-1", "-3", "1", "60", "-10", "100"])
def test_basement_is_chosen_without_a_minus_sign(floor: str) -> None:
    html = home_page(view(floor=floor))
    assert not re.search('<input[^>]*name="floor"', html)
    assert html.count('<select name="floor">') == 1
    assert html.count(f'<option value="{floor}" selected>') == 1
    assert '<option value="-1"' in html
    assert '<option value="0"' not in html


@pytest.mark.parametrize("floor", ["", "0", "x", "101", "3.5"])
def test_floor_that_no_building_has_is_not_said(floor: str) -> None:
    (choice,) = re.findall('<select name="floor">(.*?)</select>', home_page(view(floor=floor)))
    assert "selected" not in choice
    assert choice.startswith('<option value="">分からない')


def test_every_hazard_that_was_asked_about_stays_chosen() -> None:
    asked = view(hazard="flood,earthquake,nonsense", level="4")
    html = home_page(asked)
    chosen = re.findall('type="checkbox" name="hazard" value="([a-z_]+)" checked', html)
    assert chosen == ["flood", "earthquake"]
    assert asked.asked["hazard"] == "flood,earthquake"
    assert html.count('type="checkbox" name="hazard"') == len(HazardKind)
    assert "<legend>災害" in html
    assert "hazard=flood%2Cearthquake" in home_page(replace(asked, lang="en"))


def test_all_hazards_at_once_are_kept_however_long_their_names() -> None:
    given = ",".join(HazardKind)
    assert view(hazard=f"{given},{given}").asked["hazard"] == given


def test_hazards_of_a_form_are_joined_and_nothing_else_is() -> None:
    form = [("hazard", "flood"), ("level", "4"), ("hazard", ""), ("hazard", "tsunami,volcano")]
    assert joined(form) == {"hazard": "flood,tsunami,volcano", "level": "4"}
    assert joined([("q", "a"), ("q", "b"), ("hazard", "")]) == {"q": "b", "hazard": ""}


def test_home_says_which_orders_are_in_force_or_that_none_is() -> None:
    assert "警戒レベル4 避難指示" in home_page(view(version(order(4), on=GROUND)))
    assert "いま、市に避難情報は出ていません。" in home_page(view())


def test_location_button_is_hidden_until_the_script_runs() -> None:
    html = home_page(view())
    assert re.search(r'<button[^>]*id="gps" hidden', html)
    assert f"<script>{GPS_SCRIPT}</script>" in html


def test_map_image_has_the_mark_and_the_names() -> None:
    plan = version(on=GROUND)
    here = at(610, 130)
    svg = overview_svg(GROUND, plan, box=view().box, point=here)
    assert svg.startswith("<svg")
    assert "絹ヶ丘一丁目" in svg
    assert "<circle" in svg
    assert "<circle" not in overview_svg(GROUND, plan, box=view().box)


def test_problem_page_says_what_to_do_without_the_page() -> None:
    real = replace(CARD, fictional=False)
    for card in (CARD, real, None):
        html = problem_page(title="<b>", detail="市の外です", card=card, lang="ja", status=422)
        assert "水や土砂が来たら、進まない。" in html
        assert "&lt;b&gt;" in html
        assert ("架空の市です" in html) == (card is CARD)


def test_hashes_for_the_policy_are_those_of_what_the_pages_hold() -> None:
    html = home_page(view())
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL)
    assert style
    assert source_hash(style[1]) in STYLE_HASHES
    assert [source_hash(one) for one in scripts] == [GPS_HASH, MOVING_HASH, AGING_HASH]


def test_policy_allows_these_scripts_and_to_ask_this_site_alone() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in POLICY.split(";"))
    assert rules["script-src"].split() == [GPS_HASH, AGING_HASH, MOVING_HASH]
    assert rules["connect-src"] == "'self'"
    assert rules["style-src"].split() == list(STYLE_HASHES)


def test_home_says_no_age_for_it_stays_open() -> None:
    html = home_page(view(version(order(4), on=GROUND)))
    assert '<time datetime="2026-10-10T20:30:00+09:00">20:30</time> 市長が発令' in html
    assert not re.search(r"[0-9]分前|>たった今", html)


def test_point_outside_the_city_is_said_and_not_shown() -> None:
    far = view(lat="35.0", lon="139.0", profile="slow")
    html = home_page(far)
    assert (far.point, far.box) == (None, whole(GROUND))
    assert "その場所は浅瀬市（架空）の外です。" in html
    assert "ここで見る</button>" not in html
    assert "◎の所でよければ" not in html
    assert "の外です" not in home_page(view())


def test_city_without_areas_asks_for_no_area_and_shows_its_sites() -> None:
    bare = replace(GROUND, areas=(), area_polygons=GROUND.area_polygons[:0], area_tree=STRtree([]))
    plan = version(on=bare)
    html = home_page(view(plan, q="どこでもない"))
    assert "町の名前" not in re.sub("<(style|script).*?</", "", html)
    assert "近くの施設の名前" in html
    svg = overview_svg(bare, plan, box=whole(bare))
    assert "浅瀬第三小学校" in svg
    assert svg.count("h14v14h-14z") == svg.count('class="n"') >= 2


def test_map_shows_sites_beside_areas() -> None:
    svg = overview_svg(GROUND, version(on=GROUND), box=whole(GROUND))
    assert "絹ヶ丘一丁目" in svg
    assert "浅瀬高校" in svg


def test_search_is_cut_where_its_field_ends() -> None:
    long = view(q="あ" * 2500)
    assert long.asked["q"] == "あ" * 80
    assert 'name="q" value="' + "あ" * 80 + '" maxlength="80"' in home_page(long)


def test_name_of_a_site_lies_close_to_its_mark_or_is_left_out() -> None:
    names = Labels(Frame(0, 576, 1, 576, 576), 22, Point())
    assert names.add_beside("恩田小学校", 300, 300, 9)
    (name,) = names.placed
    assert abs(name.x - 300) < 9 + 5 * 22 / 2 + 10
    names.taken.append(shapely_box(0, 0, 576, 576))
    assert not names.add_beside("恩田運動公園", 300, 320, 9)
