"""Curves through given points, and smooth random ripples over the plane."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from scipy.interpolate import CubicSpline
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from data.town.frame import Array

Points: TypeAlias = Sequence[tuple[float, float]]

STEP_M = 20.0
SIMPLIFY_M = 0.6


def curve(points: Points, *, closed: bool = False) -> LineString:
    """Draw a smooth line through points (metres), with vertices only where it bends."""
    knots = np.array([*points, points[0]] if closed else points, dtype=np.float64)
    along_m = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(knots, axis=0).T))])
    spline = CubicSpline(along_m, knots, bc_type="periodic" if closed else "natural")
    count = max(2, round(along_m[-1] / STEP_M) + 1)
    return plain(LineString(spline(np.linspace(0.0, along_m[-1], count))), SIMPLIFY_M)


def plain(line: BaseGeometry, tolerance_m: float) -> LineString:
    """Leave out the vertices that a line does not need."""
    return LineString(line.simplify(tolerance_m).coords)


@dataclass(frozen=True)
class Ripple:
    """A smooth random field with values of about -1 to 1: a few plane waves added up."""

    waves_x: Array
    waves_y: Array
    phases: Array

    def at(self, x_m: Array, y_m: Array) -> Array:
        """Evaluate the field at positions in metres."""
        angles = np.multiply.outer(x_m, self.waves_x) + np.multiply.outer(y_m, self.waves_y)
        value: Array = np.sin(angles + self.phases).sum(axis=-1) / np.sqrt(len(self.phases))
        return value


def ripple(rng: Generator, wavelength_m: float, waves: int = 6) -> Ripple:
    """Draw a ripple whose waves are between 0.7 and 1.5 times a wavelength long."""
    heading = rng.uniform(0.0, 2.0 * np.pi, waves)
    number = 2.0 * np.pi / (wavelength_m * rng.uniform(0.7, 1.5, waves))
    phases = rng.uniform(0.0, 2.0 * np.pi, waves)
    return Ripple(number * np.cos(heading), number * np.sin(heading), phases)
