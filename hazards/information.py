"""Information of others (災害・交通・ライフライン, the state, neighbours): never a destination.

What of it is doubted is in `hazards/informationcopy.py`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final


class Theme(StrEnum):
    """What a source tells of."""

    DISASTER = "disaster"
    TRAFFIC = "traffic"
    LIFELINE = "lifeline"
    STATE = "state"
    TOKYO = "tokyo"
    NEIGHBOUR = "neighbour"


class Shape(StrEnum):
    """How a source writes."""

    GEOJSON = "geojson"
    CSV = "csv"
    ATOM_CAP = "atom_cap"
    JMA = "jma"
    GSI_SITES = "gsi_sites"


class Way(StrEnum):
    """How a copy comes here."""

    URL = "url"
    FOLDER = "directory"
    DROP = "drop"


THEME_WORDS: Final[Mapping[Theme, str]] = {
    Theme.DISASTER: "災害",
    Theme.TRAFFIC: "交通",
    Theme.LIFELINE: "電気・ガス・水道・通信",
    Theme.STATE: "国",
    Theme.TOKYO: "東京都",
    Theme.NEIGHBOUR: "近くの市町村",
}
SHAPE_WORDS: Final[Mapping[Shape, str]] = {
    Shape.GEOJSON: "GeoJSON",
    Shape.CSV: "CSV",
    Shape.ATOM_CAP: "Atom・CAP",
    Shape.JMA: "気象庁XML電文",
    Shape.GSI_SITES: "指定緊急避難場所（国土地理院）",
}
WAY_WORDS: Final[Mapping[Way, str]] = {
    Way.URL: "アドレスから取得",
    Way.FOLDER: "フォルダーから",
    Way.DROP: "ファイルを受け取って",
}

TURNS_MISSED: Final = 2
LEAST_KNOWN: Final = timedelta(minutes=10)
"""A source that is asked each minute is not old after two."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a source tells. `id` is the source's own, or made of what it says.

    `at` is when it was said, `until` when it ends by its own word; `point` (lon, lat) is where,
    `reach` (west, south, east, north) how far it extends; both None where it names no place.
    """

    id: str
    title: str
    text: str = ""
    link: str = ""
    at: datetime | None = None
    until: datetime | None = None
    point: tuple[float, float] | None = None
    reach: tuple[float, float, float, float] | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether it has ended by its own word."""
        return self.until is not None and self.until <= now


def plain(item: Item) -> dict[str, Any]:
    """As it is stored: only what is said."""
    said = {k: v for k, v in asdict(item).items() if k in ("id", "title") or v not in ("", None)}
    moments = {key: said[key].isoformat() for key in ("at", "until") if key in said}
    return said | moments


def item_of(said: Mapping[str, Any]) -> Item:
    """An item as it was stored."""
    moments = {k: datetime.fromisoformat(said[k]) for k in ("at", "until") if k in said}
    places = {k: tuple(said[k]) for k in ("point", "reach") if k in said}
    return Item(**{**said, **moments, **places})


@dataclass(frozen=True, slots=True)
class Reported:
    """A source as people are shown it: its last good copy, and since when no newer one came.

    `heard_at` is when the copy was last known to be what the source says, None where nothing ever
    came; `known_for` is for how long it counts as known then.
    """

    number: int
    name: str
    theme: Theme
    licence: str
    attribution: str
    known_for: timedelta
    items: tuple[Item, ...]
    said_at: datetime | None
    heard_at: datetime | None
    failing_since: datetime | None

    def is_old(self, now: datetime) -> bool:
        """Whether what is known is no longer shown as of now (`safety.md` 19)."""
        at = self.as_of
        return at is None or self.failing_since is not None or now - at > self.known_for

    @property
    def as_of(self) -> datetime | None:
        """Of when it is: a source that goes on saying the same may be dead behind its address."""
        return older(self.heard_at, self.said_at)


def older(heard_at: datetime | None, said_at: datetime | None) -> datetime | None:
    """Of when a copy is that was heard then, and says of itself that it is of then; None where
    nothing was ever heard.
    """
    return min(heard_at, said_at) if heard_at and said_at else heard_at


def known_for(way: Way, every: timedelta) -> timedelta:
    """For how long a copy counts as known: a file as long as was said when its source was added,
    what is asked for until two turns were missed.
    """
    return max(every if way is Way.DROP else TURNS_MISSED * every, LEAST_KNOWN)
