"""The way page: what each verdict says, and what it must never say."""

import gzip
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
import shapely

from city.traveller import Dwelling, Household, Profile
from hazards.kinds import AlertLevel, HazardKind
from routing.guidance import Guidance
from routing.reasons import Reason
from routing.steps import Step, Turn
from routing.verdict import Verdict
from routing.words import NO_WAY, REASONS, say_step
from shelters.place import Opening
from tests.unit.web.ground import NOW, SITES, asks, box, closure, ground, order, site, version
from web import waymap
from web.aging import AGING_HASH
from web.frame import Frame
from web.household import Word, household_page
from web.language import translator
from web.mapnames import labels_around
from web.moving import MOVING_HASH
from web.pages import way_page
from web.style import source_hash
from web.waymap import MOST_STREETS, streets_near, way_map

TOWER = Household(dwelling=Dwelling.STURDY, floor=4, floors=6, supplies_h=72)


def page(guidance: Guidance, lang: str = "ja", *, stale: bool = False, minutes: int = 1) -> str:
    """The page as it is read at 20:42, with its spaces that do not break made plain."""
    html = way_page(
        guidance,
        asked={"lat": "35.45", "lon": "139.05", "floor": "2", "lang": lang},
        lang=lang,
        now=NOW,
        checked_at=NOW - timedelta(minutes=minutes),
        stale=stale,
        page_url="https://nigemichi.example/way?lat=35.45&lon=139.05",
    )
    return html.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")


def all_verdicts() -> list[Guidance]:
    """One guidance of every verdict."""
    return [
        asks(version(order(4), opening=Opening.UNCONFIRMED)),
        asks(version(order(4)), household=TOWER),
        asks(version(order(5))),
        asks(version(order(3))),
        asks(version()),
    ]


def words(html: str) -> str:
    """The text of the page without tags, style and script."""
    return re.sub(r"<(style|script).*?</\1>|<[^>]+>", "", html, flags=re.DOTALL)


def test_level_4_says_leave_now_and_names_place_distance_minutes_and_opening() -> None:
    text = words(page(asks(version(order(4)))))
    for said in ("今すぐ避難", "浅瀬第三小学校", "660 m", "約20分", "開いています", "19:10"):
        assert said in text
    assert "混み具合は分かりません。行き先として使えます。" in text
    assert "20:30 市長が発令" in text
    assert "支度に約15分" in text


def test_without_an_order_no_level_is_shown_because_there_is_no_level_0() -> None:
    text = words(page(asks(version())))
    assert "避難情報なし" in text
    assert "警戒レベル0" not in text


def test_level_5_names_no_place_and_shows_no_way() -> None:
    for lang in ("ja", "en"):
        html = page(asks(version(order(5)), household=Household(dwelling=Dwelling.HOUSE)), lang)
        assert not any(one.name in html for one in SITES)
        assert 'id="way"' not in html
        assert 'id="steps"' not in html
        assert 'class="slip' not in html
        assert 'href="tel:119"' in html


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_level_5_names_no_place_to_a_household_that_said_it_is_on_the_way(lang: str) -> None:
    word = Word(going_to=SITES[0].id, going_until=NOW + timedelta(hours=1))
    html = household_page(
        asks(version(order(5)), told=SITES[0].id, on_the_way=True),
        word,
        lang=lang,
        now=NOW,
        checked_at=NOW,
        stale=False,
        base_url="https://nigemichi.example",
        hold_id="1",
        key="",
    )
    said = {"ja": "知らせてあります。取り消せます。", "en": "You can take it back."}
    assert said[lang] in html
    assert not any(one.name in html for one in SITES)
    assert 'name="site"' not in html
    assert 'name="do" value="undo"' in html


def test_level_5_opens_what_the_household_said_it_lives_in() -> None:
    html = page(asks(version(order(5)), household=Household(dwelling=Dwelling.STURDY)))
    assert re.search(r"<details open><summary>マンション・鉄筋", html)
    assert html.count("<details open>") == 1


@pytest.mark.parametrize(
    ("x", "y", "household"),
    [
        (610, 130, Household(dwelling=Dwelling.BUNGALOW)),
        (610, 130, Household(dwelling=Dwelling.HOUSE, floors=1)),
        (610, 10, Household(dwelling=Dwelling.HOUSE)),
        (700, 720, Household(dwelling=Dwelling.HOUSE)),
    ],
)
def test_bungalow_collapse_zone_and_slope_are_never_told_to_go_upstairs(
    x: float, y: float, household: Household
) -> None:
    html = page(asks(version(order(5)), x, y, household))
    assert "2階" not in html
    assert "いちばん高い部屋へ、今すぐ上がる" not in html
    opened = re.search(r"<details open>.*?</details>", html, re.DOTALL)
    assert opened
    assert "頑丈な建物" in opened[0]


