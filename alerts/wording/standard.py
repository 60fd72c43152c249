"""The templates that every city starts from, and the form in which templates are kept in files."""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

from alerts.errors import NotFit
from alerts.kinds import Language
from alerts.wording.template import Template, template_from

_FILE: Final = "standard-{language}.toml"


@cache
def standard_templates() -> tuple[Template, ...]:
    """All shipped templates, in every language. None of them is reviewed: `adopted` makes it so."""
    folder = files("alerts.wording")
    texts = (folder / _FILE.format(language=language) for language in Language)
    return tuple(template for text in texts for template in templates_from(text.read_text("utf-8")))


def templates_from(text: str) -> tuple[Template, ...]:
    """The templates of a TOML text with `[[template]]` tables; raises `NotFit`."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotFit(f"ひな形のファイルを読めません：{error}（not TOML）") from error
    tables = given.get("template")
    if not isinstance(tables, list) or set(given) != {"template"}:
        raise NotFit("[[template]] の表だけを並べてください（only [[template]] tables）")
    templates = tuple(template_from(table) for table in tables)
    return checked_once(templates)


def checked_once(templates: Iterable[Template]) -> tuple[Template, ...]:
    """The templates; raises `NotFit` where two of one version are for the same thing."""
    seen: dict[tuple[str, int], Template] = {}
    for template in templates:
        if (template.key, template.version) in seen:
            raise NotFit(f"同じひな形が二つあります：{template.key}（the same template twice）")
        seen[template.key, template.version] = template
    return tuple(seen.values())
