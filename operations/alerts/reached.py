"""The reached ledger of an alert, as headquarters reads it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data.alerts import revisions
from data.delivery import ledger, progress
from data.rows import current_load
from operations.alerts.heardthere import broadcast, quiet_areas


def reached(connection: Connection, number: int, now: datetime) -> dict[str, Any]:
    """Of a revision's area every household in one row, the channels, the cells of the unreached.

    "Confirmed" is a tap, an answer, a voice or a door; that a carrier took a message is not, nor
    that a paper says of an area that the broadcast was heard there (`broadcast`).
    """
    load = current_load(connection)
    row = revisions.get(connection, load.code, number)
    counted = ledger.by_area(connection, load, row, now)
    homes = ledger.by_state(counted)
    heard = broadcast(connection, load, row, counted)
    cells = ledger.unreached_cells(connection, load, row, now, quiet_areas(heard))
    return {
        "number": row.id,
        "alert": row.alert_id,
        "as_of": now.isoformat(timespec="seconds"),
        "households": homes,
        "all": sum(homes.values()),
        "broadcast": heard,
        "others": ledger.others(connection, row),
        "channels": progress.by_channel(connection, number),
        "cells": [
            {
                "lon": round(cell.lon, 5),
                "lat": round(cell.lat, 5),
                "households": cell.households,
                "not_heard": cell.not_heard,
            }
            for cell in cells
        ],
    }
