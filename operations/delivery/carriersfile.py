"""The file that names the city's carriers and holds their credentials, outside the database.

Live ones and those of drills stand in one file under different names, and a worker takes one kind
alone: a drill has no live credential in its process.

    [[carrier]]
    status = "Actual"            # or "Exercise"
    kind = "line"                # line, smpp, twilio, smtp, null
    credential = "line-main"     # a name; rates and tests are kept under it
    slots = 16                   # calls that may be open at once
    canary = "…"                 # an address of the city's own, for a test each few minutes
    token = "…"                  # and what else that kind needs
"""

import stat
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from alerts.channels.addresses import address
from alerts.channels.line import LineCarrier
from alerts.channels.mail import MailCarrier
from alerts.channels.mail_server import MailServer, Tls
from alerts.channels.null import NullCarrier
from alerts.channels.port import Carrier
from alerts.channels.receipt import Receipt
from alerts.channels.smpp import SmppCarrier
from alerts.channels.smpp_account import SmppAccount
from alerts.channels.twilio import TwilioAccount, TwilioCarrier
from alerts.errors import AlertError
from alerts.kinds import ChannelKind, Status
from operations.delivery.worker import Outlet
from operations.errors import Refused

Told = Callable[[str, Receipt], None]
"""Takes (credential, receipt): what a carrier says later on a connection of its own."""
_OF_OUTLETS: Final = frozenset({"status", "kind", "slots", "canary"})
SLOTS: Final = {"line": 16, "smpp": 2, "twilio": 16, "smtp": 4, "null": 1}


def read_carriers(path: Path, status: Status, told: Told) -> list[Outlet]:
    """The carriers of one status; raises `Refused` naming the entry, never what it holds."""
    return [_made(entry, told) for entry in _of(path, status)]


def _of(path: Path, status: Status) -> list[dict[str, Any]]:
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise Refused(f"{path.name} can be read by others: chmod 600 {path.name}")
        entries = tomllib.loads(path.read_text())["carrier"]
    except OSError as error:
        raise Refused(f"{path.name} cannot be read: {error.strerror}") from None
    except (KeyError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise Refused(f"{path.name} is no list of [[carrier]] in TOML") from None
    named = [str(one.get("credential")) for one in entries]
    for name in named:
        if named.count(name) > 1:
            raise Refused(f"{path.name}: two carriers are called {name}")
    for number, one in enumerate(entries, start=1):
        if one.get("status") not in set(Status) or one.get("kind") not in SLOTS:
            raise Refused(f"{path.name}, carrier {number}: needs status and kind (see the manual)")
    return [one for one in entries if one["status"] == status]


def _made(entry: Mapping[str, Any], told: Told) -> Outlet:
    rest = {key: value for key, value in entry.items() if key not in _OF_OUTLETS}
    kind, name = entry["kind"], str(rest.pop("credential", entry["kind"]))
    slots = int(entry.get("slots", SLOTS[kind]))
    try:
        canary = str(entry.get("canary", ""))
        carrier = _MAKES[kind](name, rest, told)
        return Outlet(carrier, slots, address(carrier.kind, canary) if canary else "")
    except (TypeError, ValueError) as error:
        # A value may be a secret: only our own refusals are repeated.
        why = str(error) if isinstance(error, AlertError) else "a setting is missing or unknown"
        raise Refused(f"carrier {name}: {why}") from None


def _line(name: str, rest: dict[str, Any], _: Told) -> Carrier:
    return LineCarrier(rest.pop("token"), credential=name, **rest)


def _smpp(name: str, rest: dict[str, Any], told: Told) -> Carrier:
    return SmppCarrier(SmppAccount(**rest), lambda one: told(name, one), credential=name)


def _twilio(name: str, rest: dict[str, Any], _: Told) -> Carrier:
    return TwilioCarrier(TwilioAccount(**rest), credential=name)


def _smtp(name: str, rest: dict[str, Any], _: Told) -> Carrier:
    tls = Tls(rest.pop("tls", Tls.STARTTLS))
    return MailCarrier(MailServer(tls=tls, **rest), credential=name, timeout_s=20.0)


def _null(name: str, rest: dict[str, Any], _: Told) -> Carrier:
    return NullCarrier(ChannelKind(rest.pop("channel")), credential=name, **rest)


_MAKES: Final[Mapping[str, Callable[[str, dict[str, Any], Told], Carrier]]] = {
    "line": _line,
    "smpp": _smpp,
    "twilio": _twilio,
    "smtp": _smtp,
    "null": _null,
}
