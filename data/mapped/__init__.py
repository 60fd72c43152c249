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
from data.mapped.version import Origin, load_of, open_version, origin_of, save_version

__all__ = [
    "FORMAT",
    "Origin",
    "current_name",
    "home",
    "last_checked",
    "load_of",
    "open_ground",
    "open_version",
    "origin_of",
    "prune",
    "publish",
    "save_ground",
    "save_version",
    "say_checked",
    "whole_folder",
]
