"""A feed as Atom (RFC 4287)."""

from datetime import datetime
from typing import Final

from lxml import etree

from alerts.cap import CAP_TYPE
from alerts.capnames import moment
from alerts.captext import fit
from alerts.feed import Feed, FeedEntry

ATOM_TYPE: Final = "application/atom+xml"
NAMESPACE: Final = "http://www.w3.org/2005/Atom"
_SCHEME: Final = "urn:nigemichi:"


def atom_document(feed: Feed, now: datetime) -> bytes:
    """The feed in UTF-8; each entry leads to its CAP document."""
    root = etree.XML(f'<feed xmlns="{NAMESPACE}" xml:lang="ja"/>')
    _add(root, "id", feed.tag())
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.note(now))
    _add(root, "updated", moment(feed.updated_at(now), feed.zone))
    author = etree.SubElement(root, f"{{{NAMESPACE}}}author")
    _add(author, "name", feed.city)
    _add(author, "uri", f"{feed.site}/")
    _link(root, "self", ATOM_TYPE, f"{feed.site}/{feed.folder}.atom")
    _link(root, "alternate", "text/html", f"{feed.site}/")
    _category(root, "status", feed.status)
    for entry in feed.shown(now):
        _add_entry(root, feed, entry, now)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add_entry(root: etree._Element, feed: Feed, entry: FeedEntry, now: datetime) -> None:
    made = etree.SubElement(root, f"{{{NAMESPACE}}}entry")
    _add(made, "id", feed.tag(entry))
    _add(made, "title", feed.entry_title(entry, now))
    _add(made, "published", moment(entry.first_at, feed.zone))
    _add(made, "updated", moment(entry.updated_at(now), feed.zone))
    _link(made, "alternate", CAP_TYPE, feed.document(entry))
    _category(made, "status", feed.status)
    _category(made, "standing", entry.standing(now))
    _add(made, "content", feed.entry_text(entry, now))


def _category(parent: etree._Element, scheme: str, term: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}category", scheme=_SCHEME + scheme, term=term)


def _link(parent: etree._Element, rel: str, media_type: str, href: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}link", rel=rel, type=media_type, href=href)


def _add(parent: etree._Element, name: str, text: str) -> None:
    """A child with plain text; lxml escapes what is markup."""
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = fit(text)
