"""Level 5 in a house: up only where it is known to stand (`safety.md` 3)."""

from dataclasses import replace

import pytest

from city.traveller import Dwelling, Household
from hazards.kinds import AlertLevel, HazardKind
from hazards.zone import ZoneLayer
from routing.guidance import Guidance
from tests.unit.web.ground import asks, ground, order, version
from tests.unit.web.test_way_page import page, words
from web.language import translator
from web.securing import level_5_words, other_advice, secure_advice

JAPANESE = translator("ja")
DRY, WET, DEEP, RIM, SLOPE = (300, 400), (610, 130), (610, 45), (610, 10), (700, 720)
"""Outside every zone, in 0.5 to 3 m of water, in 5 to 10 m, where houses collapse too, in a
landslide zone.
"""
HOUSE = Household(dwelling=Dwelling.HOUSE, floors=2)
BUNGALOW = Household(dwelling=Dwelling.BUNGALOW)
STURDY = Household(dwelling=Dwelling.STURDY, floor=2, floors=8)
UPSTAIRS = "いちばん高い部屋へ"
TALLER = "となりに頑丈で高い建物があり、道に水がなければ、そこの高い階へ。"
STURDY_NEAR = "すぐ近くの頑丈な建物の、高い階へ。道に水があれば出ない。"
NEAR = "すぐ近くの頑丈な建物か、出られなければこの家の"
LAST = "出られなければ、川や崖と反対側の、いちばん高い所へ上がり、119。"
UPPER_LAST = "家の上の階は、最後の手段です。"
HERE = "この家か、すぐ近くの頑丈な建物の、崖や川と反対側の、いちばん高い所へ。"
TALLER_FIRST = "すぐ近くのもっと高く頑丈な建物か、なければこの建物の"
OFF_THE_SLOPE = "この建物が低ければ、崖から離れた、もっと高く頑丈な建物へ。すぐ近くだけ。"
HIGH = ("できるだけ高い所へ", "川や崖と反対側にいる。")
SMALL_TOWERS = [
    Household(dwelling=Dwelling.STURDY),
    Household(dwelling=Dwelling.STURDY, floor=1),
    Household(dwelling=Dwelling.STURDY, floor=1, floors=1),
]
DEPTH_UNKNOWN = "水がどこまで深くなるか分かりません。" + UPPER_LAST
UNKNOWN_WATER = (HazardKind.TSUNAMI, HazardKind.STORM_SURGE, HazardKind.INLAND_FLOOD)
SHAKEN = {
    HazardKind.EARTHQUAKE: "ゆれている間は低くなり、頭を守る。",
    HazardKind.LARGE_FIRE: "火と煙から離れる。",
    HazardKind.VOLCANO: "頑丈な建物の中へ。",
}
IN_SHORT = {
    HazardKind.EARTHQUAKE: "地震は、倒れそうな物から離れ、広い所へ。",
    HazardKind.LARGE_FIRE: "火事は、火と煙から離れる。火が風上なら、風と直角へ。",
    HazardKind.VOLCANO: "噴火は、頑丈な建物の中へ。",
}
NOBODY_KNOWS = {
    ZoneLayer.COLLAPSE: "この家が流されるおそれがあるかは、地図では分かりません。",
    ZoneLayer.LANDSLIDE: "ここに土砂が来るおそれがあるかは、地図では分かりません。",
}


def told(
    at: tuple[float, float],
    household: Household = HOUSE,
    unknown: tuple[ZoneLayer, ...] = (),
    *more: HazardKind,
) -> Guidance:
    """Level 5 at that door, where these layers have gaps, for floods and these hazards."""
    plan = version(order(5), on=ground(unknown=unknown))
    return asks(plan, *at, household, hazards=frozenset(more))


def opened(guidance: Guidance) -> tuple[str, ...]:
    """What the household's own building is told to do."""
    (own,) = [one for one in secure_advice(guidance, JAPANESE) if one.open and one.building]
    assert "2階" not in own.title or UPSTAIRS in own.does[0] + own.does[1]
    return own.does


def everything(guidance: Guidance) -> str:
    """The whole advice as one text."""
    return str(secure_advice(guidance, JAPANESE)) + slip(guidance)


def slip(guidance: Guidance) -> str:
    """What the slip says of level 5."""
    return "".join(level_5_words(guidance, JAPANESE))


