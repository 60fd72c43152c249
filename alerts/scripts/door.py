"""What a team says at a door: the approved words, as many as fit in a call."""

from alerts.errors import NotFit
from alerts.kinds import Language, Medium
from alerts.scripts.voice import voice_script
from alerts.wording.rendered import Rendered
from alerts.wording.ruby import Segment

Said = tuple[Segment, ...]


def door_words(rendered: Rendered) -> tuple[Said, ...]:
    """Lines with their readings; the written words, without any, where nothing may be read aloud.

    Raises `NotFit` where there are no words at all.
    """
    try:
        return voice_script(rendered).lines
    except NotFit:
        return tuple((Segment(line),) for line in _written(rendered))


def _written(rendered: Rendered) -> tuple[str, ...]:
    """Title and actions of the page; of a drill between the page's own marks."""
    page = rendered.message(Medium.WEB)
    actions = rendered.actions.get(Language.JAPANESE)
    if page is None or not actions:
        raise NotFit("戸口で伝える文がありません（no words for a door）")
    lines = (page["title"], *actions)
    paragraphs = page["paragraphs"]
    return (paragraphs[0], *lines, paragraphs[-1]) if rendered.drill else lines
