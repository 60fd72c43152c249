"""The fictional town 浅瀬市（架空）: the same files that a real city brings, made from a seed."""

from data.town.write import write_town

__all__ = ["write_town"]
