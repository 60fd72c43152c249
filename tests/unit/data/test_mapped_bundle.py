"""A version's arrays in one file: what was saved comes back, and what is damaged is noticed."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.mapped.bundle import ALIGNED, open_bundle, save_bundle

ARRAYS: dict[str, Any] = {
    "costs": np.arange(7, dtype=np.int32),
    "shut": np.array([True, False, True]),
    "metres": np.array([[0.5, -1.0], [np.inf, 1e-300]]),
    "no gates": np.zeros((0, 19)),
    "pace": np.array([1.25], np.float32),
    "turned": np.arange(6, dtype=np.int16).reshape(2, 3).T,
}


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "arrays"
    save_bundle(path, ARRAYS)
    return path


def test_arrays_come_back_as_they_were_saved(saved: Path) -> None:
    found = open_bundle(saved)
    assert list(found) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert np.array_equal(found[name], array)


def test_they_are_mapped_aligned_and_read_only(saved: Path) -> None:
    for array in open_bundle(saved).values():
        assert array.ctypes.data % ALIGNED == 0 or array.size == 0
        assert not array.flags.owndata
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_arrays_outlive_the_file_that_they_are_mapped_from(saved: Path) -> None:
    found = open_bundle(saved)
    saved.unlink()
    assert np.array_equal(found["costs"], ARRAYS["costs"])


def test_no_array_at_all_is_a_bundle_too(tmp_path: Path) -> None:
    save_bundle(tmp_path / "none", {})
    assert open_bundle(tmp_path / "none") == {}


def test_a_file_that_ends_too_early_is_damaged(saved: Path) -> None:
    whole = saved.read_bytes()
    needed = len(whole) - ALIGNED + ARRAYS["turned"].nbytes
    for length in range(needed):
        saved.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"damaged|empty"):
            open_bundle(saved)


def test_a_single_bit_that_flipped_is_noticed(saved: Path) -> None:
    """All but the bytes between arrays, which nobody reads."""
    whole = saved.read_bytes()
    for at in range(len(whole)):
        saved.write_bytes(whole[:at] + bytes([whole[at] ^ 8]) + whole[at + 1 :])
        try:
            found = open_bundle(saved)
        except ValueError:
            continue
        assert whole[at] == 0
        for name, array in ARRAYS.items():
            assert np.array_equal(found[name], array)
