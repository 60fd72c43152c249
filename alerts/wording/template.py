"""The sentences of one message, in one language, with slots for what each alert puts in."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from alerts.errors import NotFit
from alerts.kinds import AlertKind, Language, Step
from alerts.wording.templatecheck import check_parts
from hazards.kinds import AlertLevel, HazardKind

PARTS: Final = ("title", "short", "text", "action", "call", "spoken")


@dataclass(frozen=True, slots=True)
class Template:
    """What is said of one kind of alert; `hazard` and `level` None: of any.

    - `title`: one line, for subjects and headings;
    - `short`: one or two sentences for SMS and a crawl, area and action first;
    - `text`: sentences to be read, on LINE, by mail, on the web;
    - `action`: what to do, one sentence each, the first one so short that it fits into `short`. In
      Japanese with readings. It stands where an officer wrote no action; empty in an update of
      避難情報, which takes that of the issue;
    - `call`: what the loudspeaker calls out before anything else (警戒レベル4、避難開始), and
    - `spoken`: sentences for the loudspeaker, both in ruby notation, in Japanese only.

    `reviewed_by` "" is a draft: it never goes live. Raises `NotFit` for words that cannot be used.
    """

    kind: AlertKind
    hazard: HazardKind | None
    level: AlertLevel | None
    step: Step
    language: Language
    version: int
    title: str
    short: str
    text: tuple[str, ...]
    action: tuple[str, ...] = ()
    call: str = ""
    spoken: tuple[str, ...] = ()
    reviewed_by: str = field(default="", repr=False)
    reviewed_at: datetime | None = None

    def __post_init__(self) -> None:
        check_parts(
            evacuation=self.kind is AlertKind.EVACUATION,
            step=self.step,
            language=self.language,
            parts={key: getattr(self, key) for key in PARTS},
        )

    @property
    def key(self) -> str:
        """What it is for, in one word: evacuation.issue.flood.4.ja."""
        level = "any" if self.level is None else str(int(self.level))
        return f"{self.kind}.{self.step}.{self.hazard or 'any'}.{level}.{self.language}"

    @property
    def is_reviewed(self) -> bool:
        """Whether somebody of the city answers for its words."""
        return bool(self.reviewed_by)


def adopted(template: Template, by: str, at: datetime) -> Template:
    """The template as reviewed for the city by somebody (role or name) at a moment.

    Raises `NotFit` where nobody is named, or `at` has no time zone.
    """
    if not by.strip() or at.tzinfo is None:
        raise NotFit("だれが、いつ確認したかが必要です（who reviewed it, and when）")
    return replace(template, reviewed_by=by.strip(), reviewed_at=at)


def edited(template: Template, parts: Mapping[str, Any]) -> Template:
    """Another version with other words; whoever reviewed the one before did not review these."""
    if unknown := set(parts) - set(PARTS):
        raise NotFit(f"ひな形にない部分です：{', '.join(sorted(unknown))}（no such part）")
    words = {key: _words(value) for key, value in parts.items()}
    return replace(
        template, **words, version=template.version + 1, reviewed_by="", reviewed_at=None
    )


def template_dict(template: Template) -> dict[str, Any]:
    """The template as plain data, as TOML and JSON take it: what is None or empty is left out."""
    plain_data = asdict(template)
    plain_data["level"] = None if template.level is None else int(template.level)
    if template.reviewed_at:
        plain_data["reviewed_at"] = template.reviewed_at.isoformat()
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in plain_data.items()
        if value not in (None, "", ())
    }


def template_from(given: Mapping[str, Any]) -> Template:
    """The template of such plain data; raises `NotFit` naming what is wrong."""
    values = dict(given)
    try:
        at = values.pop("reviewed_at", None)
        hazard, level = values.pop("hazard", None), values.pop("level", None)
        return Template(
            kind=AlertKind(values.pop("kind")),
            hazard=None if hazard is None else HazardKind(hazard),
            level=None if level is None else AlertLevel(level),
            step=Step(values.pop("step")),
            language=Language(values.pop("language")),
            reviewed_at=datetime.fromisoformat(at) if isinstance(at, str) else at,
            **{key: _words(value) for key, value in values.items()},
        )
    except NotFit:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise NotFit(f"ひな形として読めません：{error}（not a template）") from error


def _words(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
