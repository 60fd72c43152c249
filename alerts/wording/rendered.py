"""All that is sent and read aloud of one alert, as plain data, frozen when it is approved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from alerts.errors import NotFit
from alerts.kinds import Language, Medium

Message = Mapping[str, Any]
"""What one medium takes in one language, as JSON knows it."""
FORM: Final = 1
"""The form of `to_dict`; another one is refused."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A medium or language that was not rendered: `why` for the officer; None: all of them."""

    language: Language
    medium: Medium | None
    code: str
    why: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Used:
    """A template whose words are in it."""

    key: str
    language: Language
    version: int
    reviewed: bool


@dataclass(frozen=True, slots=True)
class Rendered:
    """Renderings of one revision of an alert.

    `messages` by medium and language; `actions` by language: what to do, sentence by sentence.
    """

    number: int
    revision: int
    drill: bool
    messages: Mapping[Medium, Mapping[Language, Message]]
    actions: Mapping[Language, tuple[str, ...]]
    used: tuple[Used, ...]
    refused: tuple[Refusal, ...] = ()

    def message(self, medium: Medium, language: Language = Language.JAPANESE) -> Message | None:
        """What the medium takes in the language; None where it was not rendered."""
        return self.messages.get(medium, {}).get(language)

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages that it is in."""
        return tuple(self.actions)

    def to_dict(self) -> dict[str, Any]:
        """It as plain data, for JSON."""
        return {
            "form": FORM,
            "number": self.number,
            "revision": self.revision,
            "drill": self.drill,
            "messages": {
                str(medium): {str(language): dict(one) for language, one in by_language.items()}
                for medium, by_language in self.messages.items()
            },
            "actions": {str(language): list(said) for language, said in self.actions.items()},
            "used": [
                {
                    "key": one.key,
                    "language": str(one.language),
                    "version": one.version,
                    "reviewed": one.reviewed,
                }
                for one in self.used
            ],
            "refused": [
                {
                    "language": str(one.language),
                    "medium": None if one.medium is None else str(one.medium),
                    "code": one.code,
                    "why": one.why,
                    "names": list(one.names),
                }
                for one in self.refused
            ],
        }


def rendered_from(given: Mapping[str, Any]) -> Rendered:
    """What `to_dict` gave; raises `NotFit` for anything else."""
    try:
        if given["form"] != FORM:
            raise NotFit("別の版の文面です（rendered in another form）")
        return Rendered(
            given["number"],
            given["revision"],
            given["drill"],
            {
                Medium(medium): {Language(language): one for language, one in messages.items()}
                for medium, messages in given["messages"].items()
            },
            {Language(language): tuple(said) for language, said in given["actions"].items()},
            tuple(
                Used(one["key"], Language(one["language"]), one["version"], one["reviewed"])
                for one in given["used"]
            ),
            tuple(_refusal(one) for one in given["refused"]),
        )
    except NotFit:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NotFit("文面として読めません（not a rendered alert）") from error


def _refusal(given: Mapping[str, Any]) -> Refusal:
    medium = given["medium"]
    return Refusal(
        Language(given["language"]),
        None if medium is None else Medium(medium),
        given["code"],
        given["why"],
        tuple(given["names"]),
    )
