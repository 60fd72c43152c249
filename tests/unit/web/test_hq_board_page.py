"""Headquarters' board as it comes: the state in words with ages, and nothing that looks calm."""

import re
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from city.staff import Caller, CallerKind, Role
from web.staff import hqboardrows as rows
from web.staff.hqboard import board_page
from web.staff.hqrows import Moment
from web.style import themed, without_unused

NOW = datetime(2026, 10, 10, 17, 14, tzinfo=UTC)
NIGHT = Moment(NOW, ZoneInfo("Asia/Tokyo"))
OFFICER = Caller(CallerKind.STAFF, 3, "架空 花子", frozenset({Role.OPERATOR}))
STATIC = Path(__file__).parents[3] / "web" / "static"
DRAWN = ("hqboardmap", "hqboardsvg")
"""The map's scripts make drawings of their own."""
SCRIPTS = sorted(
    file
    for name in ("hqboard*.js", "hqbar*.js", "hqfollow.js")
    for file in STATIC.glob(name)
    if not file.name.startswith(DRAWN)
)
SECTIONS = (
    *("city", "orders", "proposals", "decisions", "sites", "teams", "gauges", "alerts"),
    *("channels", "plan", "unreached"),
)


def ago(minutes: float) -> str:
    return (NOW - timedelta(minutes=minutes)).isoformat()


def an_order(level: int = 4, *areas: str, hazard: str = "flood", **said: Any) -> dict[str, Any]:
    return {
        **{"number": level, "hazard": hazard, "level": level, "households": 300},
        **{"area_names": list(areas), "unreached": None, "since": ago(22), "told": True},
        **said,
    }


def a_site(**said: Any) -> dict[str, Any]:
    site = {
        "id": "E1",
        "name": "渡場中学校",
        "opening": "open",
        "opening_word": "開設",
        "reasons": [],
    }
    crowd = {"band": "full", "word": "満員", "persons": 850, "capacity": 850, "coming": 120}
    return {**site, **crowd, "as_of": ago(1), **said}


def a_state(**sections: dict[str, Any]) -> dict[str, Any]:
    state: dict[str, Any] = {name: {} for name in SECTIONS}
    state["city"]["city"] = {
        "name": "浅瀬市（架空）",
        "households": 1000,
        "live": True,
        "missing": [],
    }
    return {**state, **sections}


def a_page(state: dict[str, Any], entries: tuple[dict[str, Any], ...] = ()) -> str:
    board = {"state": state, "locks": {}}
    return board_page(board, entries, caller=OFFICER, csrf="word", card=None, now=NOW)


def test_households_under_orders_are_the_city_s_own_count() -> None:
    both = {"1": an_order(4, "渡場"), "2": an_order(4, "渡場", hazard="landslide")}
    state = a_state(orders=both)
    state["city"]["city"]["target"] = 350
    assert rows.head_figures(state, NIGHT)["target"] == "350"
    assert rows.elsewhere(state) == "650"
    state["city"]["city"]["target"] = None
    assert rows.head_figures(state, NIGHT)["target"] == rows.elsewhere(state) == "—"


def test_unreached_that_nobody_counted_are_not_none() -> None:
    state = a_state(orders={"1": an_order(4, "渡場")})
    city = state["city"]["city"]
    assert rows.head_figures(state, NIGHT)["unreached"] == "—"
    city |= {"target": 300, "unreached": None, "counting": 1}
    page = a_page(state)
    assert '<b id="k-unreached" class="wait">数えています</b>' in page
    assert "未到達 数えています" in page
    city |= {"unreached_few": True, "counting": 0}
    assert '<b id="k-unreached">10未満</b>' in a_page(state)
    city |= {"unreached": 15, "unreached_few": False, "counting": 0, "counted_at": ago(1)}
    found = rows.head_figures(state, NIGHT)
    assert (found["unreached"], found["share"]) == ("15", "5.0%")
    assert found["counted_at"].text == "2:13"
    city["missing"] = ["alerts"]
    assert rows.head_figures(state, NIGHT)["unreached"] == "読めません"


def test_a_team_is_shown_by_its_areas_alone() -> None:
    team = {"team": "第1班", "area_names": ["渡場", "月待"], "word": "活動中", "withdraw_at": None}
    assert rows.team_row({**team, "last_heard": ago(3), "overdue_since": None}, NIGHT)["task"] == (
        "渡場・月待"
    )


@pytest.mark.parametrize(
    ("city", "mode"),
    [
        ({"live": True, "drill": True}, "live"),
        ({"live": False, "drill": True}, "drill"),
        ({"live": False}, "calm"),
        ({}, "live"),
    ],
)
def test_the_machine_says_what_it_is_doing(city: dict[str, bool], mode: str) -> None:
    assert rows.mode_of(city) == mode
    state = a_state()
    state["city"]["city"] = {**city, "households": 1}
    assert f'data-mode="{mode}"' in a_page(state)


