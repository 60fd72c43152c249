"""The one way in which a page becomes an HTML document: its templates, head and languages."""

from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup

from routing.ground import CityCard
from routing.verdict import Verdict
from web.crowding import LEVEL_5_SOMEWHERE
from web.language import SOURCE, is_draft, languages, spoken, translator
from web.links import link
from web.style import SHEETS
from web.templating import ENGINE
from web.wayview import WayView

LANGUAGE_NAMES: Final = {"ja": "日本語", "en": "English"}


def way_sheet(view: WayView) -> str:
    """The style of a way's page: only one with a way has a slip to print."""
    if view.verdict == Verdict.SECURE_NOW:
        return "secure"
    return "way" if view.route else "plain"


def document(
    template: str,
    style: str,
    *,
    card: CityCard | None,
    lang: str,
    path: str,
    asked: Mapping[str, str],
    values: Mapping[str, Any],
) -> str:
    """The page of a template, with a style of `web.style`; `path` and `asked` lead to it again, in
    each language.
    """
    lang = spoken(card, lang) if card else SOURCE
    offered = languages(card) if card else ()
    return ENGINE.get_template(f"{template}.html").render(
        **values,
        five=LEVEL_5_SOMEWHERE,
        t=translator(lang),
        lang=lang,
        card=card,
        fictional=bool(card and card.fictional),
        draft=bool(card and is_draft(card, lang)),
        css=Markup(SHEETS[style]),  # noqa: S704  our own style sheets
        languages=[
            (one, LANGUAGE_NAMES[one], link(path, asked, lang="" if one == SOURCE else one))
            for one in offered
        ],
    )
