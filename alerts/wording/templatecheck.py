"""Which words of a template cannot be used, whoever wrote them."""

import re
import string
from collections.abc import Iterable, Mapping
from typing import Any, Final

from alerts.errors import NotFit
from alerts.kinds import Language, Step
from alerts.wording.abolished import names_abolished
from alerts.wording.ruby import parse, unread

SLOTS: Final = frozenset(
    {"area", "hazard", "level", "level_word", "reason", "action", "city", "subject", "until"}
)
_EVACUATION: Final = frozenset({"area", "hazard", "level_word", "action"})
_OTHER: Final = frozenset({"area", "subject", "action"})
_LEVELLED: Final = frozenset({Step.ISSUE, Step.UPDATE})
_DRILL: Final = re.compile("訓練|くんれん|drill|exercise", re.IGNORECASE)
_SAMPLE: Final = "｜四《よん》"


def check_parts(
    *, evacuation: bool, step: Step, language: Language, parts: Mapping[str, Any]
) -> None:
    """Raise `NotFit` unless the parts of a template can be used."""
    _check_shape(parts)
    lines = [parts["title"], parts["short"], parts["call"]]
    lines += [*parts["text"], *parts["action"], *parts["spoken"]]
    for line in lines:
        _check_line(line)
    needed = _needed(evacuation, step)
    spare = {"level_word"} if language is not Language.JAPANESE and "level" in needed else set()
    _check_slots("short", [parts["short"]], (needed - spare) | {"city"})
    _check_slots("text", parts["text"], needed)
    _check_slots("title", [parts["title"]], {"level_word" if evacuation else "subject"})
    if any("{" in sentence for sentence in parts["action"]):
        raise NotFit("行動に差し込みは使えません（an action has no slots）")
    if not parts["action"] and not (evacuation and step is Step.UPDATE):
        raise NotFit("行動がありません（a template needs an action）")
    _check_spoken(language, needed, parts)


def _needed(evacuation: bool, step: Step) -> frozenset[str]:
    if not evacuation:
        return _OTHER
    return _EVACUATION | ({"level"} if step in _LEVELLED else set())


def _check_shape(parts: Mapping[str, Any]) -> None:
    for key in ("title", "short", "call"):
        if not isinstance(parts[key], str):
            raise NotFit(f"{key} は1行の文です（{key} is one line）")
    for key in ("text", "action", "spoken"):
        value = parts[key]
        if not isinstance(value, tuple) or not all(isinstance(one, str) for one in value):
            raise NotFit(f"{key} は文の並びです（{key} is a list of sentences）")
    if not parts["title"].strip() or not parts["short"].strip() or not parts["text"]:
        raise NotFit("題、短い文、本文が必要です（title, short and text are needed）")


def _check_line(line: str) -> None:
    if names_abolished(line):
        raise NotFit("廃止された避難情報の名が入っています（a name that was abolished in 2021）")
    if _DRILL.search(line):
        raise NotFit("訓練の文字は自動で入ります（drill marks come by themselves）")
    if "\n" in line or not line.isprintable():
        raise NotFit("改行や制御文字は使えません（no line breaks or control characters）")
    try:
        fields = [field for field in string.Formatter().parse(line) if field[1] is not None]
    except ValueError as error:
        raise NotFit(f"波かっこが合いません：{line[:30]}（braces do not match）") from error
    for _, name, form, conversion in fields:
        if name not in SLOTS or form or conversion:
            raise NotFit(f"使えない差し込みです：{{{name}}}（unknown slot）")


def _check_slots(part: str, lines: Iterable[str], needed: Iterable[str]) -> None:
    there = {name for line in lines for _, name, _, _ in string.Formatter().parse(line)}
    if missing := sorted(set(needed) - there):
        named = ", ".join(f"{{{name}}}" for name in missing)
        raise NotFit(f"{part} に {named} がありません（missing in {part}）")


def _check_spoken(language: Language, needed: frozenset[str], parts: Mapping[str, Any]) -> None:
    if language is not Language.JAPANESE:
        if parts["spoken"] or parts["call"]:
            raise NotFit("読み上げる文は日本語だけです（only Japanese is read aloud）")
        return
    _check_slots("spoken", parts["spoken"], needed)
    if not parts["call"]:
        raise NotFit("呼びかけがありません（the loudspeaker needs a call）")
    for line in (parts["call"], *parts["action"], *parts["spoken"]):
        filled = line.format_map(dict.fromkeys(SLOTS, _SAMPLE))
        if words := unread(parse(filled)):
            raise NotFit(f"読みがありません：{'、'.join(words)}（no reading）")
