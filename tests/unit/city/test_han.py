"""班: small groups of neighbours, the same ones each time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from city.han import MOST, han

POINTS = arrays(np.float64, st.tuples(st.integers(1, 200), st.just(2)), elements=st.floats(0, 3000))


@given(POINTS)
def test_nobody_is_left_out_and_no_group_is_larger_than_fifteen(xy: np.ndarray) -> None:
    number, place = han(xy)
    sizes = np.bincount(number)[1:]
    assert len(sizes) == -(-len(xy) // MOST)
    assert sizes.max() <= MOST
    assert sizes.max() - sizes.min() <= 1
    for group in range(1, len(sizes) + 1):
        assert sorted(place[number == group]) == list(range(1, sizes[group - 1] + 1))


def test_the_same_points_give_the_same_groups_and_none_give_none() -> None:
    xy = np.random.default_rng(1).uniform(0, 900, (100, 2))
    for first, again in zip(han(xy), han(xy.copy()), strict=True):
        assert np.array_equal(first, again)
    assert [len(one) for one in han(np.zeros((0, 2)))] == [0, 0]
    assert han(np.zeros((16, 2)))[0].tolist() == [1] * 8 + [2] * 8


@pytest.mark.parametrize("seed", range(3))
def test_a_group_lives_close_together(seed: int) -> None:
    """Farther apart by chance: groups out of a list in no order span the whole area."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 1000, (300, 2))

    def span(number: np.ndarray) -> float:
        spans = [np.ptp(xy[number == one], axis=0).max() for one in np.unique(number)]
        return float(np.median(spans))

    by_chance = rng.permutation(han(xy)[0])
    assert span(han(xy)[0]) < 0.4 * span(by_chance)
