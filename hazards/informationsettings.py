"""A city's settings of information: whom it asks without TLS, and how it licenses its own data."""

import re
from dataclasses import dataclass
from typing import Any, Final

from hazards.errors import HazardError

INFORMATION: Final = "information"
OPEN_DATA: Final = "open_data"
"""Tables of a city file's `[settings]`."""
_HOST: Final = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)+")
_LINE: Final = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
_KEYS: Final = {INFORMATION: {"http"}, OPEN_DATA: {"licence", "licence_url", "attribution"}}


@dataclass(frozen=True, slots=True)
class OpenLicence:
    """How a city licenses what it publishes; `attribution` is empty for the city's own name.

    The default is that of the 公共データ利用規約 1.0, which the Digital Agency recommends.
    """

    licence: str = "公共データ利用規約（第1.0版）"
    licence_url: str = "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0"
    attribution: str = ""


def plain_hosts(settings: dict[str, Any]) -> frozenset[str]:
    """Hosts that are asked by http, by name; raises `HazardError`."""
    hosts = _table(settings, INFORMATION).get("http", [])
    if not isinstance(hosts, list) or not all(
        isinstance(one, str) and _HOST.fullmatch(one) for one in hosts
    ):
        raise HazardError(
            f'settings.{INFORMATION}.http: a list of names of hosts such as "www.city.example.jp"'
        )
    return frozenset(hosts)


def open_licence(settings: dict[str, Any]) -> OpenLicence:
    """The licence of open data; raises `HazardError`."""
    table = _table(settings, OPEN_DATA)
    for key, value in table.items():
        if not isinstance(value, str) or not _LINE.fullmatch(value):
            raise HazardError(f"settings.{OPEN_DATA}.{key}: a line of text")
    if not table.get("licence_url", "https://").startswith("https://"):
        raise HazardError(f"settings.{OPEN_DATA}.licence_url: an address with https://")
    if "licence" in table:
        table = {"licence_url": "", **table}
    return OpenLicence(**table)


def _table(settings: dict[str, Any], name: str) -> dict[str, Any]:
    table = settings.get(name, {})
    if not isinstance(table, dict) or set(table) - _KEYS[name]:
        raise HazardError(f"settings.{name}: a table with {', '.join(sorted(_KEYS[name]))}")
    return table
