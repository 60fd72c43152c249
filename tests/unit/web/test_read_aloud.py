"""What the phone desk reads aloud: 20 seconds, every verdict, and no place at level 5."""

from collections.abc import Iterator
from functools import cache
from itertools import product

import pytest

from city.traveller import Dwelling, Household, Profile
from hazards.kinds import AlertLevel, HazardKind
from hazards.zone import ZoneLayer
from routing.guidance import Guidance
from routing.verdict import Verdict
from shelters.place import Opening
from shelters.saying import FULL, UNKNOWN
from tests.builders import ask, door, town_version
from tests.unit.web.ground import SITES, asks, box, ground, order, version
from web.staff.aloud import MOST_LETTERS, MOST_SECONDS, morae, seconds
from web.staff.answering import NOT_IN_WATER, STAY_OUT, read_aloud
from web.staff.spokenway import told_ways

HERE = ground()
UNMAPPED = ground(unknown=tuple(ZoneLayer))
TOWER = Household(dwelling=Dwelling.STURDY, floor=4, floors=6, supplies_h=72)
CROWDINGS = (UNKNOWN, "20時41分の報告で、やや混雑しています。", f"20時15分から{FULL}")
HOMES = (
    Household(),
    TOWER,
    Household(Profile.WHEELCHAIR, Dwelling.BUNGALOW),
    Household(Profile.SLOW, Dwelling.HOUSE, floor=2, floors=2),
    Household(floor=-1),
)
DOORS = ((610, 130), (610, 10), (700, 650), (800, 800), (150, 450))
RAIN = (HazardKind.FLOOD, HazardKind.LANDSLIDE)


def told(guidance: Guidance, crowding: str = UNKNOWN) -> str:
    """All that is read aloud, in one."""
    return "".join(read_aloud(guidance, crowding).sentences)


@cache
def guidances() -> tuple[Guidance, ...]:
    """Doors in and outside of zones, at every level, of every kind of home."""
    return tuple(_guidances())


def _guidances() -> Iterator[Guidance]:
    for on, level, hazard in product((HERE, UNMAPPED), (0, 3, 4, 5), RAIN):
        in_force = [order(level, hazard)] if level else []
        for opening in (Opening.OPEN, Opening.UNCONFIRMED, Opening.FULL, Opening.CLOSED):
            plan = version(*in_force, on=on, opening=opening)
            for (x, y), home in product(DOORS, HOMES):
                yield asks(plan, x, y, home)


def is_last_resort_below(guidance: Guidance) -> bool:
    """Whoever has to come up from a basement first: nothing of that is left out to save seconds."""
    below = guidance.question.household.below_ground
    return guidance.verdict is Verdict.SECURE_NOW and below


def test_every_answer_is_read_in_20_seconds_and_no_sentence_is_long() -> None:
    seen = set()
    for guidance in guidances():
        for crowding in CROWDINGS:
            said = read_aloud(guidance, crowding)
            seen.add((guidance.verdict, guidance.first is not None))
            assert said.seconds <= MOST_SECONDS + (2 if is_last_resort_below(guidance) else 0), said
            assert all(0 < len(one) <= MOST_LETTERS for one in said.sentences), said
            assert len("".join(said.sentences)) <= 130
    assert {verdict for verdict, _ in seen} == set(Verdict)
    assert {(Verdict.STAY_SAFE, False), (Verdict.WATCH, False)} <= seen


def test_rule_04_level_5_names_no_place_and_no_way() -> None:
    for guidance in guidances():
        if guidance.verdict is not Verdict.SECURE_NOW:
            continue
        text = told(guidance)
        assert text.startswith("直ちに安全確保です。避難場所へは出発しないでください。")
        assert not any(site.name in text for site in SITES)
        for word in ("行き先", "通り", "分です", "混み"):
            assert word not in text


def test_rule_03_nobody_in_a_low_home_or_below_a_slope_is_sent_up_at_home_first() -> None:
    low = told(asks(version(order(5), on=HERE), household=Household(dwelling=Dwelling.BUNGALOW)))
    slope = told(asks(version(order(5, HazardKind.LANDSLIDE), on=HERE), 800, 800, HOMES[3]))
    for text in (low, slope):
        assert "この家か" not in text
        assert text.index("すぐ近くの頑丈な建物") < text.index("家の中の")


