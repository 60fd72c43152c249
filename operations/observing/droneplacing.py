"""Where a drone's photo looks: its target, how surely, and whether that can be."""

from datetime import datetime
from typing import Any

import shapely
from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from data import drones
from data.observing.snapping import nearest
from data.readers.dronefolder import Landed, Outcome, PhotoSetAside, report_of
from hazards.aiming import Aimed
from hazards.observation import ObservationKind, seen_at
from hazards.plausible import doubtful
from hazards.slopes import NEAR_M, widened_m
from operations.observing.droneflight import Reading


def photo_row(
    connection: Connection,
    load: Any,
    reading: Reading,
    outcome: Outcome,
    now: datetime,
    unseen: str,
) -> dict[str, Any]:
    """A photo as it is stored; `unseen` says why nobody can look at it."""
    photo = outcome.photo
    taken_at = photo.taken_at if photo else None
    if isinstance(outcome, PhotoSetAside):
        place: dict[str, Any] = {}
        why = outcome.why
    else:
        place, doubt = _placed(connection, load, reading, outcome, now)
        why = doubt or unseen
    return {
        "sha256": outcome.sha256,
        "city_code": load.code,
        "name": outcome.name,
        "source": reading.by.actor,
        "observation": report_of(outcome.sha256),
        "kind": reading.kind,
        "note": reading.note,
        "widened_m": 0.0,
        "flat": reading.is_flat,
        "why_not": why,
        "picture": not unseen,
        "taken_at": taken_at,
        "received_at": now,
        **place,
    }


def _placed(
    connection: Connection, load: Any, reading: Reading, outcome: Landed, now: datetime
) -> tuple[dict[str, Any], str]:
    """Where it looked and how surely, and the doubt whether that can be."""
    aimed, photo = outcome.aimed, outcome.photo
    target = shapely.Point(aimed.target.lon, aimed.target.lat)
    _, (away,) = nearest(connection, load, [(target, reading.kind or ObservationKind.OTHER, 0.0)])
    doubt = doubtful(target, away, seen_at(photo.taken_at, now), now)
    steep = reading.is_flat and drones.is_near_slopes(connection, load, _sight(outcome), NEAR_M)
    more = widened_m(is_flat=reading.is_flat, near_slopes=steep)
    place = {
        "geom": from_shape(target, srid=4326),
        "footprint": _footprint(aimed),
        "error_m": aimed.error_m + more,
        "widened_m": more,
    }
    return place, doubt


def _sight(outcome: Landed) -> BaseGeometry:
    """From below the camera to the target; the target alone where only a track knows the place."""
    target, camera = outcome.aimed.target, outcome.photo.position
    at = (target.lon, target.lat)
    if camera is None or (camera.lon, camera.lat) == at:
        return shapely.Point(at)
    return shapely.LineString([(camera.lon, camera.lat), at])


def _footprint(aimed: Aimed) -> Any:
    return None if aimed.footprint is None else from_shape(aimed.footprint, srid=4326)
