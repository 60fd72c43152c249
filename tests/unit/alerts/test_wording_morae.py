"""Morae and seconds, counted by hand."""

import pytest

from alerts.errors import NotFit
from alerts.wording.morae import Pace, morae, seconds, sentences


@pytest.mark.parametrize(
    ("kana", "count"),
    [
        ("きんきゅう", 4),
        ("ほうそう", 4),
        ("いっちょうめ", 5),
        ("レベル", 3),
        ("メートル", 4),
        ("ファ", 1),
        ("ウェブ", 2),
        ("ゃ", 0),
        ("んっー", 3),
        ("しもあさせ ちく", 7),
        ("ゼロ・ヨン・ナナ・キュウ", 8),
        ("ﾎﾟﾝﾌﾟ", 3),
        ("「はい。」", 2),
        ("", 0),
    ],
)
def test_small_kana_join_and_others_count_one(kana: str, count: int) -> None:
    assert morae(kana) == count


SCRIPT = [
    ("きんきゅうほうそう、きんきゅうほうそう。けいかいレベルよん、ひなんかいし。", 31, 11.0),
    ("こちらは、ぼうさいあさせです。", 13, 4.9),
    (
        "しもあさせちくに、こうずいにかんする、けいかいレベルよん、"
        "ひなんしじをはつれいしました。",
        40,
        12.1,
    ),
    ("あさせがわのすいいがあがり、ていぼうをこえるおそれがあります。", 29, 8.6),
    ("きけんなばしょにいるひとは、ぜんいん、いますぐにげること。", 25, 8.2),
    ("くるまをつかわず、きんじょにこえをかけて、にげること。", 23, 7.7),
    ("くりかえします。", 7, 3.1),
]  # fmt: skip
"""Lines of the sketched script (265 morae a minute), counted with a finger and a watch."""


@pytest.mark.parametrize(("kana", "count", "length_s"), SCRIPT)
def test_lines_take_as_long_as_they_are_long(kana: str, count: int, length_s: float) -> None:
    assert morae(kana) == count
    assert round(seconds(kana), 1) == length_s
    pauses = kana.count("、") * 0.5 + kana.count("。") * 1.5
    assert seconds(kana) - pauses == pytest.approx(count * 60 / 265)


def test_a_city_reads_at_its_own_pace() -> None:
    kana = "こちらは、ぼうさいあさせです。"
    assert seconds(kana, Pace(300, 1, 2)) == pytest.approx(13 / 5 + 3)
    for wrong in ((100, 1, 1), (500, 1, 1), (265, -1, 1), (265, 1, 9)):
        with pytest.raises(NotFit):
            Pace(*wrong)


@pytest.mark.parametrize("kana", ["避難", "4", "abc", "あ①"])
def test_what_nobody_said_how_to_read_has_no_length(kana: str) -> None:
    with pytest.raises(NotFit):
        morae(kana)


def test_sentences_end_where_they_end() -> None:
    text = "水が来ます。逃げること！ 今すぐ\nまだ"
    assert sentences(text) == ("水が来ます。", "逃げること！", "今すぐ", "まだ")
