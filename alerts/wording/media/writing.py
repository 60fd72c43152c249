"""Mail, 緊急速報メール, crawl, web page and post."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from alerts.kinds import AlertKind, Language, Step
from alerts.wording.areawords import brief_areas, full_area, most_that_fits
from alerts.wording.content import Content
from alerts.wording.drills import marked
from alerts.wording.gazetteer import Gazetteer
from alerts.wording.media.lengths import (
    AREA_MAIL_TEXT_MOST,
    AREA_MAIL_TITLE_MOST,
    POST_MOST,
    post_weight,
)
from alerts.wording.settings import Links

_OVER: Final = {Step.CANCEL: "取消", Step.ALL_CLEAR: "解除"}


def mail(content: Content, gazetteer: Gazetteer, links: Links) -> dict[str, Any]:
    """Subject and text of a mail."""
    lines = list(content.text(full_area(content.alert, content.language, gazetteer)))
    foot = [content.link_line(links), *content.stands(), content.written]
    text = "\n".join([content.title(), "", *lines, "", *foot])
    return {"subject": marked(content.title(), content), "text": marked(text, content)}


def area_mail(content: Content, gazetteer: Gazetteer) -> dict[str, Any] | None:
    """緊急速報メール: it reaches every phone in the city, so it names the areas; Japanese only, and
    for 避難情報 only. No address or number is in it: everybody would open it at once.
    """
    if content.alert.kind is not AlertKind.EVACUATION or content.language is not Language.JAPANESE:
        return None

    def text(area: str, left: int) -> str:
        more = [content.vocabulary.list_site] if left else []
        lines = [content.title(), *content.text(area), *more, content.written]
        return marked("\n".join(lines), content)

    shown = _shortened(content, gazetteer, text, lambda whole: len(whole) <= AREA_MAIL_TEXT_MOST)
    return {"title": _area_mail_title(content), "text": shown}


def _area_mail_title(content: Content) -> str:
    """The longest that fits: on a phone it stands alone, so it says that an order is over."""
    level, hazard = content.values["level_word"], content.values["hazard"]
    over = _OVER.get(content.alert.step, "")
    titles = [f"{over} {level}（{hazard}）", f"{over} {level}", over or level]
    whole = [marked(one.strip(), content) for one in titles]
    return next((one for one in whole if len(one) <= AREA_MAIL_TITLE_MOST), whole[-1])


def crawl(content: Content, gazetteer: Gazetteer, most: int) -> dict[str, Any]:
    """One line for the screen of a television, at most `most` characters long where names can be
    left out for that.
    """

    def text(area: str, left: int, count: int) -> str:
        more = f" {content.vocabulary.list_site}" if left else ""
        return marked(content.short(area, count=count) + more, content)

    return {"text": _longest(content, gazetteer, text, lambda line: len(line) <= most)}


def post(content: Content, gazetteer: Gazetteer, links: Links) -> dict[str, Any]:
    """A post on a social network, with the link where there is room for it."""

    def text(area: str, left: int, count: int, way: str) -> str:
        more = content.vocabulary.list_at.format(link=links.areas) if left else ""
        parts = [content.short(area, count=count), more, way]
        return marked("\n".join(part for part in parts if part), content)

    shown = _longest(content, gazetteer, partial(text, way=content.post_line(links)), _is_post)
    if not _is_post(shown):
        shown = _shortened(content, gazetteer, lambda area, left: text(area, left, 1, ""), _is_post)
    return {"text": shown}


def _is_post(text: str) -> bool:
    return post_weight(text) <= POST_MOST


def web_text(content: Content, gazetteer: Gazetteer) -> dict[str, Any]:
    """Title and paragraphs for a page, and who speaks."""
    area = full_area(content.alert, content.language, gazetteer)
    paragraphs = [*content.text(area), *content.stands(), content.written]
    if content.alert.is_drill:
        note = marked(content.vocabulary.drill_note, content)
        paragraphs = [note, *paragraphs, note]
    title, city = marked(content.title(), content), content.values["city"]
    return {"title": title, "paragraphs": paragraphs, "city": city}


def _longest(
    content: Content,
    gazetteer: Gazetteer,
    text: Callable[[str, int, int], str],
    fits: Callable[[str], bool],
) -> str:
    """The text with as much of what to do as fits beside all names; names are left out only where
    a single sentence does not fit.
    """
    candidates = brief_areas(content.alert, content.language, gazetteer)
    full = [area for area, left in candidates if not left]
    for count in range(len(content.actions), 1, -1):
        for area in full:
            if fits(whole := text(area, 0, count)):
                return whole
    return _shortened(content, gazetteer, lambda area, left: text(area, left, 1), fits)


def _shortened(
    content: Content,
    gazetteer: Gazetteer,
    text: Callable[[str, int], str],
    fits: Callable[[str], bool],
) -> str:
    """The text with as many names as fit; with the fewest where nothing does."""
    candidates = list(brief_areas(content.alert, content.language, gazetteer))
    return text(*most_that_fits(candidates, lambda area, left: fits(text(area, left))))
