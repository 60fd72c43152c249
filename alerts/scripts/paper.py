"""What is shown, hung up, passed from house to house, and brought back with notes."""

from dataclasses import dataclass
from typing import Final

from alerts.alert import Alert
from alerts.errors import NotFit
from alerts.kinds import Language, Medium
from alerts.scripts.head import Head, head_of
from alerts.scripts.plaindata import PlainData
from alerts.wording.rendered import Rendered
from alerts.wording.settings import Links, WordingSettings
from hazards.kinds import AlertLevel

_CIRCULAR_FIELDS: Final = ("班", "見た時刻", "印", "次の家へ回した時刻")
_RETURN_FIELDS: Final = ("時刻", "読んだ人", "場所・子局", "聞こえなかった所", "気づいたこと")
_ROWS: Final = 12


@dataclass(frozen=True, slots=True)
class Crawl(PlainData):
    """One line for a television's screen."""

    language: Language
    text: str
    characters: int


@dataclass(frozen=True, slots=True)
class Poster(PlainData):
    """A sheet to hang up: `action` in large letters, `paragraphs` below, `link` as a QR code."""

    head: Head
    language: Language
    title: str
    action: str
    paragraphs: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Circular(PlainData):
    """回覧板: the Japanese poster with columns to sign in; passed on only while it is safe."""

    poster: Poster
    rule: str
    fields: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class ReturnSheet(PlainData):
    """What comes back to headquarters: who read it where, and where it was not heard."""

    head: Head
    fields: tuple[str, ...]
    rows: int
    rule: str


def crawls(rendered: Rendered) -> tuple[Crawl, ...]:
    """The crawls of all languages."""
    messages = rendered.messages.get(Medium.TELEVISION, {})
    return tuple(
        Crawl(language, message["text"], len(message["text"]))
        for language, message in messages.items()
    )


def posters(
    alert: Alert, rendered: Rendered, links: Links, settings: WordingSettings
) -> tuple[Poster, ...]:
    """A poster in each language of the alert."""
    head = head_of(alert, "お知らせ", settings)
    return tuple(
        Poster(
            head,
            language,
            message["title"],
            rendered.actions[language][0],
            tuple(message["paragraphs"]),
            links.way,
        )
        for language, message in rendered.messages.get(Medium.WEB, {}).items()
    )


def circular(alert: Alert, rendered: Rendered, links: Links, settings: WordingSettings) -> Circular:
    """The 回覧板 of an alert; raises `NotFit` at level 5, when nobody goes from house to house."""
    if alert.order_level is AlertLevel.SECURE_NOW:
        raise NotFit("警戒レベル5では回覧しません（at level 5 nothing is passed on）")
    japanese = next(
        one
        for one in posters(alert, rendered, links, settings)
        if one.language is Language.JAPANESE
    )
    rule = "避難を始めた家、水や土砂のある所へは回さない。回せないときは、声をかける。"
    return Circular(japanese, rule, _CIRCULAR_FIELDS, _ROWS)


def return_sheet(alert: Alert, settings: WordingSettings) -> ReturnSheet:
    """The sheet on which readers note where they read, and where nobody heard it."""
    rule = "読み終わったら、本部へ。電話でもよい。"
    return ReturnSheet(head_of(alert, "読み上げの記録", settings), _RETURN_FIELDS, _ROWS, rule)
