"""What all tables share: one metadata, and the columns that return."""

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Column, DateTime, MetaData, func
from sqlalchemy.dialects.postgresql import UUID

metadata = MetaData()


def geometry(kind: str, *, nullable: bool = False) -> Column[Any]:
    """EPSG:4326, (lon, lat)."""
    return Column("geom", Geometry(kind, srid=4326, spatial_index=False), nullable=nullable)


def numbered() -> Column[Any]:
    """The id that the database gives."""
    return Column("id", BigInteger, primary_key=True, autoincrement=True)


def token() -> Column[Any]:
    """Names a row apart from rows with its number in other or restored databases."""
    return Column("token", UUID, nullable=False, server_default=func.gen_random_uuid())


def when(name: str, *, default: bool = False) -> Column[Any]:
    """An aware moment; with `default` that of the transaction, else it may be absent."""
    moment = DateTime(timezone=True)
    return Column(
        name, moment, nullable=not default, server_default=func.now() if default else None
    )
