"""Addresses as people type them, brought into the one form that carriers take.

Each raises `WrongAddress`, which says why and never repeats what was typed.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

import idna
import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from alerts.channels.errors import WrongAddress
from alerts.kinds import ChannelKind

JAPAN: Final = 81
DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−ー~〜"), "-")
"""What stands for a hyphen on Japanese keyboards, after NFKC."""

NUMBER: Final = re.compile(r"\+?[0-9() .-]{3,30}")
LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
ODD_DOTS: Final = re.compile(r"^\.|\.\.|\.$")
"""Dots side by side or at an end: old addresses of mobile carriers have them. SMTP takes them in
quotes alone (RFC 5321, 4.1.2)."""

LINE_USER: Final = re.compile(r"U[0-9a-f]{32}")
"""LINE's own pattern of a user id: `webhook.yml`."""

LONGEST_MAIL: Final = 254
"""Octets of an address, by RFC 5321 4.5.3.1.3 without its brackets."""

NOT_A_NUMBER: Final = "電話番号として読めません。例: 090-1234-5678 (not a phone number)"
NOT_MOBILE: Final[Mapping[int, str]] = {
    PhoneNumberType.VOIP: "050 の番号には SMS が届きません (no SMS to 050 numbers)",
    PhoneNumberType.FIXED_LINE: "固定電話には SMS が届きません (no SMS to land lines)",
    PhoneNumberType.PAGER: "020 の番号には SMS が届きません (no SMS to 020 numbers)",
}
NO_SMS: Final = "携帯電話の番号ではありません (not a mobile number)"
FOREIGN: Final = "日本の携帯電話の番号だけ登録できます (Japanese mobile numbers only)"
NOT_A_MAIL: Final = "メールアドレスとして読めません。例: name@example.jp (not a mail address)"
MAIL_TOO_LONG: Final = "メールアドレスが長すぎます (mail address too long)"
CONTROL: Final = "目に見えない文字が入っています (control characters)"
NOT_A_LINE_USER: Final = "LINE のユーザー ID ではありません (not a LINE user id)"


def phone_number(typed: str) -> str:
    """A Japanese mobile number in E.164: "+819012345678"."""
    plain = _folded(typed).translate(DASHES)
    if not NUMBER.fullmatch(plain):
        raise WrongAddress(NOT_A_NUMBER)
    try:
        number = phonenumbers.parse(plain, "JP")
    except phonenumbers.NumberParseException:
        raise WrongAddress(NOT_A_NUMBER) from None
    if number.country_code != JAPAN:
        raise WrongAddress(FOREIGN)
    if not phonenumbers.is_valid_number(number):
        raise WrongAddress(NOT_A_NUMBER)
    kind = phonenumbers.number_type(number)
    if kind != PhoneNumberType.MOBILE:
        raise WrongAddress(NOT_MOBILE.get(kind, NO_SMS))
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def mail_address(typed: str) -> str:
    """A mail address as SMTP takes it: the domain in ASCII, an odd local part in quotes."""
    local, at, domain = _folded(typed).rpartition("@")
    if not at or not LOCAL.fullmatch(local):
        raise WrongAddress(NOT_A_MAIL)
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        raise WrongAddress(NOT_A_MAIL) from None
    if "." not in ascii_domain or ascii_domain.rpartition(".")[2].isdigit():
        raise WrongAddress(NOT_A_MAIL)
    quoted = f'"{local}"' if ODD_DOTS.search(local) else local
    whole = f"{quoted}@{ascii_domain}"
    if len(whole) > LONGEST_MAIL:
        raise WrongAddress(MAIL_TOO_LONG)
    return whole


def line_user(typed: str) -> str:
    """The user id that LINE's webhook told: "U" and 32 hexadecimal digits."""
    if not LINE_USER.fullmatch(typed):
        raise WrongAddress(NOT_A_LINE_USER)
    return typed


CHECKS: Final[Mapping[ChannelKind, Callable[[str], str]]] = {
    ChannelKind.LINE: line_user,
    ChannelKind.SMS: phone_number,
    ChannelKind.MAIL: mail_address,
}


def address(kind: ChannelKind, typed: str) -> str:
    """An address of that way, in the form that its carrier takes."""
    return CHECKS[kind](typed)


def _folded(typed: str) -> str:
    """Full-width letters made plain and spaces around dropped; refuses what cannot be seen."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    if any(unicodedata.category(letter) in ("Cc", "Cf") for letter in plain):
        raise WrongAddress(CONTROL)
    return plain
