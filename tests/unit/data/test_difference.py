"""A difference is small, exact, and belongs to one value."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.difference import applied, difference

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2) | st.text(max_size=3)
VALUES = st.recursive(
    SCALARS,
    lambda inside: (
        st.lists(inside, max_size=4) | st.dictionaries(st.sampled_from("abc"), inside, max_size=3)
    ),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    """True is no 1 and no 1.0: what is hashed must be the same in every letter."""
    words = [orjson.dumps(value, option=orjson.OPT_SORT_KEYS) for value in (one, other)]
    return words[0] == words[1]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(VALUES, VALUES)
def test_what_comes_out_is_what_was_meant_to_the_letter(before: Any, after: Any) -> None:
    changed = orjson.loads(orjson.dumps(difference(before, after)))
    assert same(applied(before, changed), after)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(VALUES)
def test_of_the_same_value_nothing_is_kept(value: Any) -> None:
    assert difference(value, orjson.loads(orjson.dumps(value))) == {}


def test_one_row_of_many_that_changed_is_kept_alone() -> None:
    before = {"sites": {str(row): {"id": row, "persons": 5, "name": "場所"} for row in range(500)}}
    after = {"sites": before["sites"] | {"7": {"id": 7, "persons": 6, "name": "場所"}}}
    assert len(orjson.dumps(difference(before, after))) < 150


def test_a_row_that_ends_in_the_middle_of_a_list_leaves_the_others_unsaid() -> None:
    before = [{"id": row, "line": "x" * 100} for row in range(50)]
    after = [*before[:20], *before[21:], {"id": 99, "line": "y"}]
    assert applied(before, difference(before, after)) == after
    assert difference(before, [*before[:20], *before[21:]]) == {"at": 20, "out": 1, "put": []}


def test_a_difference_of_another_value_is_refused() -> None:
    with pytest.raises(ValueError, match="another"):
        applied({"a": 1}, difference({"b": {"c": 1}}, {"b": {"c": 2}}))
    with pytest.raises(ValueError, match="another"):
        applied([1], difference([1, 2, 3], [1, 2]))


def test_a_calm_rivers_minus_zero_is_another_letter_than_zero() -> None:
    for before, after in ((0.0, -0.0), (-0.0, 0.0), ([0.0, 1], [-0.0, 1])):
        assert same(applied(before, difference(before, after)), after)
