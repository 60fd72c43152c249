"""Rows of open data as files: GeoJSON (RFC 7946), and CSV as spreadsheets in offices open it.

CSV is UTF-8 with a byte order mark, without which a Japanese Excel reads Shift_JIS; lines end with
CR LF. Every file says of which moment it is, its licence, and that a fictional city is one.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from hazards.informationsettings import OpenLicence
from operations.answer import local
from operations.opendata.fields import EXTRA, NOTICE
from operations.opendata.rows import Line, as_geometry
from routing.ground import CityCard
from web.opendata import Published

GEOJSON: Final = "application/geo+json"
CSV: Final = "text/csv; charset=utf-8"
AS_OF: Final = "nigemichi-as-of"
STALE: Final = "nigemichi-stale"
"""Headers of an answer."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_ASK: Final = "市に確かめてください"
_CALLED: Final = ("name", "title", "word")


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself; `as_of` is when its rows were last known to be the newest.

    `licence` is None where the city's setting could not be read.
    """

    card: CityCard
    as_of: datetime
    stale: bool
    generated: datetime
    licence: OpenLicence | None

    @property
    def attribution(self) -> str:
        """Whom to name: the city, and whose data its own is made of."""
        own = self.licence.attribution if self.licence else ""
        return "、".join((own or self.card.name, *self.card.attributions))

    @property
    def headers(self) -> dict[str, str]:
        """Of when an answer is, and whether that is old: a CSV without any row has no other place
        for it.
        """
        return {AS_OF: self.moment(self.as_of), STALE: "1" if self.stale else "0"}

    def moment(self, at: datetime) -> str:
        """To the minute: a file stays the same until something else changes."""
        return local(at.replace(second=0, microsecond=0), ZoneInfo(self.card.timezone))


def geojson(published: Published, lines: Sequence[Line], about: About) -> bytes:
    """The file as GeoJSON; what it says of itself stands beside the features."""
    card, licence = about.card, about.licence
    table: dict[str, Any] = {
        "type": "FeatureCollection",
        "name": published.name,
        "title": published.title,
        "city": card.name,
        "city_code": card.code,
        "fictional": card.fictional,
        "notice": _notice(card),
        "as_of": about.moment(about.as_of),
        "stale": about.stale,
        "generated": about.moment(about.generated),
        "licence": licence.licence if licence else None,
        "licence_url": (licence.licence_url or None) if licence else None,
        "attribution": about.attribution,
        "features": [
            {"type": "Feature", "properties": one.values, "geometry": as_geometry(one.place)}
            for one in lines
        ],
    }
    return orjson.dumps(table)


def as_csv(published: Published, lines: Sequence[Line], about: About) -> bytes:
    """The file as CSV; what it says of itself stands at the end of each row.

    An old one without any has a row that says so: no one takes it for calm (`safety.md` 19).
    """
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    fictional = [_notice(about.card)] if about.card.fictional else []
    writer.writerow([*(field.column for field in published.fields), *EXTRA, *fictional])
    extra = [
        about.moment(about.as_of),
        "1" if about.stale else "",
        about.moment(about.generated),
        about.card.name,
        about.licence.licence if about.licence else _ASK,
        about.attribution,
        *("1" for _ in fictional),
    ]
    for one in lines:
        said = {**one.values, **one.words}
        cells = [_cell(said[field.key]) for field in published.fields]
        writer.writerow([*cells, *map(_cell, extra)])
    if about.stale and not lines:
        cells = [NOTICE if one.key in _CALLED else "" for one in published.fields]
        writer.writerow([*cells, *map(_cell, extra)])
    return sheet.getvalue().encode("utf-8-sig")


def _notice(card: CityCard) -> str | None:
    """Rule 20: the fictional city is called so in every file."""
    return f"{card.name}は架空の市です。実際の避難には使えません" if card.fictional else None


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would compute is kept a text."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
