"""A code for checking in at a place's desk: a number made here and how many come; nobody's name."""

import io
from typing import Final
from uuid import uuid4

import segno
from markupsafe import Markup

from routing.ground import CityCard
from web.document import LANGUAGE_NAMES
from web.language import SOURCE, is_draft, languages, spoken, translator
from web.style import SHEETS
from web.templating import ENGINE

CHECKIN: Final = "/checkin"
MOST: Final = 20
"""Persons of one code: more come as a group, and are counted at the door."""


def checkin_text(code_id: str, persons: int) -> str:
    """What the code says to the desk: the id of one head count, and its persons."""
    return f"nigemichi:in:{code_id}:{persons}"


def persons_of(text: str) -> int:
    """1 to `MOST`; 1 where it is no such number."""
    return int(text) if text in {str(number) for number in range(1, MOST + 1)} else 1


def checkin_page(card: CityCard, persons: str, *, lang: str) -> str:
    """A page with a code that nobody was given before; it works without script."""
    lang, number = spoken(card, lang), persons_of(persons)
    t = translator(lang)
    code = checkin_text(str(uuid4()), number)
    return ENGINE.get_template("checkin.html").render(
        t=t,
        lang=lang,
        card=card,
        fictional=card.fictional,
        draft=is_draft(card, lang),
        css=Markup(SHEETS["home"]),  # noqa: S704  our own style sheet
        languages=[(one, LANGUAGE_NAMES[one], _address(number, one)) for one in languages(card)],
        persons=number,
        most=MOST,
        code=code_svg(code),
    )


def code_svg(text: str) -> Markup:
    """The code as an inline SVG, black on white in every theme, as scanners want it."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, nl=False, omitsize=True, border=4,
        light="#fff", svgclass=None, lineclass=None,
    )  # fmt: skip
    return Markup(out.getvalue().decode())  # noqa: S704  segno writes no text into its paths


def _address(persons: int, lang: str) -> str:
    kept = "" if lang == SOURCE else f"&lang={lang}"
    return f"{CHECKIN}?persons={persons}{kept}"
