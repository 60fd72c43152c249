"""What stands over homes at this moment, for whom paper of another night is printed."""

import numpy as np
import shapely
from numpy.typing import NDArray

from hazards.kinds import AlertLevel
from operations.errors import Refused
from routing.picture import Picture


def remark_standing(picture: Picture, homes: NDArray[np.float64]) -> str:
    """A line that warns of orders and seen water over any of the homes (n, 2) in metres; empty
    where none is.

    Raises `Refused` at level 5: nobody there is to be handed a way (`safety.md` 4).
    """
    level = _level(picture, homes)
    if level >= AlertLevel.SECURE_NOW:
        raise Refused(
            "level 5 is in force over homes there: no paper with a way may be handed out to them"
            " now; print it after the order is lifted, or with --tonight what holds tonight"
        )
    found = [f"level {level:d}"] if level else []
    if _in_water(picture, homes):
        found.append("seen water")
    if not found:
        return ""
    return (
        f"{' and '.join(found)} over homes there: this paper is for another night, not for what is"
        " in force now; for that there is --tonight"
    )


def refuse_unplanned(picture: Picture, planned: Picture) -> None:
    """Raise `Refused` where level 5 is in force that a plan for tonight does not have yet."""
    known = {(order.id, order.level) for order in planned.orders}
    worst = [order for order in picture.orders if order.level >= AlertLevel.SECURE_NOW]
    if any((order.id, order.level) not in known for order in worst):
        raise Refused("level 5 was set after the published plan: wait for the planner")


def _level(picture: Picture, homes: NDArray[np.float64]) -> AlertLevel:
    """The highest level in force at any of the homes."""
    here = (order.level for order in picture.orders if order.covers_each(homes).any())
    return max(here, default=AlertLevel.NONE)


def _in_water(picture: Picture, homes: NDArray[np.float64]) -> bool:
    x, y = homes.T
    return any(bool(shapely.intersects_xy(one.area, x, y).any()) for one in picture.observed)