def test_what_could_not_be_read_is_named_and_is_not_empty() -> None:
    state = a_state()
    state["city"]["city"]["missing"] = ["gauges", "decisions.calls", "decisions.needs"]
    page = a_page(state)
    assert "水位、決めること</b>。ないのではなく、いま読めません。" in page
    assert "水位に、いま読めないものがあります。" in page
    assert "決めることに、いま読めないものがあります。" in page
    assert "出ている班はありません。</p>" in page
    assert "水位計がありません。</p>" not in page


def test_orders_that_cannot_be_read_are_not_none() -> None:
    state = a_state()
    assert "発令なし" in a_page(state)
    state["city"]["city"]["missing"] = ["orders"]
    page = a_page(state)
    assert "発令なし" not in page
    assert "発令がないのではありません。" in page
    assert '<b id="k-target">—</b>' in page


def test_full_places_stand_first_and_closed_ones_last_without_a_word_of_crowding() -> None:
    full, free = a_site(), a_site(id="E2", band="room", persons=10)
    unknown = a_site(id="E3", band=None, word="不明")
    shut = a_site(id="E4", opening="closed", opening_word="閉鎖", band=None)
    assert [one["id"] for one in rows.fullest_first([shut, free, unknown, full])] == [
        *("E1", "E3", "E2", "E4"),
    ]
    assert rows.site_row(shut, NIGHT)["word"] == "閉鎖"
    assert rows.site_row(unknown, NIGHT)["band"] == "unknown"


def test_a_silent_gauge_shows_no_level_but_since_when() -> None:
    gauge = {"name": "鵜首", "river": "澪川", "level_m": 6.84, "danger_m": 6.6, "trend_m_h": 0.32}
    gauge |= {"word": "氾濫危険水位", "silent_since": None, "measured_at": ago(2)}
    assert rows.gauge_row(gauge, NIGHT)["trend"] == "↑ 0.32"
    state = a_state(gauges={"鵜首": {**gauge, "silent_since": ago(31)}})
    assert "6.84" not in a_page(state)
    assert "欠測" in a_page(state)


def test_an_order_of_which_nobody_was_told_says_so() -> None:
    areas = ("渡場一丁目", "渡場二丁目", "渡場三丁目", "渡場四丁目")
    page = a_page(a_state(orders={"4": an_order(4, *areas, told=False)}))
    assert "配信していません" in page
    assert "渡場一丁目・渡場二丁目 ほか2町" in page


def test_a_decision_says_what_happens_if_nobody_acts_and_leads_to_its_page() -> None:
    decision = {"title": "橋の閉鎖", "what": "孤立 555", "if_nobody": "止めたまま。", "due": None}
    decision |= {"since": ago(61), "href": "/hq/field"}
    page = a_page(a_state(decisions={"move:3": decision}))
    assert "何もしないと</b> 止めたまま。" in page
    assert '<a href="/hq/field">橋の閉鎖</a>' in page


def test_the_page_escapes_what_people_wrote_and_holds_nothing_inline() -> None:
    entry = {
        **{"ref": "entry:1", "at": ago(3), "entered_at": ago(3), "from": "土木", "to": "統括"},
        **{"content": "<script>x</script>", "action": "", "owner": "", "state": "open"},
        **{"by_system": False, "corrects": None, "corrected_by": "entry:2"},
        **{"entered_by": "本部 担当", "signed": "本部 担当 水野"},
    }
    page = a_page(a_state(), (entry,))
    assert "&lt;script&gt;x" in page
    assert "entry:2 で訂正" in page
    assert "記入 本部 担当 水野" in page
    assert "<script>" not in page
    assert " style=" not in page
    assert "まだ割当" not in page


def test_a_state_is_drawn_without_being_changed() -> None:
    state = a_state(orders={"4": an_order(4, "渡場")}, sites={"E1": a_site()})
    before = deepcopy(state)
    a_page(state)
    assert state == before


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_script_of_it_takes_markup_or_is_long(file: Path) -> None:
    text = file.read_text("utf-8")
    assert not re.search("innerHTML|insertAdjacentHTML|outerHTML|document.write", text)
    assert text.count("\n") < 200


def test_dark_follows_what_was_chosen_before_what_the_system_wishes() -> None:
    dark = "@media screen and (prefers-color-scheme:dark)"
    css = f"a{{color:#000}}{dark}{{:root{{--x:#fff}}a,b c{{color:red}}}}"
    assert themed(css) == (
        f"a{{color:#000}}{dark}{{:root:where(:not([data-theme=light])){{--x:#fff}}"
        ":where(:root:not([data-theme=light])) a,"
        ":where(:root:not([data-theme=light])) b c{color:red}}"
        "@media screen{:root:where([data-theme=dark]){--x:#fff}"
        ":where(:root[data-theme=dark]) a,:where(:root[data-theme=dark]) b c{color:red}}"
    )


def test_a_page_carries_the_tokens_that_it_uses_and_no_others() -> None:
    css = ":root{--a:var(--b);--b:#000;--c:#fff}p{color:var(--a)}"
    assert without_unused(css) == ":root{--a:var(--b);--b:#000}p{color:var(--a)}"
