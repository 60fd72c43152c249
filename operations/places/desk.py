"""What the desk of a place sees of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from city.staff import Caller
from data.database import transaction
from data.places.placerows import city_of
from operations.places.onesite import meant
from operations.places.placestate import staff_state
from operations.refusals import refusals


def desk_site(engine: Engine, by: Caller, site_id: str, now: datetime) -> dict[str, Any]:
    """What staff see of a place.

    Raises `NotAllowed` for a tablet of another place, `NotThere`.
    """
    with refusals(engine, by, "place.read", site_id), transaction(engine) as connection:
        site_id = meant(connection, by, site_id)
        return staff_state(connection, city_of(connection), site_id, now)
