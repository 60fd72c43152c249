"""安否: one name in many spellings, and words that nobody guesses in a night."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.safeword import BadSafeWord, Visible, check_said, plain_code, plain_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("やまだ　たろう", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("髙﨑 花子", "高崎花子"),
        ("渡邊　ジョン・スミス", "渡辺ジョンスミス"),
        ("John SMITH", "ｊｏｈｎ　ｓｍｉｔｈ"),
        ("齋藤\u200b一", "斎藤一"),
    ],
)
def test_spellings_of_one_name_are_one(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


@given(st.text(max_size=40))
def test_a_plain_name_is_plain_already(name: str) -> None:
    assert plain_name(plain_name(name)) == plain_name(name)
    assert plain_code(plain_code(name)) == plain_code(name)


@pytest.mark.parametrize(
    ("name", "code", "visible", "field"),
    [
        ("", "さくらの木", Visible.CODE, "name"),
        ("・ 　", "さくらの木", Visible.CODE, "name"),
        ("", "", Visible.HEADQUARTERS, "name"),
        ("架空 花子", "", Visible.CODE, "code"),
        ("架空 花子", "さくら", Visible.CODE, "code"),
        ("架空 花子", "さ く ら", Visible.CODE, "code"),
        ("架空 花子", "１２３４５６７", Visible.CODE, "code"),
    ],
)
def test_what_nobody_or_anybody_could_find_is_refused(
    name: str, code: str, visible: Visible, field: str
) -> None:
    with pytest.raises(BadSafeWord) as refused:
        check_said(name, code, visible)
    assert refused.value.field == field
    if code:
        assert code not in str(refused.value)


def test_whoever_is_shown_to_nobody_needs_no_name() -> None:
    check_said("", "", Visible.NOBODY)
    check_said("架空 花子", "", Visible.HEADQUARTERS)
    check_said("架空 花子", "12345678", Visible.CODE)
