"""Marks of a drill, put around everything by the renderer and by nobody else (`safety.md` 16)."""

from alerts.wording.content import Content
from alerts.wording.languages.words import DRILL_MARK


def marked(text: str, content: Content) -> str:
    """The text with 訓練 at head and tail where the alert is one of a drill."""
    if not content.alert.is_drill:
        return text
    words = content.vocabulary
    if "\n" in text:
        return f"{words.drill_head}{text.rstrip()}\n{words.drill_tail.strip()}"
    return f"{words.drill_head}{text}{words.drill_tail}"


def is_marked(text: str) -> bool:
    """Whether 訓練 stands at head and tail."""
    return text.startswith(DRILL_MARK) and text.endswith(DRILL_MARK)
