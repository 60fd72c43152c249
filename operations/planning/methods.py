"""By what costs are computed: one setting (`NIGEMICHI_ENGINE`, or the planner's `--engine`)."""

from typing import Final

HIERARCHY: Final = "hierarchy"
SCIPY: Final = "scipy"
ENGINES: Final = (HIERARCHY, SCIPY)
