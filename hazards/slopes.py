"""How far a photo is believed that was reckoned over flat ground, where the ground may not be."""

from typing import Final

NEAR_M: Final = 200.0
"""From a landslide zone to the line of sight: zones begin where the ground gets steep, and reach
to where it is level (土砂災害防止法施行令2条・3条: slopes from 30 degrees, 5 m high)."""
WIDENED_M: Final = 30.0
"""Added to the error there. The project's own: over it no report names a street alone
(`evidence.SURE_M`), so that a second source or a person says which street it was."""


def widened_m(*, is_flat: bool, near_slopes: bool) -> float:
    """By how much the error of a target is larger than the camera's own."""
    return WIDENED_M if is_flat and near_slopes else 0.0
