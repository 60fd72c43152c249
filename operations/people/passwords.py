"""Passwords: what is asked of one, and its argon2 hash."""

import secrets
import unicodedata
from functools import cache
from typing import Final

from pwdlib import PasswordHash

from operations.errors import Refused

SHORTEST: Final = 12
"""Letters: length is what counts, no letter is prescribed (NIST SP 800-63B, 3.1.1.2)."""
LONGEST: Final = 256
FEWEST_DIFFERENT: Final = 5

HASHES: Final = PasswordHash.recommended()
"""argon2id with the library's parameters; who signs in is hashed anew when they change."""


def check_password(password: str, login: str) -> None:
    """Raise `Refused` with what is wrong with a new password."""
    text = _normal(password)
    if len(text) < SHORTEST:
        raise Refused(f"パスワードは{SHORTEST}文字以上にしてください。文を一つ書くのが簡単です。")
    if len(text) > LONGEST:
        raise Refused(f"パスワードは{LONGEST}文字までです。")
    if len(set(text)) < FEWEST_DIFFERENT:
        raise Refused("同じ文字の繰り返しです。ほかのパスワードにしてください。")
    name = login.partition("@")[0]
    if len(name) >= 3 and name in text.casefold() and len(text) - len(name) < SHORTEST:
        raise Refused("ログイン名を使わないパスワードにしてください。")


def hash_password(password: str) -> str:
    """The argon2 hash, with its salt and parameters."""
    return HASHES.hash(_normal(password))


def matches(password: str, hashed: str | None) -> tuple[bool, str | None]:
    """Whether it is the password, and a new hash where the parameters have changed since.

    Takes as long where there is no hash, so that time does not tell who has an account.
    """
    unlike = _nobodys()
    if len(password) > LONGEST:
        password = ""
    found, renewed = HASHES.verify_and_update(_normal(password), hashed or unlike)
    return (found and hashed is not None), renewed


@cache
def _nobodys() -> str:
    return HASHES.hash(secrets.token_urlsafe())


def _normal(password: str) -> str:
    """As another keyboard writes the same letters."""
    return unicodedata.normalize("NFKC", password)
