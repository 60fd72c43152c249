"""Files of open data that are made once for all who ask, however many do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from routing.version import PlanVersion

MOST: Final = 32
"""Files in both formats, under the addresses by which a city is called."""


@dataclass(slots=True)
class KeptFiles:
    """The newest bytes of each file of one version of the plan; while one is made the others who
    ask for any wait for it.
    """

    _of: PlanVersion | None = None
    _files: dict[tuple[str, ...], tuple[tuple[Any, ...], bytes]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def body(
        self,
        name: tuple[str, ...],
        version: PlanVersion,
        made_of: tuple[Any, ...],
        make: Callable[[], bytes],
    ) -> bytes:
        """The bytes of a file: those that are kept where they are of this version and of the same
        things beside it.
        """
        with self._lock:
            if self._of is not version or len(self._files) >= MOST:
                self._files.clear()
                self._of = version
            kept = self._files.get(name)
            if kept is None or kept[0] != made_of:
                kept = self._files[name] = made_of, make()
            return kept[1]