def test_door_in_observed_water_keeps_the_true_level_in_its_strip() -> None:
    guidance = asks(version(order(4), water=box(500, 80, 700, 230)))
    html = page(guidance)
    assert guidance.verdict is Verdict.SECURE_NOW
    assert '<div class="strip lv4">' in html
    assert "水が来ていると報告されています" in html
    assert "避難場所へ向かわず" in html
    assert not any(one.name in html for one in SITES)


def reasoned(code: str, text: str, monkeypatch: pytest.MonkeyPatch, level: int = 4) -> str:
    """The page of a door for which one more reason holds."""
    monkeypatch.setitem(REASONS, code, text)
    guidance = asks(version(order(level)))
    more = Reason(code, {"metres": "120"}, "way")
    return page(replace(guidance, reasons=(*guidance.reasons, more)))


def test_way_through_a_collapse_zone_is_said_beside_the_map(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "家が流されるおそれのある区域を {metres} m 通ります。"
    html = reasoned("through_collapse", text, monkeypatch)
    said = "家が流されるおそれのある区域を 120 m 通ります。"
    assert html.count(said) == 1
    assert html.index('class="map"') < html.index(said) < html.index('id="steps"')


def test_missing_landslide_map_is_said_under_the_verdict_and_nobody_leaves_at_level_5(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = "土砂災害の地図がない場所です。斜面や崖の近くにいる人は、避難してください。"
    html = reasoned("landslide_unknown", said, monkeypatch)
    assert html.index("</h1>") < html.index(said) < html.index('id="place"')
    assert said not in reasoned("landslide_unknown", said, monkeypatch, level=5)


def test_planned_stay_shows_every_fact_with_its_source() -> None:
    guidance = asks(version(order(4)), household=TOWER)
    text = words(page(guidance))
    assert guidance.verdict is Verdict.STAY_SAFE
    assert "この部屋にとどまる" in text
    assert f"確認できている{len(guidance.stay)}つ" in text
    assert "4階（あなたの回答）／浸水の想定は 0.5〜3 m" in text
    assert "備え 72時間（あなたの回答）／水が引くまで 24時間（想定）" in text


def test_level_3_asks_first_who_needs_time() -> None:
    html = page(asks(version(order(3))))
    assert html.index("profile=slow") < html.index("見ておくこと")
    assert "危ないと感じたら、知らせを待たずに出る。" in html
    assert "地図に色がない場所も、安全とは限りません。" in html


def test_slow_household_leaves_at_level_3_and_is_not_asked_again() -> None:
    html = page(asks(version(order(3)), household=Household(Profile.SLOW)))
    assert "今すぐ避難" in words(html)
    assert "高齢・子ども・障害・病気の人がいる" not in html
    assert "ゆっくり歩いて（夜）" in html


def test_level_that_was_only_asked_about_is_called_so() -> None:
    html = page(asks(version(order(3)), level=AlertLevel.ALL_LEAVE))
    assert "レベル4として表示（確認用）" in html
    assert "レベル3 高齢者等避難" in words(html)
    assert "確認用" not in page(asks(version(order(4))))


def test_watch_without_any_way_says_whom_to_call() -> None:
    html = page(asks(version(opening=Opening.CLOSED)))
    assert "いますぐ市役所に電話し" in html
    assert not any(one.name in html for one in SITES)


def test_opening_that_nobody_confirmed_is_called_unconfirmed() -> None:
    html = page(asks(version(order(4), opening=Opening.UNCONFIRMED)))
    assert "開設状況未確認" in html
    assert "開いています" not in html


def test_stale_page_says_since_when_in_words() -> None:
    text = words(page(asks(version(order(4))), stale=True, minutes=75))
    assert "19:27 から市の最新情報を確認できていません。" in text


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_no_server_says_how_old_a_moment_is_for_the_page_stays_open(lang: str) -> None:
    here = ground()
    plan = version(order(4), water=box(520, 280, 680, 330), closed=(closure(30, here),), on=here)
    for guidance in (asks(plan), *all_verdicts()):
        for stale in (False, True):
            text = words(page(guidance, lang, stale=stale, minutes=75))
            assert not re.search(r"分前|時間前|日前|たった今|just now|\d (min|h|d) ago", text)


def test_every_moment_is_an_element_that_its_age_can_be_told_from() -> None:
    here = ground()
    plan = version(order(4), water=box(520, 280, 680, 330), closed=(closure(30, here),), on=here)
    html = page(asks(plan), stale=True, minutes=75)
    moments = dict(re.findall(r'<time datetime="([^"]+)">([^<]+)</time>', html))
    assert moments["2026-10-10T20:30:00+09:00"] == "20:30"
    assert moments["2026-10-10T19:10:00+09:00"] == "19:10"
    assert {"2026-10-10T20:31:00+09:00", "2026-10-10T20:39:00+09:00"} < set(moments)
    bare = re.sub(r"<time.*?</time>|<(style|script).*?</\1>", "", html, flags=re.DOTALL)
    assert not re.search(r"\b\d{1,2}:\d\d\b", re.sub(r"<[^>]+>", "", bare))


def test_page_carries_its_version_and_the_server_s_clock_for_its_script() -> None:
    html = page(asks(version(order(4))))
    assert '<script data-version="128"' in html
    assert 'data-checked="2026-10-10T11:41:00+00:00"' in html
    assert 'data-now="2026-10-10T11:42:00+00:00"' in html


def test_time_that_was_only_asked_about_gets_no_age() -> None:
    html = page(asks(version(order(4)), at=NOW + timedelta(hours=12)))
    assert "2026年10月11日 8:42 の明るさで案内しています" in html


def test_closed_street_and_observed_water_near_the_way_are_listed_with_their_time() -> None:
    here = ground()
    plan = version(order(4), water=box(520, 280, 680, 330), closed=(closure(30, here),), on=here)
    text = words(page(asks(plan)))
    assert "通行止め・冠水" in text
    assert "20:31" in text
    assert "道に水" in text


def test_second_place_has_its_own_distance_time_and_steps() -> None:
    html = page(asks(version(order(4))))
    assert "2番目の場所" in html
    assert "浅瀬高校" in html
    assert "1,060 m" in html


def test_names_from_files_are_escaped() -> None:
    here = ground((site("<script>alert(1)</script>", 420, 560), *SITES))
    html = page(asks(version(order(4), on=here)))
    assert "<script>alert" not in html
    assert html.count("<script") == 2
    assert "&lt;script&gt;" in html


def test_map_has_title_description_north_scale_and_a_legend_of_what_is_on_it() -> None:
    html = page(asks(version(order(4))))
    assert '<title id="gt">' in html
    assert '<desc id="gd">' in html
    assert ">北<" in html
    assert "200 m" in html
    assert "浸水の想定" in html
    assert "いま水がある" not in html


def test_slip_has_three_levels_a_qr_code_and_the_time_of_its_plan() -> None:
    html = page(asks(version(order(4))))
    assert "避難場所へ出発しない" in html
    assert 'class="qr"' in html
    assert "この紙は 2026年10月10日 20:41 の計画です（第128版）" in words(html)


def test_no_page_says_hinan_kankoku_or_calls_the_unmapped_safe() -> None:
    for guidance in all_verdicts():
        for lang in ("ja", "en"):
            assert "避難勧告" not in page(guidance, lang)
    assert "安全です" not in words(page(asks(version(), 300, 400)))


def test_every_page_calls_the_fictional_city_fictional() -> None:
    for guidance in all_verdicts():
        assert "架空の市です" in page(guidance)
        assert "is a fictional city" in page(guidance, "en")


def test_english_page_says_that_nobody_reviewed_it() -> None:
    for guidance in all_verdicts():
        assert "Draft translation: not yet reviewed by the city" in page(guidance, "en")
        assert "Draft translation" not in page(guidance)


def test_pages_use_one_known_script_no_outside_asset_and_no_style_attribute() -> None:
    for guidance in all_verdicts():
        html = page(guidance)
        scripts = re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL)
        moves = [MOVING_HASH] if 'id="move"' in html else []
        assert [source_hash(script) for script in scripts] == [*moves, AGING_HASH]
        assert html.count("<script") == len(scripts)
        assert " style=" not in html
        assert not re.search(r'(src|href)="https?:', html)


def test_page_of_a_dense_place_stays_below_14_kB() -> None:
    here = ground((site("浅瀬第三小学校", 2300, 2600), site("浅瀬高校", 300, 2700)), side=31)
    html = page(asks(version(order(4), on=here), 600, 130))
    assert len(gzip.compress(html.encode())) < 14_000


def test_hazard_without_water_gets_no_advice_about_water() -> None:
    plan = version(order(5, HazardKind.LARGE_FIRE))
    text = words(page(asks(plan)))
    assert "火と煙から離れる。風上の広い所へ。" in text
    assert "いちばん高い部屋へ" not in text


def test_household_that_needs_time_is_told_to_leave_at_level_3() -> None:
    for profile in (Profile.SLOW, Profile.WHEELCHAIR):
        text = words(page(asks(version(), household=Household(profile))))
        assert "高齢者等避難が出たら今すぐ出る" in text
        assert "避難指示が出たら" not in text
    assert "避難指示が出たら今すぐ出る" in words(page(asks(version())))


def test_walker_below_a_slope_is_told_to_leave_at_level_3() -> None:
    """A landslide order of level 3 addresses everybody in a landslide zone."""
    told = asks(version(), 700, 650)
    assert told.zones.landslide is not None
    text = words(page(told))
    assert "高齢者等避難が出たら今すぐ出る" in text
    assert "避難指示が出たら" not in text


def test_planned_stay_under_an_order_does_not_wait_for_the_order_and_ends_at_level_5() -> None:
    text = words(page(asks(version(order(4)), household=TOWER)))
    assert "とどまれなくなったらすぐ出る警戒レベル5では出ない" in text
    assert "避難指示が出たら" not in text


def test_level_5_opens_every_row_for_who_said_nothing() -> None:
    html = page(asks(version(order(5))))
    assert html.count("<details open>") == html.count("<details") > 4
    assert "あなたの回答" not in html


def test_watch_without_any_way_says_the_words_of_the_answer() -> None:
    text = words(page(asks(version(opening=Opening.CLOSED))))
    assert [line for line in NO_WAY if line not in text] == []


def test_bend_without_metres_is_at_once_and_the_end_says_nothing() -> None:
    guidance = asks(version(order(4)))
    assert guidance.first
    first, *rest = guidance.first.steps
    bent = replace(guidance.first)
    vars(bent)["steps"] = (first, replace(rest[0], distance_m=2), rest[-1])
    html = page(replace(guidance, first=bent))
    assert '<span class="d">すぐ</span>' in html
    assert '<span class="d"></span>' not in html


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_ground_without_a_path_is_a_step_on_screen_and_slip_with_its_reason(lang: str) -> None:
    guidance = asks(version(order(4), on=ground((site("浅瀬第三小学校", 420, 880),))), 870, 130)
    assert guidance.first
    off, leave = (
        next(step for step in guidance.first.steps if step.turn is turn)
        for turn in (Turn.OFF_ROAD, Turn.LEAVE_ROAD)
    )
    html = page(guidance, lang)
    t = translator(lang)
    slip = html[html.index('class="slip s-places"') :]
    for step in (off, leave):
        said = say_step(step, "", t)
        assert html.count(said) == 2
        assert said in slip
    metres = f"{off.distance_m + leave.distance_m:.0f}"
    assert t(REASONS["off_road"]).format(metres=metres) in words(html)


def test_every_turn_has_an_icon_of_its_own() -> None:
    guidance = asks(version(order(4)))
    assert guidance.first
    told = replace(guidance.first)
    vars(told)["steps"] = tuple(Step(turn, 0, "", 100.0) for turn in Turn)
    html = page(replace(guidance, first=told, second=None))
    icons = re.findall(r'<span class="t"><svg[^>]*><path d="([^"]+)"', html)
    assert len(icons) == len(Turn)
    assert len(set(icons)) == len(Turn) - 1


def test_map_has_the_streets_around_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    here = ground((site("浅瀬第三小学校", 1900, 900), site("浅瀬高校", 900, 2000)), side=31)
    guidance = asks(version(order(4), on=here), 600, 130)
    drawn: list[int] = []

    def seen(*given: Any) -> list[int]:
        drawn.extend(streets_near(*given))
        return drawn

    monkeypatch.setattr(waymap, "streets_near", seen)
    assert guidance.first
    assert way_map(guidance, guidance.first, translator("ja")).second_site
    assert guidance.second
    assert len(drawn) == MOST_STREETS
    used = {s.street for one in (guidance.first, guidance.second) for s in one.way.stretches}
    assert used <= set(drawn)


def test_names_of_places_lie_beside_the_north_sign_and_the_scale() -> None:
    frame = Frame(0, 600, 1, 600, 600)
    sign = shapely.box(500, 0, 600, 100)
    labels = labels_around(frame, np.array([[0.0, 0.0], [600.0, 600.0]]), [], [sign])
    labels.taken.append(shapely.box(0, 0, 600, 600))
    labels.add("上宇部小学校体育館", 540, 60, strong=True)
    (name,) = labels.placed
    half = 9 * 26 / 2
    box_ = shapely.box(name.x - half, name.y - 17, name.x + half, name.y + 17)
    assert not box_.intersects(sign)
