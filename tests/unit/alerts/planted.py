"""Renderings with a defect planted in one medium, for tests of the linter."""

import copy
from dataclasses import replace
from typing import Any

from alerts.alert import Alert
from alerts.kinds import Language, Medium
from alerts.wording.findings import Severity
from alerts.wording.rendered import Rendered
from tests.unit.alerts.asase import found, rendering

JA, EN = Language.JAPANESE, Language.ENGLISH
STOPS, WARNS = Severity.STOPS, Severity.WARNS


def swapped(
    rendered: Rendered, medium: Medium, old: str, new: str, lang: Language = JA
) -> Rendered:
    """The rendering with some words of one medium replaced, wherever they stand in it."""

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(old, new)
        if isinstance(value, dict):
            return {key: walk(one) for key, one in value.items()}
        return [walk(one) for one in value] if isinstance(value, list) else value

    messages = {one: dict(by_language) for one, by_language in rendered.messages.items()}
    before = copy.deepcopy(messages[medium][lang])
    messages[medium][lang] = walk(before)
    assert messages[medium][lang] != before, "nothing was planted"
    return replace(rendered, messages=messages)


def planted(alert: Alert, medium: Medium, old: str, new: str, lang: Language = JA) -> set[str]:
    """What stops after the words of one medium were changed."""
    return found(alert, swapped(rendering(alert), medium, old, new, lang), STOPS)
