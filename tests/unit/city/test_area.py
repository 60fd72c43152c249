"""Names of areas in the spelling that comparisons use."""

import pytest

from city.area import folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("絹ヶ丘", "絹ケ丘"),
        ("絹が丘", "絹ケ丘"),
        ("本町1丁目", "本町一丁目"),
        ("本町１丁目", "本町一丁目"),
        ("本町十丁目", "本町10丁目"),
        ("本町十二丁目", "本町12丁目"),
        ("本町二十丁目", "本町20丁目"),
        ("本町二十三丁目", "本町23丁目"),
        (" 本町 一丁目", "本町一丁目"),
        ("ﾎﾝﾏﾁ", "ホンマチ"),
        ("Ube", "ube"),
    ],
)
def test_spellings_of_one_name_are_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"), [("本町一丁目", "本町二丁目"), ("三丁目", "十三丁目"), ("八幡", "8幡")]
)
def test_names_of_different_areas_stay_different(one: str, other: str) -> None:
    assert folded(one) != folded(other)
