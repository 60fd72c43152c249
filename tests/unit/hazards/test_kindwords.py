"""Words of people become kinds; what they deny, fear or practise becomes no report."""

import pytest

from hazards.kindwords import denies, depth_named, kinds_named, of_a_drill, only_shut
from hazards.observation import KIND_WORDS, Depth, ObservationKind

K = ObservationKind


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("冠水", K.ROAD_FLOODED),
        ("道路冠水", K.ROAD_FLOODED),
        ("堤防が決壊", K.ROAD_FLOODED),
        ("日本橋交差点で冠水", K.ROAD_FLOODED),
        ("冠水で通れない", K.ROAD_FLOODED),
        ("けが人なし、冠水", K.ROAD_FLOODED),
        ("職業訓練校前が冠水", K.ROAD_FLOODED),
        ("Road flooded", K.ROAD_FLOODED),
        ("地下道", K.UNDERPASS_FLOODED),
        ("ｱﾝﾀﾞｰﾊﾟｽ冠水", K.UNDERPASS_FLOODED),
        ("土砂", K.SLIDE),
        ("崖崩れ", K.SLIDE),
        ("がけくずれ", K.SLIDE),
        ("倒木", K.FALLEN_TREE),
        ("電柱", K.FALLEN_TREE),
        ("橋", K.BRIDGE),
        ("橋が流された", K.BRIDGE),
        ("氾濫危険水位を超過", K.WATER_LEVEL),
        ("火災", K.FIRE),
        ("孤立", K.ISOLATED),
        ("冠水、要救助者2名", K.RESCUE),
        ("停電", K.LIFELINE),
        ("断水", K.LIFELINE),
        ("停電が復旧していない", K.LIFELINE),
        ("避難所が浸水", K.PLACE_IN_DANGER),
        ("その他", K.OTHER),
    ],
)
def test_words_name_a_kind(words: str, kind: ObservationKind) -> None:
    assert kinds_named(words)[0] is kind
    assert not denies(words)


def test_our_own_codes_and_words_name_their_kind() -> None:
    for kind in ObservationKind:
        assert kinds_named(kind) == (kind,)
        assert kinds_named(KIND_WORDS[kind]) == (kind,)


@pytest.mark.parametrize("words", ["通行止め", "日本橋のたもと", "fire station 前", "床上浸水", ""])
def test_other_words_name_none(words: str) -> None:
    assert kinds_named(words) == ()
    assert not denies(words)


@pytest.mark.parametrize(
    "words",
    ["冠水なし", "冠水していません", "崖崩れの恐れなし", "倒木 撤去済み", "異常なし", "火災は鎮火"],
)
def test_what_is_over_or_was_not_seen_is_denied(words: str) -> None:
    assert kinds_named(words) == ()
    assert denies(words)


def test_what_is_only_feared_was_not_seen() -> None:
    assert kinds_named("冠水のおそれ") == ()


def test_a_denial_of_something_else_denies_nothing() -> None:
    assert not denies("冠水なし", K.FALLEN_TREE)
    assert denies("冠水なし", K.UNDERPASS_FLOODED)


def test_a_shut_road_is_shut_for_a_reason() -> None:
    assert only_shut("通行止め")
    assert not only_shut("冠水により通行止め")


def test_a_drill_says_so_and_a_school_of_training_does_not() -> None:
    assert of_a_drill("【訓練】冠水")
    assert not of_a_drill("職業訓練センター前")


@pytest.mark.parametrize(
    ("words", "depth"),
    [
        ("20cm", Depth.ANKLE),
        ("約50センチ", Depth.KNEE),
        ("１．２ｍ", Depth.WAIST),
        ("膝", Depth.KNEE),
        ("knee", Depth.KNEE),
        ("0.3", None),
        ("とても深い", None),
    ],
)
def test_a_depth_needs_a_unit_or_a_word(words: str, depth: Depth | None) -> None:
    assert depth_named(words) is depth
