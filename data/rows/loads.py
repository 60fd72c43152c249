"""The load that is current, and what is kept beside its rows."""

from typing import Any

from sqlalchemy import Connection, Row, select, update

from data import tables
from data.errors import NoCity
from data.report import LoadReport
from routing.ground import CityCard


def keep_report(connection: Connection, load_id: int, report: LoadReport) -> None:
    """Write a load's report beside it."""
    table = tables.city_load
    connection.execute(update(table).where(table.c.id == load_id).values(report=report.as_dict()))


def find_load(connection: Connection) -> Row[Any] | None:
    """The current city's `city_load` row, None where none was ever loaded."""
    return connection.execute(select(tables.city_load).where(tables.city_load.c.current)).first()


def current_load(connection: Connection) -> Row[Any]:
    """The current city's `city_load` row; raises `NoCity` where none was ever loaded."""
    row = find_load(connection)
    if row is None:
        raise NoCity("no city is loaded: nigemichi city load FILE")
    return row


def card_of(load: Row[Any]) -> CityCard:
    """The city's card as it was loaded."""
    card = dict(load.card)
    for key in ("attributions", "reviewed_languages", "complete"):
        card[key] = tuple(card[key])
    return CityCard(**card)