def test_whoever_is_surrounded_is_sent_nowhere() -> None:
    text = told(asks(version(order(4), on=HERE, water=box(550, 80, 680, 190))))
    assert STAY_OUT in text
    assert "行き先" not in text


def test_go_says_verdict_place_way_crowding_and_what_to_mind_in_this_order() -> None:
    text = told(asks(version(order(4), on=HERE)), CROWDINGS[1])
    parts = ("今すぐ避難", "浅瀬第三小学校、歩いて約", "学校通り", "やや混雑", NOT_IN_WATER)
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)


def test_unknown_crowding_does_not_take_a_place_away() -> None:
    for opening in (Opening.OPEN, Opening.UNCONFIRMED):
        text = told(asks(version(order(4), on=HERE, opening=opening)))
        assert "行き先は浅瀬第三小学校" in text
        assert "混み具合" in text
        assert "行き先として使えます。" in text


def test_a_place_of_which_nobody_said_that_it_is_open_is_said_to_be_unconfirmed() -> None:
    plan = version(order(4), on=HERE, opening=Opening.UNCONFIRMED)
    assert "開設も混み具合も、まだ確認できていません。" in told(asks(plan))
    assert "開設は未確認です。" in told(asks(plan), CROWDINGS[1])


def test_a_full_place_is_still_named_and_refuses_nobody() -> None:
    text = told(asks(version(order(4), on=HERE, opening=Opening.FULL)), CROWDINGS[2])
    assert "行き先は浅瀬第三小学校" in text
    assert "来た人は断りません" in text


def test_level_3_asks_for_those_who_need_time_and_a_zone_is_said() -> None:
    text = told(asks(version(order(3), on=HERE)))
    assert "時間のかかる人がいる家は、今すぐ避難です。" in text
    assert "危険な区域の中です。" in text
    slow = told(asks(version(order(3), on=HERE), household=Household(Profile.SLOW)))
    assert slow.startswith("今すぐ避難してください。")
    assert "ゆっくり歩いて約" in slow


def test_a_planned_stay_says_when_it_ends_and_not_to_go_down() -> None:
    text = told(asks(version(order(4), on=HERE), household=TOWER))
    assert text.startswith(
        "この部屋にとどまってください。条件がひとつでも違えば、避難してください。"
    )
    assert "1階と地下に降りないでください。" in text


def test_caller_without_a_way_is_not_told_to_ring_the_city_again() -> None:
    text = told(asks(version(on=HERE, opening=Opening.CLOSED)))
    assert "避難場所がありません。" in text
    assert "市役所に電話" not in text


@pytest.mark.parametrize("level", [0, 3, 4, 5])
def test_answers_of_the_town_fit_as_well(level: int) -> None:
    plan = town_version(orders=[order(level)] if level else [])
    roads = plan.ground.roads
    for junction in range(0, roads.junction_count, 97):
        x, y = roads.junction_xy[junction].tolist()
        said = read_aloud(ask(plan, door(plan.ground, x + 4, y + 4)), UNKNOWN)
        assert said.seconds <= MOST_SECONDS, said
        assert all(len(one) <= MOST_LETTERS for one in said.sentences), said


def test_the_fullest_telling_of_a_way_comes_first_and_has_three_sentences_at_most() -> None:
    guidance = asks(version(order(4), on=HERE))
    assert guidance.first is not None
    ways = told_ways(guidance.first)
    assert ways[-1] == ()
    assert all(len(way) <= 3 for way in ways)
    lengths = [sum(map(morae, way)) for way in ways]
    assert lengths[0] > lengths[-2] > 0


@pytest.mark.parametrize(
    ("text", "count"),
    [("きょう", 2), ("カーッ", 3), ("学校", 4), ("約20分です。", 10), ("、。 ", 0), ("１１９", 6)],
)
def test_morae_are_counted_rather_too_many_than_too_few(text: str, count: int) -> None:
    assert morae(text) == count
    assert seconds([text] * 7) == float(count)


def test_level_5_of_every_hazard_is_read_within_half_a_minute() -> None:
    for hazard in HazardKind:
        for home in HOMES:
            said = read_aloud(
                asks(version(order(5, hazard), on=HERE), household=home, level=AlertLevel(5)),
                UNKNOWN,
            )
            assert said.seconds <= 1.5 * MOST_SECONDS
            assert STAY_OUT in said.sentences
