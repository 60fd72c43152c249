"""Prints of the duties of the night, typeset by typst: each with its minute, version and record."""
