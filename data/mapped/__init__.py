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
from data.mapped.plan import packed, unpacked
from data.mapped.version import Origin, load_of, open_version, origin_of, save_version

__all__ = [
    "FORMAT",
    "Origin",
    "current_name",
    "home",
    "last_checked",
    "load_of",
    "open_ground",
    "open_homes",
    "open_skeleton",
    "open_version",
    "origin_of",
    "packed",
    "prune",
    "publish",
    "save_ground",
    "save_people",
    "save_version",
    "say_checked",
    "unpacked",
    "whole_folder",
]
