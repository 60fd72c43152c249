"""The reached ledger of an alert, as headquarters reads it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data.alerts import revisions
from data.delivery import ledger, progress
from data.rows import current_load


def reached(connection: Connection, number: int, now: datetime) -> dict[str, Any]:
    """Of a revision's area every household in one row, the channels, the cells of the unreached.

    "Confirmed" is a tap, an answer, a voice or a door; that a carrier took a message is not.
    """
    load = current_load(connection)
    row = revisions.get(connection, load.code, number)
    homes = ledger.households(connection, load, row, now)
    return {
        "number": row.id,
        "alert": row.alert_id,
        "as_of": now.isoformat(timespec="seconds"),
        "households": homes,
        "all": sum(homes.values()),
        "others": ledger.others(connection, row),
        "channels": progress.by_channel(connection, number),
        "cells": [
            {"lon": round(cell.lon, 5), "lat": round(cell.lat, 5), "households": cell.households}
            for cell in ledger.unreached_cells(connection, load, row, now)
        ],
    }
