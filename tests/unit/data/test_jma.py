"""Every official telegram becomes a bulletin or is set aside; facts checked by hand in the XML."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from data.readers.jma import SetAside, read_telegram
from data.readers.jmakinds import KINDS
from hazards.bulletin import AreaKind, Bulletin, BulletinItem, Issue, Status
from hazards.bulletinnames import SURGE_LIKELY, Course
from tests.unit.data.jmatelegrams import (
    NAMES,
    NO_SAMPLES,
    SAMPLES,
    a_kind,
    a_telegram,
    bulletin,
    sample,
    sampled,
)

with_samples = pytest.mark.skipif(not NAMES, reason=NO_SAMPLES)
SUBJECTS = {"VXSE": "地震", "VTSE": "津波"}


def find(found: Bulletin, area: str) -> list[tuple[Any, ...]]:
    """(name, level, whether said, status word) of what a bulletin says of an area."""
    return [
        (one.name, one.level, one.level_is_said, one.condition)
        for one in found.items
        if area in {place.name for place in one.areas}
    ]


def names_of(item: BulletinItem, kind: AreaKind) -> list[str]:
    return [area.name for area in item.areas if area.kind is kind]


@with_samples
@pytest.mark.parametrize("name", NAMES)
def test_every_telegram_becomes_a_bulletin_or_is_set_aside_naming_its_kind(name: str) -> None:
    found = read_telegram((SAMPLES / name).read_bytes(), name)
    code = name.rpartition("_")[2].removesuffix(".xml")
    if isinstance(found, SetAside):
        assert found.kind == SUBJECTS[code[:4]]
        assert found.kind in found.reason
        assert found.title in found.reason
        return
    assert code[:4] not in SUBJECTS
    assert found.kind == code.removesuffix("ii")
    assert found.items
    assert all(item.areas and item.name and item.condition for item in found.items)
    assert all(area.code and area.name for item in found.items for area in item.areas)
    assert found.reported_at.utcoffset() is not None
    assert found.is_real
    assert found.issue is Issue.ISSUED


@with_samples
def test_all_kinds_of_the_samples_were_looked_at() -> None:
    codes = Counter(name.rpartition("_")[2].removesuffix(".xml") for name in NAMES)
    assert sum(codes.values()) == 76
    assert {code.removesuffix("ii") for code in codes} == {
        *({code for code, _ in KINDS.values()} - {"VPWW53", "VPHW50", "VXSU"}),
        *("VXSE51", "VXSE53", "VTSE41"),
    }


RAIN_4 = ("レベル４大雨危険警報", 4, True, "発表")
SLIDE_4 = "レベル４土砂災害危険警報"


@with_samples
@pytest.mark.parametrize(
    ("part", "area", "said"),
    [
        ("15_16_03", "稚内市", [RAIN_4]),
        ("15_16_03", "猿払村", [("レベル３大雨警報", 3, True, "継続")]),
        ("15_16_03", "利尻町", [("レベル２大雨注意報", 2, True, "継続")]),
        ("15_17_01_250630_VPWW56", "雲南市", [(SLIDE_4, 4, True, "発表")]),
        ("15_17_01_250630_VPWW56", "吉賀町", [(SLIDE_4, 4, True, "継続")]),
        ("15_17_01_250630_VPWW56", "海士町", []),
        ("15_17_01_250630_VPWW55", "隠岐の島町", [("レベル２大雨注意報", 2, True, "解除")]),
        ("15_16_02", "舞鶴市", [("レベル４高潮危険警報", 4, True, "発表")]),
        ("15_16_02", "舞鶴湾", [("レベル４高潮危険警報", 4, True, "発表")]),
        ("15_16_04", "稚内市", [("暴風警報", None, False, "発表")]),
        ("15_16_07", "猿払村", [("融雪注意報", None, False, "継続")]),
        ("15_15_01", "藍住町", [("高潮警報", 4, False, "発表")]),
        ("15_15_01", "徳島市", []),
        (
            "15_13_01",
            "小笠原村",
            [
                ("大雨特別警報（土砂災害）", 5, False, "発表"),
                ("大雨特別警報（浸水害）", 5, False, "発表"),
                ("洪水警報", 3, False, "発表"),
                ("暴風特別警報", None, False, "発表"),
                ("波浪特別警報", None, False, "発表"),
                ("高潮特別警報", 4, False, "発表"),
                ("雷注意報", None, False, "発表"),
            ],
        ),
        (
            "15_10_02",
            "松前町",
            [
                ("雷注意報", None, False, "継続"),
                ("大雨警報（土砂災害）", 3, False, "継続"),
                ("大雨警報（浸水害）", None, False, "継続"),
            ],
        ),
        (
            "15_08_04",
            "奈良市",
            [
                ("大雨注意報", 2, False, "警報から注意報"),
                ("雷注意報", None, False, "解除"),
                ("強風注意報", None, False, "解除"),
                ("洪水注意報", 2, False, "解除"),
            ],
        ),
        ("17_01_01", "北九州市", [("土砂災害警戒情報", 4, False, "継続")]),
        ("17_01_01", "大牟田市", [("土砂災害警戒情報", 4, False, "解除")]),
        ("17_03_07", "総社市", [("土砂災害警戒情報", 4, False, "継続")]),
        ("17_03_09", "総社市", [("土砂災害警戒情報", 4, False, "解除")]),
        ("17_04_01", "小田原市", [(SLIDE_4, 4, True, "発表")]),
        ("17_04_01", "川崎市", []),
        ("17_04_03", "小田原市", [(SLIDE_4, 4, True, "解除")]),
        ("18_03_01", "石狩地方", [("記録的短時間大雨情報", None, False, "発表")]),
        ("18_03_01", "空知地方", []),
        ("82_01_01", "北西部", [("線状降水帯発生", None, False, "発表")]),
        ("85(82)_02_02", "嶺北", [("短時間大雪", None, False, "発表")]),
        ("19_04_01", "八王子市", [("竜巻注意情報", None, False, "発表")]),
    ],
)
def test_what_a_telegram_says_of_an_area(part: str, area: str, said: list[tuple[Any, ...]]) -> None:
    assert find(sampled(part), area) == said


@with_samples
@pytest.mark.parametrize(
    ("part", "name", "level", "course", "stretch", "rivers"),
    [
        ("16_01_01", "氾濫注意情報", 2, Course.ISSUED, "○○川上流", ("○○川", "△△川")),
        ("16_02_02", "氾濫警戒情報", 3, Course.ISSUED, "六角川", ("六角川", "武雄川")),
        ("16_06_01", "氾濫危険情報", 4, Course.CONTINUED, "○○川上流", ("○○川", "△△川")),
        ("16_04_01", "氾濫発生情報（氾濫水の予報）", 5, Course.CONTINUED, "○○川上流", None),
    ],
)
def test_a_rivers_bulletin_names_its_stretch_and_rivers(
    part: str, name: str, level: int, course: Course, stretch: str, rivers: tuple[str, ...] | None
) -> None:
    (item,) = sampled(part).items
    assert (item.name, item.level, item.course) == (name, level, course)
    assert item.stretch == stretch
    assert item.rivers == (rivers or ("○○川", "△△川"))


@with_samples
def test_a_rivers_bulletin_names_the_towns_that_the_water_would_reach() -> None:
    found = sampled("16_02_02")
    (item,) = found.items
    towns = ["武雄市", "嬉野市", "大町町", "江北町", "白石町"]
    assert names_of(item, AreaKind.MUNICIPALITY) == towns
    assert names_of(item, AreaKind.REGION) == ["佐賀県"]
    assert (item.condition, item.code) == ("洪水警報（発表）", "30")
    assert (found.event_id, found.serial, found.office) == ("890904000100", "1", "佐賀地方気象台")
    assert found.series == "VXKO:890904000100"
    assert found.reported_at == datetime.fromisoformat("2021-08-13T15:10:00+09:00")
    assert found.sent_at == datetime.fromisoformat("2021-08-13T06:21:31+00:00")


@with_samples
def test_a_tornado_warning_names_its_end_and_a_rain_warning_none() -> None:
    end = datetime.fromisoformat("2014-02-12T14:30:00+09:00")
    assert sampled("19_04_01").valid_until == end
    assert sampled("15_16_03").valid_until is None
    assert sampled("15_16_03").target_at == datetime.fromisoformat("2020-06-22T23:00:00+09:00")


@with_samples
@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        *(("17_03_01", "17_03_09"), ("17_04_01", "17_04_03"), ("15_08_02", "15_08_04")),
        *(("15_06_01", "15_06_05"), ("16_04_01", "16_06_01"), ("85(82)_02_02", "85(82)_02_05")),
    ],
)
def test_telegrams_that_replace_one_another_are_of_one_series(earlier: str, later: str) -> None:
    first, last = sampled(earlier), sampled(later)
    assert first.series == last.series
    assert first.order < last.order


@with_samples
def test_telegrams_of_two_prefectures_or_kinds_are_of_two_series() -> None:
    parts = ["15_16_03", "15_16_01", "15_17_01_250630_VPWW55", "15_15_01", "17_04_01", "17_03_01"]
    assert len({sampled(part).series for part in parts}) == len(parts)


@with_samples
def test_a_drill_is_known_by_its_status_alone() -> None:
    found = bulletin(sample("17_04_01").replace("<Status>通常<".encode(), "<Status>訓練<".encode()))
    assert found.status is Status.TRAINING
    assert not found.is_real


@with_samples
def test_a_cancellation_needs_no_body() -> None:
    head, _, rest = sample("17_04_01").partition(b"<Warning")
    cancelled = head.replace("<InfoType>発表<".encode(), "<InfoType>取消<".encode())
    found = bulletin(cancelled + rest.rpartition(b"</Warning>")[2])
    assert found.is_cancelled
    assert found.items == ()
    assert found.series == sampled("17_04_01").series


def test_a_level_is_never_read_out_of_free_words() -> None:
    """Real telegrams say ［危険警報・氾濫特別警報の発表状況］なし in their notes."""
    words = "レベル５大雨特別警報に警戒。【警戒レベル５相当】"
    found = bulletin(a_telegram(a_kind("レベル２大雨注意報"), headline=words))
    assert [item.level for item in found.items] == [2]


def test_that_a_surge_warning_is_likely_is_read_from_the_headline() -> None:
    words = "２日明け方までに高潮警報に切り替える可能性が高い。"
    title = "気象警報・注意報（Ｈ２７）"
    kinds = a_kind("高潮注意報"), a_kind("大雨注意報")
    found = bulletin(a_telegram(*kinds, title=title, headline=words))
    assert [(item.name, item.level) for item in found.items] == [
        (SURGE_LIKELY, 3),
        ("大雨注意報", 2),
    ]
    assert bulletin(a_telegram(*kinds, title=title)).items[0].level == 2


def test_an_area_without_warnings_is_no_broken_telegram() -> None:
    assert bulletin(a_telegram()).items == ()


def test_an_unknown_status_word_leaves_a_warning_in_force() -> None:
    (item,) = bulletin(a_telegram(a_kind("レベル４大雨危険警報", "再掲"))).items
    assert item.in_force


@pytest.mark.parametrize("about", ["土砂災害", "浸水害", "土砂災害、浸水害"])
def test_a_rain_warning_of_several_harms_is_one_of_each_and_goes_on(about: str) -> None:
    kind = a_kind("大雨警報", "継続", formerly="大雨警報", about=about)
    found = bulletin(a_telegram(kind, title="気象警報・注意報（Ｈ２７）"))
    assert [item.name for item in found.items] == [
        f"大雨警報（{one}）" for one in about.split("、")
    ]
    assert not any(item.is_lowered for item in found.items)
