"""The local copy of ground and plan versions: plain arrays in folders, memory-mapped."""

from data.mapped.folders import (
    FORMAT,
    current_name,
    home,
    last_checked,
    prune,
    publish,
    say_checked,
    whole_folder,
)
from data.mapped.ground import open_ground, save_ground
from data.mapped.people import open_homes, open_skeleton, save_people
from data.mapped.picture import picture_from
from data.mapped.plan import Decision, decision, packed, parts_of, unpacked, whole
from data.mapped.plandifference import plan_difference, with_difference
from data.mapped.version import Origin, load_of, open_version, origin_of, save_version

__all__ = [
    "FORMAT",
    "Decision",
    "Origin",
    "current_name",
    "decision",
    "home",
    "last_checked",
    "load_of",
    "open_ground",
    "open_homes",
    "open_skeleton",
    "open_version",
    "origin_of",
    "packed",
    "parts_of",
    "picture_from",
    "plan_difference",
    "prune",
    "publish",
    "save_ground",
    "save_people",
    "save_version",
    "say_checked",
    "unpacked",
    "whole",
    "whole_folder",
    "with_difference",
]
