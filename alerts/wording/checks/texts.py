"""What people see or hear of a rendering, read back from it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from alerts.alert import Alert
from alerts.kinds import Language, Medium
from alerts.wording.media.cards import card_texts
from alerts.wording.morae import sentences
from alerts.wording.rendered import Message, Rendered


@dataclass(frozen=True, slots=True)
class Shown:
    """One medium in one language: `parts` are what is seen as one, each from head to tail."""

    medium: Medium
    language: Language
    message: Message
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.parts)


def shown(rendered: Rendered) -> Iterator[Shown]:
    """Everything that a rendering shows, medium by medium."""
    for medium, by_language in rendered.messages.items():
        for language, message in by_language.items():
            yield Shown(medium, language, message, tuple(_parts(medium, message)))


def without_officer(text: str, alert: Alert) -> str:
    """A text without the officer's own sentences, which may tell of anything."""
    own = {*sentences(alert.reason), *sentences(alert.action)}
    own.add(alert.subject.strip().removesuffix("。"))
    for sentence in sorted(filter(None, own), key=len, reverse=True):
        text = text.replace(sentence, " ")
    return text


def loudspeaker_text(message: Message) -> str:
    """What the loudspeaker says, as written, from head to tail."""
    return "".join(_written(line) for line in _lines(message))


def loudspeaker_kana(message: Message) -> tuple[str, ...]:
    """What the loudspeaker says, sentence by sentence, in kana."""
    said = "".join(kana or text for line in _lines(message) for text, kana in line["segments"])
    return tuple(re.findall("[^。！？]+[。！？]*", said))


def _parts(medium: Medium, message: Message) -> Iterator[str]:
    if medium is Medium.LINE:
        for one in message["messages"]:
            yield "\n".join(card_texts(one["contents"]))
            yield one["altText"]
    elif medium is Medium.LOUDSPEAKER:
        yield loudspeaker_text(message)
    elif medium is Medium.WEB:
        yield message["title"]
        yield "\n".join(message["paragraphs"])
    else:
        yield from (message[key] for key in ("subject", "title", "text") if key in message)


def _lines(message: Message) -> Iterator[Message]:
    yield from (line for line in (message["head"], *message["sentences"], message["tail"]) if line)


def _written(line: Message) -> str:
    return "".join(text for text, _ in line["segments"])
