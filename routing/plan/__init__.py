"""The plan: who goes where, so that every place keeps its capacity and nobody moves for nothing.

`transport` solves it exactly with households divisible, and proves it by prices; `rounding` then
places whole units.
"""
