"""A feed as JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

import json
from datetime import datetime
from typing import Any, Final

from alerts.cap import CAP_TYPE
from alerts.capnames import moment
from alerts.captext import fit
from alerts.feed import Feed, FeedEntry

JSON_FEED_TYPE: Final = "application/feed+json"
VERSION: Final = "https://jsonfeed.org/version/1.1"
_OWN: Final = "_nigemichi"
"""Where our own fields are: the format lets each publisher have one that begins with _."""


def json_feed_document(feed: Feed, now: datetime) -> bytes:
    """The feed in UTF-8; each item has its CAP document attached."""
    table = {
        "version": VERSION,
        "title": feed.title,
        "description": feed.note(now),
        "home_page_url": f"{feed.site}/",
        "feed_url": f"{feed.site}/{feed.folder}.json",
        "language": "ja",
        "authors": [{"name": fit(feed.city), "url": f"{feed.site}/"}],
        _OWN: {
            "status": feed.status,
            "read_at": moment(feed.read_at.replace(second=0), feed.zone),
        },
        "items": [_item(feed, entry, now) for entry in feed.shown(now)],
    }
    return json.dumps(table, ensure_ascii=False).encode()


def _item(feed: Feed, entry: FeedEntry, now: datetime) -> dict[str, Any]:
    alert, document = entry.alert, feed.document(entry)
    ended = entry.ended_at if entry.ended_at and entry.ended_at <= now else None
    return {
        "id": feed.tag(entry),
        "url": document,
        "title": feed.entry_title(entry, now),
        "content_text": feed.entry_text(entry, now),
        "date_published": moment(entry.first_at, feed.zone),
        "date_modified": moment(entry.updated_at(now), feed.zone),
        "tags": [str(feed.status), str(entry.standing(now))],
        "attachments": [{"url": document, "mime_type": CAP_TYPE}],
        _OWN: {
            "status": alert.status,
            "standing": entry.standing(now),
            "kind": alert.kind,
            "step": alert.step,
            "hazard": alert.hazard,
            "level": None if alert.level is None else int(alert.level),
            "area_names": [fit(name) for name in alert.area_names],
            "whole_city": alert.whole_city,
            "revision": alert.revision,
            "expires_at": moment(alert.expires_at, feed.zone),
            "ended_at": moment(ended, feed.zone) if ended else None,
            "stopped_at": moment(entry.stopped_at, feed.zone) if entry.stopped_at else None,
        },
    }
