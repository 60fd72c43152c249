"""What the forms of a household's page send, and the address that they come back to."""

from typing import Final
from urllib.parse import parse_qs, urlencode
from uuid import UUID

from fastapi import Request

from api.asked import WrongForm
from city.intent import Intent
from city.traveller import Profile
from web.household import WAY
from web.language import SOURCE, known

LONGEST_SITE: Final = 100


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, the last of each; whatever else was sent has none."""
    body = (await request.body()).decode("utf-8", "replace")
    try:
        fields = parse_qs(body, keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return {}
    return {key: values[-1] for key, values in fields.items()}


def way_address(form: dict[str, str]) -> str:
    """The way's page, with what its forms keep: how people get about, and the language."""
    lang, profile = known(form.get("lang", "")), profile_of(form.get("profile", ""))
    kept = {
        "profile": "" if profile is Profile.WALK else str(profile),
        "lang": "" if lang == SOURCE else lang,
    }
    query = urlencode({key: value for key, value in kept.items() if value})
    return f"{WAY}?{query}" if query else WAY


def profile_of(text: str) -> Profile:
    """How somebody gets about; on foot where it is not understood."""
    return Profile(text) if text in set(Profile) else Profile.WALK


def intent_of(text: str | None) -> Intent | None:
    """The word that was chosen, None for an empty one; raises `WrongForm`."""
    if text == "":
        return None
    if text is None or text not in set(Intent):
        raise WrongForm([{"type": "enum", "loc": ("intent",), "msg": "Not one of the words"}])
    return Intent(text)


def id_of(text: str) -> UUID:
    """The id that the page made; raises `WrongForm`."""
    try:
        return UUID(text)
    except ValueError:
        wrong = {"type": "uuid_parsing", "loc": ("id",), "msg": "Not a UUID"}
        raise WrongForm([wrong]) from None
