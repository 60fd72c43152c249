"""A street: one line with the attributes that OpenStreetMap would give it."""

from dataclasses import dataclass, replace

from shapely import LineString
from shapely.ops import substring


@dataclass(frozen=True)
class Street:
    """A street or a piece of one, in metres; `ways` are the ids of the ways that it came from."""

    line: LineString
    highway: str
    name: str | None = None
    bridge: str | None = None
    tunnel: str | None = None
    layer: int | None = None
    ways: tuple[int, ...] = ()
    main: bool = False

    @property
    def is_apart(self) -> bool:
        """Tell whether it passes over or under others and meets them only at its two ends."""
        return self.layer is not None

    def piece(self, start_m: float, end_m: float) -> "Street":
        """Cut out the piece between two distances along the street."""
        return replace(self, line=LineString(substring(self.line, start_m, end_m).coords))

    def is_like(self, other: "Street") -> bool:
        """Tell whether both could be one street, were there no junction between them."""
        return self._kind() == other._kind()

    def _kind(self) -> tuple[object, ...]:
        return self.highway, self.name, self.bridge, self.tunnel, self.layer, self.main
