"""Households after they were loaded: slips' links, what was said, holds, groups, turnout, 班."""
