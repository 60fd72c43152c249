"""Who sends CAP messages, and how a message is named by those that change it."""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from alerts.alert import Alert
from alerts.errors import NotFit

_IDENTIFIER: Final = re.compile(r"[-_a-zA-Z0-9]+")
_SENDER: Final = re.compile(r"[-_a-zA-Z0-9./:]+@[-_a-zA-Z0-9./:]+")


@dataclass(frozen=True, slots=True)
class CapSender:
    """Who sends.

    - `code`: of the city; identifiers begin with it;
    - `address`: CAP's `sender`, such as 99901@city.example: the same for all messages of a city;
    - `zone`: in which moments are written;
    - `web`: the address of the city's pages;
    - `name_en`: of the city, "" where there is none.
    """

    code: str
    address: str
    zone: tzinfo
    web: str
    name_en: str = ""

    def __post_init__(self) -> None:
        if not _IDENTIFIER.fullmatch(self.code):
            raise NotFit("市のコードが英数字とハイフンではありません（CAP takes a-z, 0-9, -, _）")
        if not _SENDER.fullmatch(self.address):
            raise NotFit("CAP の sender は 名前@ドメイン の形です（name@domain）")


def identifier_of(alert: Alert, sender: CapSender) -> str:
    """The message's name, the same for ever: city, alert, revision, status."""
    return f"{sender.code}-{alert.number}-{alert.revision}-{alert.status}"


def reference_of(alert: Alert, sender: CapSender) -> str:
    """How later messages name this one: sender,identifier,sent; raises `NotFit` before approval."""
    return f"{sender.address},{identifier_of(alert, sender)},{sent_of(alert, sender)}"


def sent_of(alert: Alert, sender: CapSender) -> str:
    """CAP's `sent`: the moment of approval; raises `NotFit` before it."""
    if alert.approved_at is None:
        raise NotFit("承認されていない配信です（it is not approved）")
    return moment(alert.approved_at, sender.zone)


def moment(at: datetime, zone: tzinfo) -> str:
    """With the numeric offset that CAP demands (3.3.2), never Z."""
    return at.astimezone(zone).isoformat(timespec="seconds")
