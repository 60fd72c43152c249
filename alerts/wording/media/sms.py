"""An SMS: area and what to do in its first part, whatever else there is room for after them."""

from typing import Any

from alerts.wording.areawords import brief_areas, most_that_fits
from alerts.wording.content import Content
from alerts.wording.drills import marked
from alerts.wording.gazetteer import Gazetteer
from alerts.wording.media.lengths import FIRST_PART, SMS_MOST, sms_parts, units
from alerts.wording.settings import Links, WordingSettings


def sms(
    content: Content, gazetteer: Gazetteer, links: Links, settings: WordingSettings
) -> dict[str, Any]:
    """The message: names are left out, and counted, until area and action are in the first part."""

    def is_first(area: str, left: int) -> bool:
        begun = marked(f"{content.short(area)}\n", content)
        return in_first_part(begun, area) and in_first_part(begun, content.actions[0])

    candidates = list(brief_areas(content.alert, content.language, gazetteer))
    area, left = most_that_fits(candidates, is_first)
    text = _whole(content, area, left, links, settings)
    return {"text": text, "parts": sms_parts(text, _added(links))}


def first_part(text: str) -> str:
    """What stands in the first part of the SMS of a text."""
    fitting = (text[:end] for end in range(min(len(text), FIRST_PART), 0, -1))
    return next((part for part in fitting if units(part) <= FIRST_PART), "")


def in_first_part(text: str, words: str) -> bool:
    """Whether words end within the first part of an SMS."""
    at = text.find(words)
    return at >= 0 and units(text[: at + len(words)]) <= FIRST_PART


def _whole(content: Content, area: str, left: int, links: Links, settings: WordingSettings) -> str:
    more, base = _added(links), content.short(area)
    ends = [content.vocabulary.list_at.format(link=links.areas)] if left else []
    way, least = content.link_line(links), content.least_actions()

    def whole(count: int, *last: str) -> str:
        rest = [content.rest(count)] if count > 1 else []
        return marked("\n".join([base, *rest, *ends, *last]), content)

    for count in range(len(content.actions), 0, -1):
        text = whole(count, way)
        fits = sms_parts(text, more) <= settings.sms_parts or count <= least
        if fits and units(text) + more <= SMS_MOST:
            return text
    return whole(1)


def _added(links: Links) -> int:
    """Units of the link that a carrier puts on a line of its own after the text."""
    return links.own_length + 1 if links.own_length else 0