@pytest.mark.parametrize("layer", NOBODY_KNOWS)
@pytest.mark.parametrize("at", [DRY, WET])
def test_house_without_a_map_is_not_told_to_go_upstairs(
    at: tuple[float, float], layer: ZoneLayer
) -> None:
    guidance = told(at, unknown=(layer,))
    does = opened(guidance)
    assert does[:2] == (TALLER, NOBODY_KNOWS[layer])
    assert does[2] == "出られなければ、川や崖と反対側の、いちばん高い所へ上がり、119。"
    assert UPSTAIRS not in everything(guidance)
    assert "2階" not in everything(guidance)


def test_both_maps_missing_are_both_named() -> None:
    does = opened(told(WET, unknown=tuple(ZoneLayer)))
    assert does[:3] == (TALLER, *NOBODY_KNOWS.values())


def test_known_zone_outweighs_a_map_with_gaps() -> None:
    gaps = tuple(ZoneLayer)
    assert opened(told(SLOPE, unknown=gaps)) == opened(told(SLOPE))
    rim = opened(told(RIM, unknown=gaps))
    assert rim[:2] == (STURDY_NEAR, NOBODY_KNOWS[ZoneLayer.LANDSLIDE])
    assert NOBODY_KNOWS[ZoneLayer.COLLAPSE] not in rim
    assert UPSTAIRS not in everything(told(RIM, unknown=gaps))


def test_bungalow_without_a_map_leaves_for_a_sturdy_building() -> None:
    does = opened(told(WET, BUNGALOW, (ZoneLayer.LANDSLIDE,)))
    assert does[:2] == (STURDY_NEAR, NOBODY_KNOWS[ZoneLayer.LANDSLIDE])
    assert UPSTAIRS not in str(does)


def test_house_that_is_known_to_stand_goes_up() -> None:
    assert opened(told(DRY))[0].startswith(UPSTAIRS)


def test_house_in_water_of_unknown_depth_looks_for_a_taller_building_first() -> None:
    does = opened(told(DRY, unknown=(ZoneLayer.DEPTH,)))
    assert does[:3] == (TALLER, DEPTH_UNKNOWN, LAST)
    assert UPSTAIRS not in str(does)


def test_slip_names_this_home_first_only_where_it_is_known_to_stand() -> None:
    gap = (ZoneLayer.COLLAPSE,)
    assert slip(told(DRY)).startswith("この家か、")
    assert slip(told(DRY, STURDY, gap)).startswith("この家か、")
    assert slip(told(DRY, HOUSE, gap)).startswith("すぐ近くの頑丈な建物か、出られなければこの家の")
    assert slip(told(DRY, Household(), gap)) == slip(told(DRY, HOUSE, gap))
    for household in (BUNGALOW, replace(HOUSE, floors=1)):
        assert "この家" not in slip(told(DRY, household, gap))
    assert "この家" not in slip(told(RIM, HOUSE, gap))


@pytest.mark.parametrize(
    ("at", "household", "first"),
    [
        (WET, HOUSE, "この家か、"),
        (DEEP, HOUSE, NEAR),
        (DEEP, replace(HOUSE, floors=5), "この家か、"),
        (WET, Household(), NEAR),
        (WET, Household(dwelling=Dwelling.HOUSE), NEAR),
        (WET, Household(dwelling=Dwelling.HOUSE, floor=1), NEAR),
        (WET, Household(dwelling=Dwelling.HOUSE, floor=2), "この家か、"),
        (WET, BUNGALOW, "すぐ近くの頑丈な建物の、"),
        (WET, STURDY, "この家か、"),
        (DEEP, STURDY, "この家か、"),
        (DEEP, replace(STURDY, floors=3), "すぐ近くのもっと高く頑丈な建物か、なければ"),
        (WET, Household(dwelling=Dwelling.STURDY), "すぐ近くのもっと高く頑丈な建物か、なければ"),
    ],
)
def test_slip_and_screen_go_up_at_home_only_above_the_water(
    at: tuple[float, float], household: Household, first: str
) -> None:
    guidance = told(at, household)
    assert slip(guidance).startswith(first)
    calm = asks(version(), *at, household)
    assert f"避難場所へ出発しない{slip(guidance)}" in words(page(calm))
    if household.dwelling:
        own = opened(guidance)[0]
        assert own.startswith((UPSTAIRS, "できるだけ高い所へ")) == first.startswith("この家")


def test_deep_water_makes_the_upper_floor_of_a_house_the_last_choice() -> None:
    does = opened(told(DEEP))
    assert does[:3] == (TALLER, "水が上の階まで来るおそれがあります。" + UPPER_LAST, LAST)
    assert UPSTAIRS not in str(does)


