"""How figures are said."""

import pytest

from alerts.errors import NotFit
from alerts.wording.areas import split_name
from alerts.wording.morae import morae
from alerts.wording.reading.counters import COUNTERS
from alerts.wording.reading.figures import figures
from alerts.wording.reading.numbers import counted_kana, decimal_kana, kanji_number, number_kana


def said(text: str) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.kana) for one in figures(text)]


@pytest.mark.parametrize(
    ("number", "kana"),
    [
        (0, "ぜろ"),
        (4, "よん"),
        (10, "じゅう"),
        (300, "さんびゃく"),
        (647, "ろっぴゃくよんじゅうなな"),
        (1000, "せん"),
        (8600, "はっせんろっぴゃく"),
        (10_000, "いちまん"),
        (10_001_000, "いっせんまんせん"),
        (285_000, "にじゅうはちまんごせん"),
    ],
)
def test_numbers(number: int, kana: str) -> None:
    assert number_kana(number) == kana


@pytest.mark.parametrize("number", [-1, 10**8])
def test_numbers_that_nobody_says_in_an_alert_are_refused(number: int) -> None:
    with pytest.raises(NotFit):
        number_kana(number)


def test_the_nine_first_chome() -> None:
    said_so = "いっ、に、さん、よん、ご、ろく、なな、はっ、きゅう、じゅっ、じゅういっ、にじゅっ"
    numbers = [*range(1, 12), 20]
    expected = [f"{one}ちょうめ" for one in said_so.split("、")]
    assert [counted_kana(number, COUNTERS["丁目"]) for number in numbers] == expected


@pytest.mark.parametrize(
    ("words", "kana"),
    [
        ("4時", "よじ"),
        ("7時", "しちじ"),
        ("21時", "にじゅういちじ"),
        ("0時", "れいじ"),
        ("30分", "さんじゅっぷん"),
        ("5分", "ごふん"),
        ("8分", "はっぷん"),
        ("1日", "ついたち"),
        ("14日", "じゅうよっか"),
        ("19日", "じゅうくにち"),
        ("2人", "ふたり"),
        ("4人", "よにん"),
        ("3階", "さんがい"),
        ("300か所", "さんびゃっかしょ"),
        ("6.84メートル", "ろくてんはちよんメートル"),
        ("0.5m", "れいてんごメートル"),
        ("1.5キロ", "いってんごキロ"),
        ("1,200世帯", "せんにひゃくせたい"),
        ("１，２００戸", "せんにひゃっこ"),
        ("3万5000人", "さんまんごせんにん"),
        ("21:30", "にじゅういちじさんじゅっぷん"),
        ("21：00", "にじゅういちじ"),
        ("110番", "ひゃくとおばん"),
        ("119番", "ひゃくじゅうきゅうばん"),
        ("二十一丁目", "にじゅういっちょうめ"),
    ],
)
def test_counted_things(words: str, kana: str) -> None:
    assert said(words) == [(words, kana)]


@pytest.mark.parametrize(
    ("number", "kana"),
    [
        ("0479-00-0000", "ゼロ・ヨン・ナナ・キュウ、ゼロ・ゼロ、ゼロ・ゼロ・ゼロ・ゼロ"),
        ("０４７９（００）０００５", "ゼロ・ヨン・ナナ・キュウ、ゼロ・ゼロ、ゼロ・ゼロ・ゼロ・ゴ"),
        ("0120000171", "ゼロ・イチ・ニ・ゼロ・ゼロ・ゼロ・ゼロ・イチ・ナナ・イチ"),
        ("#7119", "シャープ・ナナ・イチ・イチ・キュウ"),
    ],
)
def test_a_telephone_number_is_read_out_digit_by_digit(number: str, kana: str) -> None:
    assert [one for _, one in said(f"電話は{number}へ")] == [kana]


def test_a_level_is_a_number() -> None:
    assert said("警戒レベル4、レベル５") == [("4", "よん"), ("５", "ご")]
    assert decimal_kana("10.5") == "じゅってんご"


def test_names_with_a_number() -> None:
    assert [kanji_number(one) for one in ("七", "十", "十二", "二十", "三十一", "12", "１２")] == [
        7, 10, 12, 20, 31, 12, 12,
    ]  # fmt: skip
    split = split_name("浅瀬中央十二丁目")
    assert split is not None
    assert (split[0], split[1].number) == ("浅瀬中央", 12)
    assert split_name("下浅瀬地区") is None
    with pytest.raises(NotFit):
        kanji_number("百合")


AS_THE_ENGINE = "丁目 時 時間 年 秒 番地 号 台 度 メートル パーセント 名 区域"


@pytest.mark.parametrize("counter", sorted(AS_THE_ENGINE.split()))
def test_an_engine_says_the_same(counter: str) -> None:
    from pyopenjtalk import run_frontend

    for number in (1, 3, 4, 6, 7, 8, 9, 10, 14, 20, 100, 300):
        words = run_frontend(f"{number}{counter}", use_sudachi_kanji_yomi=False, predict_nani=False)
        ours = morae(counted_kana(number, COUNTERS[counter]))
        assert ours == sum(word["mora_size"] for word in words), (number, counter)
