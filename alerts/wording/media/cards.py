"""The LINE card: a Flex bubble with the colour, number and word of the level; a drill has none."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from alerts.levels import COLOURS
from alerts.wording.content import Content
from alerts.wording.drills import marked
from alerts.wording.seen import seen_data
from alerts.wording.settings import Links

NEUTRAL: Final = ("#5b6570", "#ffffff")
"""Background and text of a card that tells of no level in force."""
DRILL_STRIPES: Final = ("#7b8794", "#eef0f2")
_ACTION: Final = "#0b5cad"
_INK: Final = "#14171a"
_MUTED: Final = "#5b6570"
_STRIPES: Final = 15
_HEADLINE: Final = 60
"""Characters of areas that are still a headline; more stand in the first sentence only."""


def card(content: Content, area: str, brief: str, links: Links) -> dict[str, Any]:
    """The message of one language: `area` in full for the card, `brief` for the list of chats."""
    drill = content.alert.is_drill
    bubble: dict[str, Any] = {
        "type": "bubble",
        "size": "mega",
        "header": _header(content),
        "body": _body(content, area),
        "footer": _footer(content, links),
    }
    alt = f"{content.title()} {content.short(brief)}" if drill else content.short(brief)
    return {
        "messages": [
            {"type": "flex", "altText": marked(alt, content), "contents": bubble},
        ]
    }


def card_texts(part: Any) -> Iterator[str]:
    """All that a reader sees of a card, from its head to its foot."""
    if isinstance(part, Mapping):
        for key in ("text", "label"):
            if isinstance(part.get(key), str) and part.get("type") != "postback":
                yield part[key]
        for key in ("header", "body", "contents", "footer", "action"):
            yield from card_texts(part.get(key, ()))
    elif isinstance(part, list):
        for one in part:
            yield from card_texts(one)


def card_colours(part: Any) -> Iterator[str]:
    """All backgrounds of a card."""
    if isinstance(part, Mapping):
        if isinstance(part.get("backgroundColor"), str):
            yield part["backgroundColor"]
        for value in part.values():
            yield from card_colours(value)
    elif isinstance(part, list):
        for one in part:
            yield from card_colours(one)


def _header(content: Content) -> dict[str, Any]:
    alert, words = content.alert, content.vocabulary
    if alert.is_drill:
        mark = _text(words.drill_head.strip(), _INK, "lg", weight="bold")
        return _box([_stripes(), mark, *_heading(content, _INK)], spacing="sm")
    level = alert.order_level
    background, ink = COLOURS[level] if level is not None else NEUTRAL
    return {**_box(_heading(content, ink)), "backgroundColor": background, "paddingAll": "16px"}


def _heading(content: Content, ink: str) -> list[dict[str, Any]]:
    """Number, word and hazard of a level in force; the title of anything else."""
    level = content.alert.order_level
    if level is None:
        return [_text(content.title(), ink, "lg", weight="bold")]
    words = content.values
    number = _box(
        [
            _text(content.vocabulary.level.format(level="").strip(), ink, "xs"),
            _text(words["level"], ink, "3xl", weight="bold"),
        ]
    )
    named = [
        _text(words["level_word"], ink, "lg", weight="bold"),
        _text(words["hazard"], ink, "md"),
    ]
    columns = [{**number, "flex": 2}, {**_box(named), "flex": 5}]
    return [{**_box(columns, layout="horizontal", spacing="md"), "alignItems": "center"}]


def _body(content: Content, area: str) -> dict[str, Any]:
    lines = [_text(area, _INK, "lg", weight="bold")] if len(area) <= _HEADLINE else []
    lines += [_text(line, _INK, "md") for line in content.text(area)]
    lines += [_text(line, _MUTED, "sm") for line in (*content.stands(), content.written)]
    if content.alert.is_drill:
        lines.insert(0, _text(content.vocabulary.drill_note, _INK, "md", weight="bold"))
        framed = _box(lines, spacing="md")
        return {**framed, "borderColor": DRILL_STRIPES[0], "borderWidth": "medium"} | {
            "paddingAll": "12px"
        }
    return _box(lines, spacing="md")


def _footer(content: Content, links: Links) -> dict[str, Any]:
    words, alert = content.vocabulary, content.alert
    shown = marked(words.seen, content) if alert.is_drill else words.seen
    buttons: list[dict[str, Any]] = [
        {
            "type": "button",
            "style": "primary",
            "color": _ACTION,
            "action": {"type": "uri", "label": content.link_button(), "uri": links.way},
        },
        {
            "type": "button",
            "style": "secondary",
            "action": {
                "type": "postback",
                "label": words.seen,
                "data": seen_data(alert.number, alert.revision),
                "displayText": shown,
            },
        },
    ]
    if alert.is_drill:
        tail = _text(words.drill_tail.strip(), _INK, "lg", weight="bold")
        return _box([*buttons, tail, _stripes()], spacing="sm")
    return _box(buttons, spacing="sm")


def _stripes() -> dict[str, Any]:
    """A band in which grey and light take turns: what a level never looks like."""
    colours = [DRILL_STRIPES[number % 2] for number in range(_STRIPES)]
    cells = [
        {**_box([{"type": "filler"}]), "backgroundColor": colour, "height": "8px"}
        for colour in colours
    ]
    return _box(cells, layout="horizontal")


def _box(
    contents: list[dict[str, Any]], layout: str = "vertical", spacing: str = "none"
) -> dict[str, Any]:
    return {"type": "box", "layout": layout, "spacing": spacing, "contents": contents}


def _text(text: str, colour: str, size: str, weight: str = "regular") -> dict[str, Any]:
    return {
        "type": "text",
        "text": text,
        "color": colour,
        "size": size,
        "weight": weight,
        "wrap": True,
    }
