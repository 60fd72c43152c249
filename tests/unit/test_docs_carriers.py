"""The manual of carriers: each setting that it shows is one, and none is left out."""

import inspect
import re
import tomllib
from collections.abc import Callable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, Final

import pytest

from alerts.channels.line import LineCarrier
from alerts.channels.mail_server import MailServer
from alerts.channels.null import NullCarrier
from alerts.channels.smpp_account import SmppAccount
from alerts.channels.twilio import TwilioAccount
from alerts.kinds import Status
from api.permissions import ALLOWED
from operations.commands.deliver import CARRIERS, deliver
from operations.commands.keys import keys
from operations.delivery.canary import EVERY
from operations.delivery.carriersfile import SLOTS, read_carriers
from operations.registering.callbacks import LINE_SECRET, SITE, TWILIO_TOKEN

MANUAL: Final = (Path(__file__).parents[2] / "docs" / "carriers.md").read_text("utf-8")
BLOCKS: Final = re.findall(r"```toml\n(.*?)```", MANUAL, re.DOTALL)
ENTRIES: Final[dict[str, dict[str, Any]]] = {
    entry["kind"]: entry for block in BLOCKS for entry in tomllib.loads(block)["carrier"]
}
OF_ALL: Final = {"status", "kind", "credential", "slots"}
KINDS: Final = sorted(SLOTS)
LOOPBACK: Final = {"host": "127.0.0.1", "base_url": "http://127.0.0.1:9"}


def accepted(taker: Callable[..., Any]) -> dict[str, Any]:
    """The settings that a class takes, each with its default (MISSING: none)."""
    known = getattr(taker, "__dataclass_fields__", None)
    if known is not None:
        return {one.name: one.default for one in fields(taker)}  # type: ignore[arg-type]
    asked = inspect.signature(taker).parameters.values()
    return {
        one.name: MISSING if one.default is one.empty else one.default
        for one in asked
        if one.name != "credential"
    }


TAKERS: Final[dict[str, Callable[..., Any]]] = {
    "line": LineCarrier,
    "smpp": SmppAccount,
    "twilio": TwilioAccount,
    "smtp": MailServer,
    "null": NullCarrier,
}


def settings(kind: str) -> dict[str, Any]:
    found = accepted(TAKERS[kind])
    if kind == "null":
        found["channel"] = found.pop("kind")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_of_a_kind_is_shown(kind: str) -> None:
    shown = set(ENTRIES[kind]) - {"canary"}
    assert shown == OF_ALL | set(settings(kind))
    assert ("canary" in ENTRIES[kind]) == (kind != "null")
    assert ENTRIES[kind]["slots"] == SLOTS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_called_a_default_is_one_and_the_rest_is_needed(kind: str) -> None:
    (block,) = (one for one in BLOCKS if f'kind = "{kind}"' in one)
    lines = dict(re.findall(r"^(\w+) = (.*)$", block, re.MULTILINE))
    for name, default in settings(kind).items():
        assert ("# default" in lines[name]) == (default is not MISSING), name
        if "# default:" in lines[name] or lines[name].endswith("# default"):
            assert ENTRIES[kind][name] == default, name


@pytest.mark.parametrize("kind", KINDS)
def test_each_example_makes_its_carrier(kind: str, tmp_path: Path) -> None:
    (block,) = (one for one in BLOCKS if f'kind = "{kind}"' in one)
    for name, value in LOOPBACK.items():
        block = re.sub(rf'^{name} = "[^"]*"', f'{name} = "{value}"', block, flags=re.MULTILINE)
    file = tmp_path / "carriers.toml"
    file.write_text(block, "utf-8")
    file.chmod(0o600)
    status = Status(ENTRIES[kind]["status"])
    (lane,) = read_carriers(file, status, lambda *_: None)
    assert (lane.carrier.credential, lane.slots) == (ENTRIES[kind]["credential"], SLOTS[kind])
    assert bool(lane.canary) == ("canary" in ENTRIES[kind])
    lane.carrier.close()
    other = next(one for one in Status if one is not status)
    assert read_carriers(file, other, lambda *_: None) == []


def test_the_environment_the_addresses_and_the_commands_are_called_as_they_are() -> None:
    for name in (CARRIERS, LINE_SECRET, TWILIO_TOKEN, SITE):
        assert f"`{name}" in MANUAL
    routes = {path for method, path in ALLOWED if method == "POST"}
    for path in re.findall(r"https://CITY(/[\w/]+)", MANUAL):
        assert path.replace("CREDENTIAL", "{token}") in routes
    callback = ENTRIES["twilio"]["callback_url"]
    assert callback.endswith(f"/webhooks/twilio/{ENTRIES['twilio']['credential']}")
    assert any("--drill" in one.opts for one in deliver.params)
    assert {"rotate", "drop-old"} <= set(keys.commands)
    assert EVERY.total_seconds() == 180


def test_keys_are_copied_after_they_are_renewed_and_before_old_ones_are_dropped() -> None:
    order = [MANUAL.index(one) for one in ("keys rotate`", "copy the file", "keys drop-old`")]
    assert order == sorted(order)
