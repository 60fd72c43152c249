"""Level 5 in a house: up only where it is known to stand (`safety.md` 3)."""

from dataclasses import replace

import pytest

from city.traveller import Dwelling, Household
from hazards.zone import ZoneLayer
from routing.guidance import Guidance
from tests.unit.web.ground import asks, ground, order, version
from web.language import translator
from web.securing import level_5_words, secure_advice

JAPANESE = translator("ja")
DRY, WET, RIM, SLOPE = (300, 400), (610, 130), (610, 10), (700, 720)
"""Outside every zone, in 0.5 to 3 m of water, where houses collapse too, in a landslide zone."""
HOUSE = Household(dwelling=Dwelling.HOUSE, floors=2)
BUNGALOW = Household(dwelling=Dwelling.BUNGALOW)
STURDY = Household(dwelling=Dwelling.STURDY, floor=2, floors=8)
UPSTAIRS = "いちばん高い部屋へ"
TALLER = "となりに頑丈で高い建物があり、道に水がなければ、そこの高い階へ。"
STURDY_NEAR = "すぐ近くの頑丈な建物の、高い階へ。道に水があれば出ない。"
NOBODY_KNOWS = {
    ZoneLayer.COLLAPSE: "この家が流されるおそれがあるかは、地図では分かりません。",
    ZoneLayer.LANDSLIDE: "ここに土砂が来るおそれがあるかは、地図では分かりません。",
}


def told(
    at: tuple[float, float], household: Household = HOUSE, unknown: tuple[ZoneLayer, ...] = ()
) -> Guidance:
    """Level 5 at that door, where these layers have gaps."""
    return asks(version(order(5), on=ground(unknown=unknown)), *at, household)


def opened(guidance: Guidance) -> tuple[str, ...]:
    """What the household's own building is told to do."""
    (own,) = [one for one in secure_advice(guidance, JAPANESE) if one.open]
    assert "2階" not in own.title or UPSTAIRS in own.does[0] + own.does[1]
    return own.does


def everything(guidance: Guidance) -> str:
    """The whole advice as one text."""
    return str(secure_advice(guidance, JAPANESE)) + level_5_words(guidance, JAPANESE)


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
    assert does[0] == TALLER
    assert does[1].startswith(UPSTAIRS)


def test_slip_names_this_home_first_only_where_it_is_known_to_stand() -> None:
    def words(guidance: Guidance) -> str:
        return level_5_words(guidance, JAPANESE)

    gap = (ZoneLayer.COLLAPSE,)
    assert words(told(DRY)).startswith("この家か、")
    assert words(told(DRY, STURDY, gap)).startswith("この家か、")
    assert words(told(DRY, HOUSE, gap)).startswith("すぐ近くの頑丈な建物か、出られなければこの家の")
    assert words(told(DRY, Household(), gap)) == words(told(DRY, HOUSE, gap))
    for household in (BUNGALOW, replace(HOUSE, floors=1)):
        assert "この家" not in words(told(DRY, household, gap))
    assert "この家" not in words(told(RIM, HOUSE, gap))
