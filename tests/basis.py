"""A load's folder as the planner leaves it, of a ground where nobody is known to live."""

from pathlib import Path

import numpy as np

from data import mapped
from routing.engine.order import contraction_order
from routing.engine.skeleton import skeleton
from routing.ground import Ground
from routing.homes import homes


def save_basis(folder: Path, ground: Ground) -> None:
    """Write it into an existing folder."""
    mapped.save_ground(folder, ground, {})
    nobody = homes(ground, np.zeros((0, 2)), np.zeros(0, np.int16), np.zeros(0, np.int32))
    bones = skeleton(ground.roads, contraction_order(ground.roads))
    mapped.save_people(folder, nobody, bones)
