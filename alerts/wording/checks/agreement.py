"""Whether all media tell the same area, level, hazard and action, read back from their words."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from alerts.alert import Alert
from alerts.kinds import AlertKind, Language, Medium
from alerts.levels import COLOURS
from alerts.wording.checks.areasaid import areas_said, counted
from alerts.wording.checks.case import Case, Rule, stops, warns
from alerts.wording.checks.texts import Shown, without_officer
from alerts.wording.findings import Finding
from alerts.wording.media.cards import card_colours
from alerts.wording.morae import sentences
from alerts.wording.vocabulary import VOCABULARIES
from hazards.kinds import AlertLevel, HazardKind

_LEVEL: Final = re.compile(r"(?:警戒レベル|レベル|level)\s*([1-5])", re.IGNORECASE)
_ORDERED: Final = (AlertLevel.ELDERLY_LEAVE, AlertLevel.ALL_LEAVE, AlertLevel.SECURE_NOW)
_MAY_COUNT: Final = frozenset(
    {Medium.SMS, Medium.AREA_MAIL, Medium.TELEVISION, Medium.SOCIAL, Medium.LINE}
)
"""Media in which areas may be counted where their names do not fit."""


def _levels(case: Case) -> Iterator[Finding]:
    alert, level = case.alert, case.alert.level
    if alert.kind is not AlertKind.EVACUATION or level is None:
        return
    for one in case.shown:
        text = unicodedata.normalize("NFKC", without_officer(one.text, alert))
        words = VOCABULARIES[one.language].brief_levels
        numbers = {int(number) for number in _LEVEL.findall(text)}
        named = {each for each in _ORDERED if words[each] in without_officer(one.text, alert)}
        if (numbers | named) - {level} or not numbers | named:
            told = "・".join(str(number) for number in sorted({*numbers, *map(int, named)}))
            yield stops("level", f"レベルが記録と違います：{told or 'なし'}（another level）", one)
        elif alert.is_order and not numbers:
            yield stops("level", "レベルの数字がありません（the level's number is missing）", one)
        if one.medium is Medium.LINE and _miscoloured(one, alert, level):
            yield stops("level", "カードの色がレベルと違います（the card has another colour）", one)


def _miscoloured(one: Shown, alert: Alert, level: AlertLevel) -> bool:
    official = {COLOURS[each][0] for each in _ORDERED}
    told = {colour for colour in card_colours(one.message["messages"]) if colour in official}
    return told != ({COLOURS[level][0]} if alert.sets_order else set())


def _hazards(case: Case) -> Iterator[Finding]:
    alert = case.alert
    if alert.hazard is None:
        return
    for one in case.shown:
        text = without_officer(one.text, alert).lower()
        if not _names(text, alert.hazard, one.language):
            yield stops("hazard", "災害の名前がありません（the hazard is not named）", one)
        others = [kind for kind in HazardKind if kind is not alert.hazard]
        if told := [kind for kind in others if _names(text, kind, one.language)]:
            words = "・".join(VOCABULARIES[one.language].hazards[kind] for kind in told)
            yield warns("hazard", f"ほかの災害の名前もあります：{words}（another hazard too）", one)


def _names(text: str, hazard: HazardKind, language: Language) -> bool:
    words = VOCABULARIES[language]
    spelled = {words.hazards[hazard].lower(), words.brief_hazards[hazard].lower()}
    return any(word in text for word in spelled)


def _areas(case: Case) -> Iterator[Finding]:
    for one in case.shown:
        if problem := _area_problem(case, one, without_officer(one.text, case.alert)):
            yield stops("area", problem, one)


def area_told(case: Case, one: Shown, text: str) -> bool:
    """Whether a text tells all areas, by name or by number, and no other."""
    return not _area_problem(case, one, text)


def _area_problem(case: Case, one: Shown, text: str) -> str:
    alert, words = case.alert, VOCABULARIES[one.language]
    expected = set(alert.area_names)
    known = {*case.areas, *expected}
    said = set(areas_said(text, known, one.language, case.gazetteer))
    if alert.whole_city:
        told = words.whole_city in text.lower()
        return "" if told else "区域がありません（no area）"
    if one.medium is Medium.LOUDSPEAKER and not said & expected:
        return _district_problem(case, text)
    if others := sorted(said - expected):
        return f"対象でない区域があります：{'、'.join(others)}（another area）"
    left = len(expected) - len(said)
    if left == 0:
        return ""
    if one.medium not in _MAY_COUNT or counted(text, one.language) != left:
        missing = "、".join(sorted(expected - said)[:5])
        return f"足りない区域があります：{missing}（areas are missing）"
    return ""


def _district_problem(case: Case, text: str) -> str:
    districts = {case.settings.districts.get(name, "") for name in case.alert.area_names}
    known = {*case.settings.districts.values(), *districts} - {""}
    said = areas_said(text, known, Language.JAPANESE, case.gazetteer)
    if "" in districts or said != districts:
        return "区域がありません（no area, or another district）"
    return ""


def _lists(case: Case) -> Iterator[Finding]:
    for one in case.shown:
        text = one.parts[0] if one.medium is Medium.LINE else one.text
        link = any(mark in text for mark in ("://", VOCABULARIES[one.language].list_site))
        if counted(text, one.language) and not link:
            yield stops("list", "すべての区域の一覧の場所がありません（where is the list?）", one)


def _actions(case: Case) -> Iterator[Finding]:
    own, told = sentences(case.alert.action), case.rendered.actions
    order = case.alert.kind is AlertKind.EVACUATION
    said = told[Language.JAPANESE][1:] if order else told[Language.JAPANESE][:1]
    wanted = own if order else own[:1]
    if not {_bare(one) for one in wanted} <= {_bare(one) for one in said}:
        yield stops("action", "行動が記録と違います（another action than in the record）")
    for one in case.shown:
        actions = told.get(one.language, ())
        if not actions or not all(actions[0] in part for part in _whole_parts(one)):
            yield stops("action", "行動がありません、または違います（no action, or another）", one)
    if own and order:
        yield warns(
            "own_action",
            "書いた行動は、ひな形の行動の後に続きます。SMSやテレビには、入らないことがあります"
            "（yours follow the template's, where there is room）",
        )
    if own and len(told) > 1:
        yield warns(
            "not_translated",
            "行動は日本語のまま、ほかの言語に添えられます（the action is added in Japanese）",
        )


def _bare(sentence: str) -> str:
    return sentence.removesuffix("。")


def _whole_parts(one: Shown) -> tuple[str, ...]:
    """Parts that must tell all by themselves: titles and subjects need not."""
    titled = one.medium in (Medium.MAIL, Medium.AREA_MAIL, Medium.WEB)
    return one.parts[1:] if titled else one.parts


AGREEMENT: Final = (
    Rule("level", "レベルはすべて同じです（levels agree）", _levels),
    Rule("hazard", "災害はすべて同じです（hazards agree）", _hazards),
    Rule("area", "区域はすべて同じです（areas agree）", _areas),
    Rule("list", "略した区域の一覧の場所があります（the full list is named）", _lists),
    Rule("action", "行動はすべて同じです（actions agree）", _actions),
)
