"""Sheets of paper, typeset by typst: the slip of a household, the sheet of a 班."""
