"""The JMA's telegrams in: kept once, shown, suggested to a person; no order is set or lifted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from data.errors import BrokenSource
from data.readers.jmakinds import KINDS
from hazards.bulletinnames import Course
from hazards.kinds import HazardKind
from operations import changes
from operations.bulletins.nowstanding import How
from operations.bulletins.take_in import Became
from operations.errors import Refused
from operations.load_city import load_city
from tests.integration import loaded
from tests.integration.bulletined import (
    EARLIER,
    FLOOD,
    HOUR,
    L4,
    NOW,
    SLIDE,
    SLIDE_3,
    SLIDE_4,
    TITLE,
    audit,
    later,
    on_screens,
    orders,
    shown,
    taken,
    waiting,
)
from tests.integration.databases import Database
from tests.integration.small_city import write_small_city
from tests.unit.data.jmatelegrams import (
    NAMES,
    NO_SAMPLES,
    SAMPLES,
    a_kind,
    a_telegram,
    sample,
    sampled,
)

with_samples = pytest.mark.skipif(not NAMES, reason=NO_SAMPLES)
CANCELLED = a_telegram(title=TITLE, issue="取消", reported="2026-09-01T20:20:00+09:00")


@pytest.fixture
def city(tmp_path: Path, engine: Engine) -> Callable[[str], None]:
    """Loads the small city under a code: that of a real town hears official telegrams."""

    def loads(code: str) -> None:
        load_city(engine, write_small_city(tmp_path / code, code), lambda _: None)

    return loads


@pytest.fixture
def kohama(city: Callable[[str], None]) -> None:
    """The small city under its own code."""
    city("99902")


@with_samples
def test_every_official_telegram_is_kept_once_or_set_aside(
    engine: Engine, database: Database, kohama: None
) -> None:
    before = loaded.everything(database)
    first = [taken(engine, (SAMPLES / name).read_bytes()) for name in NAMES]
    became = {name: one.became for name, one in zip(NAMES, first, strict=True)}
    warns = [name for name, one in became.items() if one is not Became.SET_ASIDE]
    assert all("VXSE" in name or "VTSE" in name for name in set(NAMES) - set(warns))
    assert database.one("SELECT count(*) FROM bulletin") == len(warns)
    again = [taken(engine, (SAMPLES / name).read_bytes()).became for name in NAMES]
    assert set(again) == {Became.KNOWN, Became.SET_ASIDE}
    assert database.one("SELECT count(*) FROM bulletin") == len(warns)
    assert loaded.everything(database) == before


@with_samples
@pytest.mark.parametrize(
    ("code", "hazard", "earlier", "following"),
    [
        ("14206", SLIDE, "17_04_01", "17_04_03"),
        ("33208", SLIDE, "17_03_03", "17_03_09"),
        ("29201", SLIDE, "15_08_02", "15_08_04"),
        ("30201", FLOOD, "15_09_01", "15_09_03"),
    ],
    ids=["小田原市 解除", "総社市 解除", "奈良市 警報から注意報", "和歌山市 解除"],
)
def test_rule_11_a_downgrade_of_the_jma_after_level_4_lifts_no_order(
    engine: Engine,
    database: Database,
    city: Callable[[str], None],
    code: str,
    hazard: HazardKind,
    earlier: str,
    following: str,
) -> None:
    city(code)
    changes.set_level(engine, hazard, L4)
    stood, recorded = orders(database), loaded.changes(database)
    now = sampled(following).reported_at + HOUR
    taken(engine, sample(earlier), now)
    waited = waiting(database)
    assert hazard not in {named for named, _, _ in waited}
    down = taken(engine, sample(following), now)
    assert down.became is Became.TAKEN_IN
    assert down.suggestions == ()
    assert any("避難情報は続いています" in remark for remark in down.remarks)
    assert orders(database) == stood
    assert stood[0][-1] is None
    assert loaded.changes(database) == recorded
    assert waiting(database) == waited
    (state,) = shown(engine, now)["standing"]
    assert state["remarks"] == list(down.remarks)
    assert not any(item["level"] in {4, 5} for item in state["items"] if item["course"] != "ended")


@with_samples
def test_an_official_telegram_suggests_its_level_to_a_person(
    engine: Engine, database: Database, city: Callable[[str], None]
) -> None:
    city("14206")
    done = taken(engine, sample("17_04_01"))
    assert waiting(database) == [("landslide", 4, [])]
    assert orders(database) == []
    (state,) = on_screens(engine)["suggestions"]
    assert state["number"] in done.suggestions
    assert state["reason"].startswith(
        "横浜地方気象台 11月2日18時50分発表 レベル４土砂災害危険警報: "
    )
    assert audit(database) == [("console", "bulletin.taken_in")]
    (standing,) = on_screens(engine)["standing"]
    (item,) = standing["items"]
    assert (item["name"], item["level"], item["areas"]) == (SLIDE_4, 4, ["小田原市"])
    assert (standing["how"], standing["status"]) == ("in_force", "通常")


@with_samples
def test_a_telegram_about_other_towns_suggests_nothing_here(
    engine: Engine, database: Database, city: Callable[[str], None]
) -> None:
    city("14100")
    done = taken(engine, sample("17_04_01"))
    assert "この市への発表はありません" in done.words
    assert waiting(database) == []
    assert shown(engine)["standing"] == []


def test_the_newest_of_a_series_counts_whatever_comes_last(
    engine: Engine, database: Database, kohama: None
) -> None:
    newer = taken(engine, later(0.4, a_kind(SLIDE_3, "継続")))
    older = taken(engine, EARLIER)
    assert (newer.became, older.became) == (Became.TAKEN_IN, Became.LATE)
    assert waiting(database) == [("landslide", 3, [])]
    (standing,) = shown(engine)["standing"]
    assert standing["number"] == newer.bulletin
    assert database.one("SELECT count(*) FROM bulletin") == 2
    assert [action for _, action in audit(database)] == ["bulletin.taken_in", "bulletin.late"]


@pytest.mark.parametrize("status", ["訓練", "試験"])
def test_rule_16_a_drill_suggests_nothing_and_replaces_nothing_real(
    engine: Engine, database: Database, kohama: None, status: str
) -> None:
    drill = later(0.3, a_kind("レベル５土砂災害特別警報"), status=status)
    done = taken(engine, drill)
    assert done.words.startswith(f"【{status}】")
    assert (done.suggestions, waiting(database)) == ((), [])
    taken(engine, EARLIER)
    assert waiting(database) == [("landslide", 4, [])]
    both = {one["status"]: one["how"] for one in shown(engine)["standing"]}
    assert both == {status: "in_force", "通常": "in_force"}


def test_a_cancellation_ends_what_it_withdraws_and_decides_nothing(
    engine: Engine, database: Database, kohama: None
) -> None:
    number = changes.set_level(engine, FLOOD, L4)
    taken(engine, EARLIER)
    taken(engine, CANCELLED)
    (standing,) = shown(engine)["standing"]
    assert (standing["how"], standing["items"]) == (How.CANCELLED, [])
    (state,) = shown(engine)["suggestions"]
    assert (state["level"], state["rests"]) == (4, False)
    assert orders(database)[0][0] == number
    assert shown(engine, NOW + 30 * HOUR)["standing"] == []


def test_a_cancellation_of_what_was_said_elsewhere_is_not_shown(
    engine: Engine, kohama: None
) -> None:
    taken(engine, later(0, a_kind(SLIDE_4), town="99903"))
    taken(engine, CANCELLED)
    assert shown(engine)["standing"] == []


def test_what_was_withdrawn_before_it_came_does_not_stand(engine: Engine, kohama: None) -> None:
    assert taken(engine, CANCELLED).became is Became.TAKEN_IN
    assert taken(engine, EARLIER).became is Became.LATE
    assert shown(engine)["standing"] == []
    assert taken(engine, later(0, a_kind(SLIDE_4), status="訓練")).became is Became.TAKEN_IN
    assert taken(engine, later(1, a_kind(SLIDE_4))).became is Became.TAKEN_IN
    assert {one["how"] for one in shown(engine)["standing"]} == {"in_force"}


def test_what_names_its_end_is_shown_as_over_after_it(engine: Engine, kohama: None) -> None:
    title = "記録的短時間大雨情報"
    assert title in KINDS
    taken(engine, a_telegram(a_kind(title), title=title))
    assert [one["how"] for one in shown(engine)["standing"]] == ["in_force"]
    (over,) = shown(engine, NOW + 5 * HOUR)["standing"]
    assert (over["how"], over["how_words"]) == ("expired", "期限切れ")
    assert shown(engine, NOW + 40 * HOUR)["standing"] == []


def test_a_lifted_warning_is_told_of_for_a_day(engine: Engine, kohama: None) -> None:
    taken(engine, EARLIER)
    taken(engine, later(0.2, a_kind(SLIDE_4, "解除")))
    (standing,) = shown(engine)["standing"]
    assert standing["how"] == "ended"
    assert [item["course"] for item in standing["items"]] == [Course.ENDED]
    assert shown(engine, NOW + 25 * HOUR)["standing"] == []


def test_a_telegram_of_the_future_is_refused_and_leaves_nothing(
    engine: Engine, database: Database, kohama: None
) -> None:
    with pytest.raises(Refused, match="発表時刻が今より先"):
        taken(engine, later(3, a_kind(SLIDE_4)))
    with pytest.raises(BrokenSource):
        taken(engine, EARLIER[:-30])
    assert database.one("SELECT count(*) FROM bulletin") == 0


def test_a_telegram_that_comes_twice_at_once_is_once(
    engine: Engine, database: Database, kohama: None
) -> None:
    with ThreadPoolExecutor(4) as threads:
        became = [done.became for done in threads.map(lambda _: taken(engine, EARLIER), range(4))]
    assert sorted(became) == [Became.KNOWN] * 3 + [Became.TAKEN_IN]
    assert database.one("SELECT count(*) FROM bulletin") == 1
    assert len(waiting(database)) == 1


def test_the_words_that_the_law_gave_up_reach_no_screen(engine: Engine, kohama: None) -> None:
    old = "避難" + "勧告"
    taken(engine, later(0, a_kind(SLIDE_4), headline=f"{old}などに留意し"))
    state = on_screens(engine)
    assert old not in str(state)
    assert "［避難指示］などに留意し" in state["standing"][0]["headline"]
