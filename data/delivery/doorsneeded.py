"""Which households need somebody at their door: no way that is left reaches them.

Of the ledger's rows (`data/delivery/accounted.py`) these are the unreached, those that only a
broadcast may have reached, and those still followed after the last clock: their carriers are down.
With `taken`, those too of which a carrier took a message that nobody confirmed in its time: LINE
takes one for somebody who blocked the city.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from data.delivery.accounted import ACCOUNTED, bound_to

_NEEDED: Final = f"""
WITH {ACCOUNTED}
SELECT number, area FROM accounted
WHERE state IN ('unreached', 'broadcast_only')
    OR (state = 'followed' AND number NOT IN (SELECT household FROM clocked))
    OR (:taken AND state = 'taken' AND number NOT IN (SELECT household FROM answering))
ORDER BY number
"""  # noqa: S608  no value is put in


def doors_needed(
    connection: Connection, load: Row[Any], row: Row[Any], now: datetime, *, taken: bool = False
) -> Sequence[Row[Any]]:
    """(number, area) of each, `area` the number of its 町丁目 in the load, below 0 for none."""
    return connection.execute(sql(_NEEDED), bound_to(load, row, now) | {"taken": taken}).all()
