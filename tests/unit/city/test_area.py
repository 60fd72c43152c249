"""Names of areas in the spelling that comparisons use."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.area import folded, in_order


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("絹ヶ丘", "絹ケ丘"),
        ("絹が丘", "絹ケ丘"),
        ("霞が関", "霞ヶ関"),
        ("鬼ガ島", "鬼ヶ島"),
        ("井の頭", "井ノ頭"),
        ("井之頭", "井の頭"),
        ("西之町", "西ノ町"),
        ("三ツ木", "三ッ木"),
        ("三つ木", "三ツ木"),
        ("本町1丁目", "本町一丁目"),
        ("本町１丁目", "本町一丁目"),
        ("本町十丁目", "本町10丁目"),
        ("本町十二丁目", "本町12丁目"),
        ("本町二十丁目", "本町20丁目"),
        ("本町二十三丁目", "本町23丁目"),
        ("北一条西二丁目", "北１条西２丁目"),
        ("三番町", "3番町"),
        ("第一地割", "第1地割"),
        ("大字山田", "山田"),
        ("字山田", "大字山田"),
        (" 本町 一丁目", "本町一丁目"),
        ("ﾎﾝﾏﾁ", "ホンマチ"),
        ("Ube", "ube"),
    ],
)
def test_spellings_of_one_name_are_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("本町一丁目", "本町二丁目"),
        ("三丁目", "十三丁目"),
        ("八幡", "8幡"),
        ("二丁目", "二十丁目"),
        ("一二丁目", "三丁目"),
        ("一二丁目", "一2丁目"),
        ("みのり台", "みり台"),
        ("十文字町", "十文町"),
        ("山田", "山田町"),
        ("上之町", "上町"),
        ("桜ケ丘", "桜丘"),
        ("つくし野", "ツクシ野"),
        ("がけ下", "ケケ下"),
        ("大字", "字"),
        ("一条", "二条"),
    ],
)
def test_names_of_different_areas_stay_different(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text("一二三四五六七八九十百丁目番町条地割大字のノ之ヶケがガつッ山田 1２", max_size=9))
def test_whatever_a_person_types_is_folded(name: str) -> None:
    assert " " not in folded(name)


def test_names_stand_in_the_order_in_which_people_count() -> None:
    names = ["渡場三丁目", "渡場十丁目", "本町", "渡場一丁目", "渡場2丁目", "渡場一丁目"]
    ordered = in_order(names)
    assert ordered == ["本町", "渡場一丁目", "渡場2丁目", "渡場三丁目", "渡場十丁目"]
    assert in_order(reversed(names)) == ordered
