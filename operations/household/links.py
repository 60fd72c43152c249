"""The link on a household's slip: made, exchanged for a session, looked up.

A link names nobody: it is 256 random bits behind the `#` of an address, which no server is sent.
The session's secret says nothing either; where it leads stands in the database alone.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine

from city.position import Position
from data.database import transaction
from data.errors import NotThere
from data.homes import links
from data.homes.links import Home, NewLink
from operations.errors import Refused
from operations.people.signing import hash_of, new_secret

PATH = "/h"
TWO_HOMES: Final = (
    "その番号の紙が、二つの世帯にあります。どちらの家か決められないので、何も書きませんでした。"
    "場所を聞いて、電話受付票に書いてください。部屋の確保は、紙の番号を空けて送れます。"
    "本部は、その番号を無効にして刷り直してください（two households have a slip of that label:"
    " nigemichi household revoke --label …, then nigemichi slips …）"
)


class DeadLink(Refused):
    """The link never was, was revoked, is over, or leads to nobody any more: not said which."""

    def __init__(self) -> None:
        super().__init__(
            "このコードでは開けません。紙に書いてある行き先と道で動いてください"
            "（the code opens nothing: go by the paper）"
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that began: the secret is known to nobody else."""

    secret: str
    home: Home


def new_links(
    connection: Connection,
    code: str,
    rows: Sequence[tuple[int, Position, str]],
    *,
    now: datetime,
    expires_at: datetime,
) -> list[str]:
    """Make a link for each row (number in the current load, where it stands, its slip's label).

    Returns their tokens in that order, to be printed and kept nowhere. Call it in the transaction
    that read the numbers (`operations.changes.change.changing`), which waits for a load.
    """
    tokens = [new_secret() for _ in rows]
    made = [
        NewLink(hash_of(token), number, at, spelled(label))
        for token, (number, at, label) in zip(tokens, rows, strict=True)
    ]
    links.add(connection, code, made, now=now, expires_at=expires_at)
    return tokens


def link_to(base: str, token: str) -> str:
    """The address that a slip bears: what follows the # goes to no server, and so into no log."""
    return f"{base.rstrip('/')}{PATH}#{token}"


def spelled(label: str) -> str:
    """A slip's label in the one spelling that it is stored and looked for in."""
    label = re.sub(r"\s+", "", unicodedata.normalize("NFKC", label)).upper()
    label = re.sub("[\N{HYPHEN}-\N{HORIZONTAL BAR}\N{MINUS SIGN}]", "-", label)
    # The key of the hyphen gives a long vowel in kana; one in a name follows a kana.
    return re.sub("(?<=[0-9A-Z])\N{KATAKANA-HIRAGANA PROLONGED SOUND MARK}(?=[0-9])", "-", label)


def home_of_slip(connection: Connection, label: str, now: datetime) -> Home:
    """The household of the slip so labelled, as it is read over the phone.

    Raises `NotThere`, and `Refused` where slips of two households are called that: whoever guesses
    writes to the wrong one.
    """
    found = links.find_by_label(connection, spelled(label), now)
    if not found:
        raise NotThere("その番号の紙はありません。紙の番号をもう一度聞いてください（no such slip）")
    if len(found) > 1:
        raise Refused(TWO_HOMES)
    return found[0]


def exchange(engine: Engine, token: str, now: datetime) -> Opened:
    """Begin a session by a link's token, or its whole address; raises `DeadLink`.

    Whatever is wrong with it, the same one query finds nothing: neither words nor time tell.
    """
    hashed = hash_of(token.strip().rpartition("#")[2])
    with transaction(engine, latest=True) as connection:
        home = links.find_by_link(connection, hashed, now)
        if home is None:
            raise DeadLink
        secret = new_secret()
        links.begin_session(connection, hash_of(secret), hashed, now)
        return Opened(secret, home)


def household_of(engine: Engine, cookie: str, now: datetime) -> Home | None:
    """The household of a session; None where it ended with its link, or never was."""
    with transaction(engine) as connection:
        return links.find_by_session(connection, hash_of(cookie), now)
