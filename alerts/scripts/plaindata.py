"""Dataclasses as plain data."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from alerts.wording.ruby import Segment


def plain_data(value: Any) -> Any:
    """A value as JSON knows it; a `Segment` is `[text, kana]`."""
    if isinstance(value, Segment):
        return [value.text, value.kana]
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain_data(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain_data(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain_data(one) for one in value]
    return value


class PlainData:
    """Gives a dataclass `to_dict`."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        made: dict[str, Any] = plain_data(self)
        return made
