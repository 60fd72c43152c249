"""XML that strangers made: no DOCTYPE, no entity, nothing endless, nothing fetched."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from data.errors import BrokenSource

MOST_ELEMENTS: Final = 200_000
DEEPEST: Final = 60
_AGAIN: Final = "書き出し直したファイルを選んでください"
_PLAIN: Final = "作った人に、DOCTYPEや実体のないファイルを頼んでください"
_UTF8: Final = "文字コードをUTF-8にして保存し直してください"
_SMALLER: Final = "見た所だけを書き出すか、ファイルを分けてください"


class _TooMuch(Exception):
    """More elements, or deeper ones, than a file of reports has."""


class _Bounded(TreeBuilder):
    """Builds no tree that would fill the memory."""

    def __init__(self) -> None:
        super().__init__()
        self._count, self._depth = 0, 0

    def start(self, tag: Any, attrs: Any) -> Element:
        self._count += 1
        self._depth += 1
        if self._count > MOST_ELEMENTS or self._depth > DEEPEST:
            raise _TooMuch
        return super().start(tag, attrs)

    def end(self, tag: Any) -> Element:
        self._depth -= 1
        return super().end(tag)


def root_of(path: Path, data: bytes) -> Element:
    """The root of a document; raises `BrokenSource`."""
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        parser.feed(data)
        root: Element = parser.close()
    except DefusedXmlException as error:
        what = "DOCTYPEまたは実体が入っています（a DOCTYPE or an entity）"
        raise BrokenSource(path, what, remedy=_PLAIN) from error
    except _TooMuch:
        what = f"要素が多すぎるか、深すぎます（more than {MOST_ELEMENTS:,} elements）"
        raise BrokenSource(path, what, remedy=_SMALLER) from None
    except ParseError as error:
        what = f"途中で切れているか、XMLではありません（cut off, or no XML: {error}）"
        raise BrokenSource(path, what, remedy=_AGAIN) from error
    except (ValueError, LookupError) as error:
        what = "文字コードが読めません（an encoding that is not known）"
        raise BrokenSource(path, what, remedy=_UTF8) from error
    return root


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, *names: str) -> Iterator[Element]:
    """Its children of these names, of whatever namespace."""
    return (child for child in element if local(child) in names)


def child(element: Element, name: str) -> Element | None:
    """The first child of that name."""
    return next(children(element, name), None)


def text_of(element: Element, name: str) -> str:
    """What the first child of that name says; "" where there is none."""
    found = child(element, name)
    return "".join(found.itertext()).strip() if found is not None else ""


def texts_of(element: Element, *names: str) -> dict[str, str]:
    """What its children of these names say, by name; an empty one says nothing."""
    told = {name: text_of(element, name) for name in names}
    return {name: text for name, text in told.items() if text}