@pytest.mark.parametrize("hazard", UNKNOWN_WATER)
@pytest.mark.parametrize("at", [DRY, WET])
def test_water_of_unknown_depth_sends_nobody_upstairs_in_a_house_first(
    at: tuple[float, float], hazard: HazardKind
) -> None:
    guidance = told(at, HOUSE, (), hazard)
    does = opened(guidance)
    assert does[:3] == (TALLER, DEPTH_UNKNOWN, LAST)
    assert UPSTAIRS not in everything(guidance)
    assert "2階" not in everything(guidance)
    assert NEAR in slip(guidance)
    tower = opened(told(at, STURDY, (), hazard))
    assert tower[0].startswith("この建物が低く、となりにもっと高く頑丈な建物があり")
    assert "なければこの建物の" in slip(told(at, STURDY, (), hazard))


def test_tsunami_leaves_the_sea_first_whatever_the_building() -> None:
    guidance = told(WET, HOUSE, (), HazardKind.TSUNAMI)
    first = secure_advice(guidance, JAPANESE)[0]
    assert (first.title, first.building) == ("津波", False)
    assert "すぐ近くの高台か、頑丈で高い建物の" in first.does[0]
    assert slip(guidance).startswith("津波は、すぐ近くの高台か、頑丈で高い建物の上へ。" + NEAR)
    text = words(page(guidance))
    assert text.index("すぐに海や川から離れ") < text.index("いまいる建物は？")
    assert "雨がやんでも" not in text
    assert "雨がやんでも" in words(page(told(WET)))


@pytest.mark.parametrize("hazard", SHAKEN)
@pytest.mark.parametrize("household", [HOUSE, BUNGALOW, STURDY, Household()])
def test_going_upstairs_is_no_advice_against_earthquake_fire_or_volcano(
    household: Household, hazard: HazardKind
) -> None:
    guidance = told(WET, household, (), hazard)
    advice = secure_advice(guidance, JAPANESE)
    assert advice[0].does[0].startswith(SHAKEN[hazard])
    assert slip(guidance).startswith(IN_SHORT[hazard])
    assert UPSTAIRS not in everything(guidance)
    assert "2階" not in everything(guidance)
    assert "雨がやんでも、外に出ないで" not in words(page(guidance))
    (alone,) = [asks(version(order(5, hazard)), *WET, household)]
    assert secure_advice(alone, JAPANESE) == ()
    assert other_advice(alone, JAPANESE) == advice[0].does
    assert level_5_words(alone, JAPANESE) == (IN_SHORT[hazard],)
    assert "いちばん高い" not in words(page(alone))


def test_nobody_stays_in_a_building_that_burns_or_leans() -> None:
    for hazard, before in (
        (HazardKind.LARGE_FIRE, "火や煙が近ければ、建物に残らず"),
        (HazardKind.EARTHQUAKE, "傾いたり、ひびが入ったり"),
    ):
        guidance = told(WET, Household(), (), hazard)
        buildings = [one for one in secure_advice(guidance, JAPANESE) if one.building][:4]
        assert all(one.does[0].startswith(before) for one in buildings)
        said = words(page(guidance))
        assert "いまいる建物か、すぐ近くで" not in said
        assert "倒れそうな物や火から離れ、すぐ近くの安全な所で" in said


@pytest.mark.parametrize("hazard", [*UNKNOWN_WATER, *SHAKEN])
def test_rule_03_no_hazard_sends_a_bungalow_or_a_collapse_zone_up(hazard: HazardKind) -> None:
    for at, home in ((WET, BUNGALOW), (RIM, HOUSE), (SLOPE, HOUSE)):
        guidance = told(at, home, (), hazard)
        does = [line for line in opened(guidance) if "建物に残ら" not in line]
        assert "頑丈な建物" in (does[0] if hazard is not HazardKind.EARTHQUAKE else does[1])
        assert "上の階" not in str(opened(guidance))
        assert UPSTAIRS not in everything(guidance)
        assert "この家" not in slip(guidance)


@pytest.mark.parametrize("hazard", [*UNKNOWN_WATER, *SHAKEN])
def test_rule_04_level_5_of_any_hazard_shows_no_way(hazard: HazardKind) -> None:
    guidance = asks(version(), *WET, HOUSE, hazards={hazard}, level=AlertLevel.SECURE_NOW)
    assert (guidance.first, guidance.second) == (None, None)
    html = page(guidance)
    assert 'id="steps"' not in html
    assert 'class="slip' not in html


