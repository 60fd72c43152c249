"""Sensors of drones' cameras, by the model that EXIF names."""

from collections.abc import Mapping
from typing import Final

_THIRD: Final = (6.17, 4.55)
"""1/2.3 inch, width and height in mm."""
_INCH: Final = (13.2, 8.8)
_FOUR_THIRDS: Final = (17.3, 13.0)

SENSORS_MM: Final[Mapping[str, tuple[float, float]]] = {
    **dict.fromkeys(("FC300C", "FC300S", "FC300X", "FC330", "FC220"), _THIRD),
    **dict.fromkeys(("FC6310", "FC6310S", "FC6310R", "FC6510", "L1D-20c", "FC3411"), _INCH),
    **dict.fromkeys(("FC6520", "L2D-20c", "M3E"), _FOUR_THIRDS),
}
"""DJI's specifications; of any other model the 35 mm equivalent focal length is taken."""
