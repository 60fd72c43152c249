"""The envelope of a telegram of 気象庁防災情報XML: Control, Head, and a body that others read.

Telegrams are XML from strangers: no DOCTYPE, no entity, no endless file.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from data.errors import BrokenSource
from hazards.bulletin import Issue, Status

MOST_BYTES: Final = 4_000_000
"""The largest official sample has 300,000."""
ROOT: Final = "http://xml.kishou.go.jp/jmaxml1/"
_HEAD: Final = f"{{{ROOT}informationBasis1/}}Head"
_FETCH: Final = "電文を受け取り直してください"
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Telegram:
    """A telegram's envelope as it stands; `namespace` is that of the body.

    `path` is what the telegram is called in a complaint.
    """

    path: Path
    title: str
    status: Status
    office: str
    sent_at: datetime
    heading: str
    reported_at: datetime
    target_at: datetime | None
    valid_until: datetime | None
    event_id: str
    serial: str
    issue: Issue
    headline: str
    head: Element
    body: Element
    namespace: str


def open_telegram(content: bytes, path: Path) -> Telegram:
    """Read the envelope; raises `BrokenSource` for what is no telegram, or only part of one."""
    root = _parsed(content, path)
    if root.tag != f"{{{ROOT}}}Report":
        raise _unknown(path, "気象庁防災情報XMLの電文ではありません（no Report of jmaxml1）")
    control, head = root.find(f"{{{ROOT}}}Control"), root.find(_HEAD)
    body = next((one for one in root if one.tag.endswith("}Body")), None)
    if control is None or head is None or body is None:
        what = "Control・Head・Bodyのどれかがありません（an unknown schema）"
        raise _unknown(path, what)
    return Telegram(
        path=path,
        title=_needed(path, control, "Title"),
        status=_word(path, control, "Status", Status),
        office=_needed(path, control, "EditorialOffice"),
        sent_at=_moment(path, control, "DateTime"),
        heading=_needed(path, head, "Title"),
        reported_at=_moment(path, head, "ReportDateTime"),
        target_at=_perhaps(path, head, "TargetDateTime"),
        valid_until=_perhaps(path, head, "ValidDateTime"),
        event_id=text_of(head, "EventID"),
        serial=text_of(head, "Serial"),
        issue=_word(path, head, "InfoType", Issue),
        headline=text_of(head, "Headline/Text"),
        head=head,
        body=body,
        namespace=body.tag[1:].partition("}")[0],
    )


def text_of(element: Element, path: str) -> str:
    """The text at a path of names, of whatever namespace; "" where there is none."""
    steps = "/".join(f"{{*}}{name}" for name in path.split("/"))
    return (element.findtext(steps) or "").strip()


def all_of(element: Element, path: str) -> list[Element]:
    """The elements at a path of names, of whatever namespace."""
    return element.findall("/".join(f"{{*}}{name}" for name in path.split("/")))


def _parsed(content: bytes, path: Path) -> Element:
    if len(content) > MOST_BYTES:
        raise BrokenSource(path, f"電文が大きすぎます（more than {MOST_BYTES:,} bytes）")
    if not content.strip():
        raise BrokenSource(path, "空です（empty）", remedy=_FETCH)
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        what = "DOCTYPEまたは実体が入っています。電文にはありません（a DOCTYPE or an entity）"
        raise BrokenSource(path, what) from error
    except ParseError as error:
        what = f"途中で切れているか、XMLではありません（cut off, or no XML: {error}）"
        raise BrokenSource(path, what, remedy=_FETCH) from error
    except (ValueError, LookupError) as error:
        what = "文字コードが読めません。電文はUTF-8です（an encoding that is not UTF-8）"
        raise BrokenSource(path, what, remedy=_FETCH) from error
    return root


def _unknown(path: Path, what: str) -> BrokenSource:
    return BrokenSource(path, what, remedy="気象庁防災情報XML（jmaxml1）の電文か確かめてください")


def _needed(path: Path, element: Element, name: str) -> str:
    text = text_of(element, name)
    if not text:
        raise BrokenSource(path, f"{name}がありません（is missing）", remedy=_FETCH)
    return text


def _word(path: Path, element: Element, name: str, words: type[_Word]) -> _Word:
    text = _needed(path, element, name)
    try:
        return words(text)
    except ValueError:
        known = "・".join(words)
        what = f"{name}が{known}のどれでもありません: {text}（an unknown word）"
        raise BrokenSource(path, what) from None


def _moment(path: Path, element: Element, name: str) -> datetime:
    text = _needed(path, element, name)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BrokenSource(path, f"{name}が時刻ではありません: {text}（no time）") from None
    if at.tzinfo is None:
        raise BrokenSource(path, f"{name}に時差がありません: {text}（no offset）")
    return at


def _perhaps(path: Path, element: Element, name: str) -> datetime | None:
    return _moment(path, element, name) if text_of(element, name) else None