@pytest.mark.parametrize("unknown", [(), (ZoneLayer.LANDSLIDE, ZoneLayer.COLLAPSE)])
def test_sturdy_building_below_a_slope_stands_on_page_and_slip(
    unknown: tuple[ZoneLayer, ...],
) -> None:
    guidance = told(SLOPE, STURDY, unknown)
    does = opened(guidance)
    assert does[0].startswith(HIGH[0])
    assert does[1:] == (HIGH[1],)
    assert slip(guidance) == HERE


@pytest.mark.parametrize("household", SMALL_TOWERS)
def test_sturdy_building_of_unknown_height_is_never_simply_told_to_go_up(
    household: Household,
) -> None:
    for at, first in ((SLOPE, OFF_THE_SLOPE), (RIM, STURDY_NEAR)):
        guidance = told(at, household)
        assert opened(guidance)[0].startswith(first)
        assert "道に水が" in opened(guidance)[0]
        assert slip(guidance).startswith(TALLER_FIRST)
    nobody = [
        one for one in secure_advice(told(SLOPE, Household()), JAPANESE) if "鉄筋" in one.title
    ]
    assert nobody[0].does[0].startswith(OFF_THE_SLOPE)


@pytest.mark.parametrize("hazard", SHAKEN)
@pytest.mark.parametrize("at", [WET, SLOPE])
def test_page_and_slip_agree_on_a_sturdy_building_beside_fire_or_volcano(
    at: tuple[float, float], hazard: HazardKind
) -> None:
    for floors, low in ((8, False), (None, True)):
        home = Household(dwelling=Dwelling.STURDY, floors=floors)
        guidance = told(at, home, (), hazard)
        does = [line for line in opened(guidance) if "残ら" not in line]
        assert does[0].startswith("この建物が低") == low
        assert slip(guidance).endswith(HERE) != low
        assert (TALLER_FIRST in slip(guidance)) == low
        burns = hazard is not HazardKind.VOLCANO
        assert ("残ら" in opened(guidance)[0]) == burns
        assert ("火が近い建物や、傾いた建物には残らない。" in slip(guidance)) == burns


@pytest.mark.parametrize(
    ("at", "household"), [(WET, BUNGALOW), (RIM, HOUSE), (SLOPE, HOUSE), (SLOPE, Household())]
)
def test_slip_keeps_the_fallback_of_a_home_that_is_no_refuge(
    at: tuple[float, float], household: Household
) -> None:
    guidance = told(at, household)
    assert "出られなければ、" in str(secure_advice(guidance, JAPANESE))
    near, water, *fallback = slip(guidance).split("。")
    assert near.startswith("すぐ近くの頑丈な建物の、")
    assert water == "道に水があれば出ない"
    assert fallback[0].startswith("出られなければ、家の中の、")
    assert fallback[0].endswith("119")


@pytest.mark.parametrize("home", [HOUSE, STURDY, Household()])
def test_slip_brings_a_household_in_a_basement_to_the_ground_first(home: Household) -> None:
    below = told(WET, replace(home, floor=-1), (), HazardKind.LARGE_FIRE)
    assert opened(below)[0].startswith("すぐ地上へ")
    assert slip(below).startswith("地下にいれば、すぐ地上へ。")
    assert "地下" not in slip(told(WET, home))


def test_upper_floor_speaks_of_water_only_where_water_is_in_force() -> None:
    dry = asks(version(order(5, HazardKind.VOLCANO), order(5, HazardKind.LANDSLIDE)), *DRY, HOUSE)
    sound = "この家が無事かどうか分かりません。家の上の階は、"
    assert opened(dry)[:2] == (TALLER, sound + "最後の手段です。")
    assert "水が来たとき" not in everything(dry)
    wet = told(DRY, HOUSE, (), HazardKind.VOLCANO)
    assert opened(wet)[:2] == (TALLER, sound + "水が来たときの、最後の手段です。")


def test_rule_03_where_the_river_takes_the_bank_a_sturdy_building_is_the_last_choice() -> None:
    """河岸侵食 takes the ground away, 氾濫流 only what stands lightly on it."""
    for kind, first, short in ((1, HIGH[0], HERE), (2, STURDY_NEAR, TALLER_FIRST)):
        guidance = told(RIM, STURDY)
        guidance = replace(guidance, zones=replace(guidance.zones, collapse=kind))
        assert opened(guidance)[0].startswith(first)
        assert slip(guidance).startswith(short)
