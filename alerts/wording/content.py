"""An alert's words in one language: the template with its slots filled, before any medium."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.alert import Alert
from alerts.kinds import AlertKind, Language, Step
from alerts.wording.areawords import city_words
from alerts.wording.choosing import Choice
from alerts.wording.gazetteer import Gazetteer
from alerts.wording.languages.words import Vocabulary
from alerts.wording.moments import moment_words, stamp
from alerts.wording.morae import sentences
from alerts.wording.ruby import parse, plain
from alerts.wording.settings import Links, WordingSettings
from alerts.wording.vocabulary import VOCABULARIES
from hazards.kinds import AlertLevel


@dataclass(frozen=True, slots=True)
class Content:
    """What all media of a language are made of.

    `brief`: values where each letter counts. `actions`: what to do, sentence by sentence; the
    first is the one that every medium has. Those of 避難情報 are the template's, and an officer's
    own follow them. `added`: an officer's Japanese words about what to do, in another language.
    """

    alert: Alert
    language: Language
    choice: Choice
    values: Mapping[str, str]
    brief: Mapping[str, str]
    actions: tuple[str, ...]
    added: str
    written: str

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of its language that are in no template."""
        return VOCABULARIES[self.language]

    def stands(self) -> tuple[str, ...]:
        """That an order goes on when the message is over; a drill orders nothing."""
        return (self.vocabulary.stands,) if self.alert.sets_order else ()

    def title(self) -> str:
        """One line."""
        return self._filled(self.choice.template.title, self.values)

    def link_button(self) -> str:
        """What the link of this alert opens, for a button."""
        return self._link_words()[0]

    def link_line(self, links: Links) -> str:
        """The line with the link, or the one before the reader's own link."""
        _, at, following = self._link_words()
        return following if links.own_length else at.format(link=links.way)

    def post_line(self, links: Links) -> str:
        """The line with the link that is everybody's."""
        return self._link_words()[1].format(link=links.way)

    def least_actions(self) -> int:
        """How many sentences of what to do are worth their price: at level 5 the one that says
        where in the house is, too.
        """
        return min(len(self.actions), 2 if self._is_level_5() else 1)

    def short(self, area: str, *, count: int = 1) -> str:
        """One or two sentences with the area and what to do, of which the first `count`."""
        action = self._joined(self.actions[:count])
        values = {**self.values, **self.brief, "area": area, "action": action}
        return self._filled(self.choice.template.short, values)

    def text(self, area: str) -> tuple[str, ...]:
        """The sentences to be read, what to do one by one; those without words are left out."""
        lines: list[str] = []
        values = {**self.values, "area": area, "action": self._joined(self.actions)}
        for sentence in self.choice.template.text:
            if sentence == "{action}":
                lines += self.actions
            else:
                lines.append(self._filled(sentence, values))
        return tuple(line for line in (*lines, self.added) if line)

    def rest(self, count: int) -> str:
        """What to do beyond the first sentence, up to the one of that number."""
        return self._joined(self.actions[1:count])

    def _link_words(self) -> tuple[str, str, str]:
        words = self.vocabulary
        if self.alert.step in (Step.CANCEL, Step.ALL_CLEAR):
            return words.current, words.current_at, words.current_next
        if self._is_level_5():
            return words.secure, words.secure_at, words.secure_next
        return words.way, words.way_at, words.way_next

    def _is_level_5(self) -> bool:
        return self.alert.order_level is AlertLevel.SECURE_NOW

    def _joined(self, parts: tuple[str, ...]) -> str:
        return (" " if self.vocabulary.is_latin else "").join(parts)

    def _filled(self, sentence: str, values: Mapping[str, str]) -> str:
        filled = sentence.format_map(values).strip()
        return filled[:1].upper() + filled[1:] if self.vocabulary.is_latin else filled


def content_of(
    alert: Alert,
    language: Language,
    choice: Choice,
    gazetteer: Gazetteer,
    settings: WordingSettings,
) -> Content:
    """The words of an alert in a language."""
    words = VOCABULARIES[language]
    action, reason = _sentences(alert.action), "".join(_sentences(alert.reason))
    standard = tuple(plain(parse(sentence)) for sentence in choice.action)
    city = city_words(alert.city, language, gazetteer)
    values = {
        "city": city,
        "reason": words.officer.format(text=reason) if reason else "",
        "subject": alert.subject.strip().removesuffix("。"),
        "until": moment_words(alert.expires_at, alert.made_at, settings.zone, language),
        "level": "" if alert.level is None else str(int(alert.level)),
        "level_word": words.levels[alert.level] if alert.level is not None else "",
        "hazard": words.hazards[alert.hazard] if alert.hazard else "",
    }
    brief = {
        "level_word": words.brief_levels[alert.level] if alert.level is not None else "",
        "hazard": words.brief_hazards[alert.hazard] if alert.hazard else "",
    }
    foreign = language is not Language.JAPANESE and action
    time = stamp(alert.made_at, settings.zone, language)
    return Content(
        alert,
        language,
        choice,
        values,
        brief,
        actions=_actions(alert, language, standard, action),
        added=words.officer.format(text="".join(action)) if foreign else "",
        written=words.written.format(city=city, time=time, revision=alert.revision),
    )


def _actions(
    alert: Alert, language: Language, standard: tuple[str, ...], own: tuple[str, ...]
) -> tuple[str, ...]:
    """What an officer adds to 避難情報 follows the template's words, and never replaces them."""
    if language is not Language.JAPANESE or not own:
        return standard
    return (*standard, *own) if alert.kind is AlertKind.EVACUATION else own


def _sentences(text: str) -> tuple[str, ...]:
    """An officer's sentences, each with its 。."""
    return tuple(
        one if one.endswith(("。", "！", "？")) else f"{one}。" for one in sentences(text.strip())
    )
