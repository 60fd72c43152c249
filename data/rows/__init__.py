"""A city's rows into PostGIS and out again."""

from data.rows.loads import card_of, current_load, find_load, keep_report
from data.rows.read import read_city, read_households, read_sites
from data.rows.write import replace_city

__all__ = [
    "card_of",
    "current_load",
    "find_load",
    "keep_report",
    "read_city",
    "read_households",
    "read_sites",
    "replace_city",
]
