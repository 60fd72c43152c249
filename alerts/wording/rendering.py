"""All media and languages of an alert, from its one record."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from alerts.alert import Alert
from alerts.errors import NotFit
from alerts.kinds import AlertKind, Language, Medium
from alerts.wording.areawords import brief_areas, full_area, most_that_fits
from alerts.wording.choosing import as_reviewed, choose
from alerts.wording.content import Content, content_of
from alerts.wording.gazetteer import Gazetteer
from alerts.wording.media.cards import card
from alerts.wording.media.lengths import BUBBLE_MOST_BYTES, json_bytes
from alerts.wording.media.loudspeaker import Unreadable, loudspeaker
from alerts.wording.media.sms import sms
from alerts.wording.media.writing import area_mail, crawl, mail, post, web_text
from alerts.wording.reading.proposals import Engine, read_words
from alerts.wording.rendered import Message, Refusal, Rendered, Used
from alerts.wording.settings import Links, WordingSettings
from alerts.wording.template import Template
from hazards.order import ORDERED

LINE_ORDER: Final = (
    Medium.LINE, Medium.SMS, Medium.MAIL, Medium.AREA_MAIL, Medium.LOUDSPEAKER, Medium.TELEVISION,
    Medium.WEB, Medium.SOCIAL,
)  # fmt: skip
"""Media that are rendered here; radio, car and poster are made of these (`alerts/scripts`)."""


def render(
    alert: Alert,
    templates: Iterable[Template],
    gazetteer: Gazetteer,
    links: Links,
    settings: WordingSettings,
    engine: Engine = read_words,
) -> Rendered:
    """Everything that is sent and read aloud of an alert, as plain data.

    A language of which no reviewed template fits is left out of a live alert, and said so
    (`refused`); Japanese is rendered all the same, and `linter.check` stops it. A name whose
    reading nobody knows, or live: nobody confirmed, refuses the loudspeaker. Raises `NotFit` where
    there is no Japanese template, or the record contradicts itself.
    """
    _check(alert)
    known = tuple(templates)
    contents, refused = _contents(alert, known, gazetteer, settings)
    messages: dict[Medium, dict[Language, Message]] = {medium: {} for medium in LINE_ORDER}
    for content in contents.values():
        for medium, message in _written(content, gazetteer, links, settings).items():
            messages[medium][content.language] = message
    japanese = contents[Language.JAPANESE]
    try:
        spoken = loudspeaker(japanese, gazetteer, settings, engine)
        messages[Medium.LOUDSPEAKER][Language.JAPANESE] = spoken
    except Unreadable as unread:
        refused.append(_unreadable(unread.names))
    except NotFit as odd:
        refused.append(Refusal(Language.JAPANESE, Medium.LOUDSPEAKER, "unread", str(odd)))
    return Rendered(
        alert.number,
        alert.revision,
        alert.is_drill,
        {medium: by_language for medium, by_language in messages.items() if by_language},
        {language: content.actions for language, content in contents.items()},
        _used(contents),
        tuple(refused),
    )


def _check(alert: Alert) -> None:
    if alert.kind is AlertKind.EVACUATION:
        if alert.hazard is None or alert.level not in ORDERED:
            raise NotFit("避難情報には、災害と警戒レベル3〜5が必要です（hazard and level 3 to 5）")
    elif not alert.subject.strip():
        raise NotFit("件名がありません（a subject is needed）")
    if bool(alert.area_names) == alert.whole_city:
        raise NotFit("区域の名前か、市内全域のどちらかが必要です（areas, or the whole city）")


def _contents(
    alert: Alert,
    templates: tuple[Template, ...],
    gazetteer: Gazetteer,
    settings: WordingSettings,
) -> tuple[dict[Language, Content], list[Refusal]]:
    contents: dict[Language, Content] = {}
    refused: list[Refusal] = []
    for language in Language:
        choice = choose(templates, alert, language)
        if choice and as_reviewed(choice, alert):
            contents[language] = content_of(alert, language, choice, gazetteer, settings)
        elif choice:
            why = "確認されていない言葉なので、この言語では送りません（not reviewed）"
            refused.append(Refusal(language, None, "unreviewed", why))
        else:
            why = "この言語のひな形がありません（no template）"
            refused.append(Refusal(language, None, "no_template", why))
    if Language.JAPANESE not in contents:
        raise NotFit("日本語のひな形がありません（no Japanese template fits this alert）")
    return contents, refused


def _written(
    content: Content, gazetteer: Gazetteer, links: Links, settings: WordingSettings
) -> Mapping[Medium, Message]:
    written: dict[Medium, dict[str, Any] | None] = {
        Medium.LINE: _card(content, gazetteer, links),
        Medium.SMS: sms(content, gazetteer, links, settings),
        Medium.MAIL: mail(content, gazetteer, links),
        Medium.AREA_MAIL: area_mail(content, gazetteer),
        Medium.TELEVISION: crawl(content, gazetteer, settings.most_television),
        Medium.WEB: web_text(content, gazetteer),
        Medium.SOCIAL: post(content, gazetteer, links),
    }
    return {medium: message for medium, message in written.items() if message is not None}


def _card(content: Content, gazetteer: Gazetteer, links: Links) -> dict[str, Any]:
    """The card with all areas, or with as many as LINE takes."""
    candidates = list(brief_areas(content.alert, content.language, gazetteer))
    brief, _ = most_that_fits(candidates, lambda area, left: len(area) <= _ALT_AREA)
    made = card(content, full_area(content.alert, content.language, gazetteer), brief, links)
    if _is_bubble(made):
        return made

    def shorter(area: str, left: int) -> dict[str, Any]:
        more = f" {content.vocabulary.list_at.format(link=links.areas)}" if left else ""
        return card(content, area + more, brief, links)

    return shorter(*most_that_fits(candidates, lambda *one: _is_bubble(shorter(*one))))


def _is_bubble(made: dict[str, Any]) -> bool:
    return json_bytes(made["messages"][0]["contents"]) <= BUBBLE_MOST_BYTES


_ALT_AREA: Final = 200
"""Characters of areas in the line that LINE shows in its list of chats."""


def _unreadable(names: tuple[str, ...]) -> Refusal:
    why = f"読みが確認されていない名前があります：{'、'.join(names)}（readings to be confirmed）"
    return Refusal(Language.JAPANESE, Medium.LOUDSPEAKER, "unread", why, names)


def _used(contents: Mapping[Language, Content]) -> tuple[Used, ...]:
    return tuple(
        Used(one.key, one.language, one.version, one.is_reviewed)
        for content in contents.values()
        for one in content.choice.used
    )
