"""Whom the newest plan sends to a place."""

from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, select

from data import tables
from data.errors import NotThere
from operations.errors import Refused
from operations.published.decided import NO_PLAN, decided, find_newest


def households_sent_to(connection: Connection, load: Row[Any], site_id: str) -> list[int]:
    """Their numbers; raises `NotThere` for a place that is none, `Refused` before a plan."""
    site = tables.evacuation_site
    query = select(site.c.number).where(site.c.load_id == load.id, site.c.id == site_id)
    row = connection.execute(query).scalar()
    if row is None:
        raise NotThere("その避難場所は、今の市のデータにありません（no such place）")
    newest = find_newest(connection)
    if newest is None or newest.load_token != str(load.token):
        raise Refused(NO_PLAN)
    found: list[int] = np.flatnonzero(decided(connection, newest).assigned.site == row).tolist()
    return found
