"""What a person changes: orders, observed water, closed roads, open sites.

Each use case is one transaction with one recorded change and one entry in the audit log. What was
given is checked against the loaded city first; a refusal changes nothing.
"""

from operations.changes.areas import area_of
from operations.changes.orders import lift_in, lift_level, set_level, set_level_in
from operations.changes.roads import SAME_LINE, close_road, reopen_road
from operations.changes.sites import open_site
from operations.changes.water import observe_water, remove_water

__all__ = [
    "SAME_LINE",
    "area_of",
    "close_road",
    "lift_in",
    "lift_level",
    "observe_water",
    "open_site",
    "remove_water",
    "reopen_road",
    "set_level",
    "set_level_in",
]
