"""A slip's label, however it is typed."""

import pytest

from operations.household.links import spelled


@pytest.mark.parametrize(
    "typed",
    ["S-012", " s-012 ", "Ｓ－０１２", "S‐012", "S−012", "S–012", "S-0 12"],
)
def test_a_label_is_found_however_it_is_typed(typed: str) -> None:
    assert spelled(typed) == "S-012"


@pytest.mark.parametrize("dash", "-‐‑‒–—―−ー－ｰ﹣")
def test_every_dash_that_a_keyboard_gives_is_a_hyphen(dash: str) -> None:
    assert spelled(f"CM1{dash}03") == spelled(f"ｃｍ１{dash}０３") == "CM1-03"


def test_a_long_vowel_is_no_hyphen() -> None:
    assert spelled("センター町一丁目－3") == "センター町一丁目-3"
    assert spelled("センター3ー04") == "センター3-04"
