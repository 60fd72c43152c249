"""What the forms of registering send: read without being repeated, and refused field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from alerts.channels.addresses import address
from alerts.channels.errors import WrongAddress
from alerts.kinds import AlertKind, ChannelKind, Language
from alerts.registration import AccessNeed
from operations.registering.register import Asked
from operations.registering.standing import Given
from web.register import Typed
from web.tapmap import position_of

LONGEST: Final = 500
"""Letters of a field."""
MOST_FIELDS: Final = 40
FIELDS: Final[Mapping[ChannelKind, str]] = {ChannelKind.SMS: "sms", ChannelKind.MAIL: "mail"}
NO_WAY: Final = "番号かメールアドレスを書いてください (a number or a mail address)"


@dataclass(frozen=True, slots=True)
class Form:
    """A form's fields in their order; of each that is not a list the last one counts."""

    pairs: Sequence[tuple[str, str]] = field(repr=False)

    def get(self, name: str) -> str:
        """A field; "" for none, or for one that is longer than any that is meant."""
        found = dict(self.pairs).get(name, "")
        return found if len(found) <= LONGEST else ""

    def all(self, name: str) -> list[str]:
        """All values of a list."""
        return [value for key, value in self.pairs if key == name]

    def plain(self) -> dict[str, str]:
        """Each field's last value."""
        return {key: value for key, value in self.pairs if len(value) <= LONGEST}


async def form_of(request: Request) -> Form:
    """The fields of a form; whatever else was sent has none."""
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return Form(parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return Form(())


def typed_of(form: Form, offered: Sequence[Language]) -> Typed:
    """What was typed, to be shown again as it was."""
    language = form.get("language")
    return Typed(
        categories=frozenset(one for one in AlertKind if one in form.all("kind")),
        language=Language(language) if language in offered else Language.JAPANESE,
        needs=frozenset(one for one in AccessNeed if one in form.all("need")),
        sms=form.get("sms"),
        mail=form.get("mail"),
    )


def addresses_of(form: Form) -> tuple[dict[ChannelKind, str], dict[str, str]]:
    """The addresses in the form that carriers take, and what is wrong with the others by field."""
    found: dict[ChannelKind, str] = {}
    wrong: dict[str, str] = {}
    for channel, name in FIELDS.items():
        typed = dict(form.pairs).get(name, "").strip()
        if not typed:
            continue
        try:
            found[channel] = address(channel, typed[: LONGEST + 1])
        except WrongAddress as error:
            wrong[name] = str(error)
    return found, wrong


def given_of(form: Form) -> Given | None:
    """Where the form says that it is; None where it says nothing."""
    point = position_of(form.get("lat"), form.get("lon"))
    if point is not None:
        return Given(position=point)
    return Given(area_name=form.get("area")) if form.get("area") else None


def asked_of(typed: Typed, where: Given | None, addresses: Mapping[ChannelKind, str]) -> Asked:
    """What the use cases take."""
    return Asked(where, typed.categories, typed.language, typed.needs, addresses)
