"""What went out, for everybody: the lists that feeds are written from, and one CAP document.

Nothing of a draft, of whoever wrote or approved it, or of whom it reached.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from alerts.alert import Alert
from alerts.cap import cap_document
from alerts.capareas import CapArea
from alerts.capcodes import ENDING, event_of
from alerts.capnames import CapSender
from alerts.captext import CapText
from alerts.feed import KEPT, BesideFive, FeedEntry
from alerts.kinds import AlertKind, Language, Medium, Status
from alerts.life import OUT
from alerts.stoppedwords import as_stopped
from alerts.wording.vocabulary import VOCABULARIES
from data import inforce, tables
from data.alerts import revisions
from data.alerts.levelfive import NOWHERE, level_five
from data.errors import NotThere
from data.rows import card_of
from routing.ground import CityCard

_ALERT, _REVISION = tables.alert, tables.alert_revision
_LINK, _ORDER = tables.alert_order, tables.evacuation_order
_PUBLIC: Final = (
    *(_REVISION.c.id, _REVISION.c.alert_id, _REVISION.c.revision, _REVISION.c.step),
    *(_REVISION.c.hazard, _REVISION.c.level, _REVISION.c.area_names, _REVISION.c.whole_city),
    *(_REVISION.c.subject, _REVISION.c.reason, _REVISION.c.action, _REVISION.c.rendered),
    *(_REVISION.c.made_at, _REVISION.c.decided_at, _REVISION.c.expires_at),
    _REVISION.c.stopped_at,
    *(_ALERT.c.status, _ALERT.c.kind),
)


def list_entries(
    connection: Connection, load: Row[Any], status: Status, now: datetime
) -> tuple[FeedEntry, ...]:
    """The newest revision of each alert that is in force, or ended less than a day ago."""
    name, since = card_of(load).name, now - KEPT
    query = (
        _out(load.code, status)
        .add_columns(_first_at())
        .where(_REVISION.c.alert_id.in_(_recent(since)))
        .ext(distinct_on(_REVISION.c.alert_id))
        .order_by(_REVISION.c.alert_id, _REVISION.c.revision.desc())
    )
    rows = connection.execute(query).all()
    orders = _orders(connection, [row.alert_id for row in rows])
    return tuple(
        _entry(row, name, orders.get(row.alert_id), _beside_five(connection, row)) for row in rows
    )


def document(
    connection: Connection, load: Row[Any], status: Status, number: int, site: str
) -> bytes:
    """The CAP document of a revision that went out; raises `NotThere` for any other.

    `site` is the address of the city's pages.
    """
    card = card_of(load)
    query = _out(load.code, status).add_columns(_REVISION.c.geom)
    row = connection.execute(query.where(_REVISION.c.id == number)).first()
    if row is None:
        raise NotThere(f"配信 {number} はありません（no such alert）")
    alert = revisions.record_of(row, card.name)
    sender = sender_of(card, site)
    before = _out(load.code, status).where(
        _REVISION.c.alert_id == row.alert_id, _REVISION.c.revision < row.revision
    )
    earlier = connection.execute(before.order_by(_REVISION.c.revision)).all()
    return cap_document(
        alert,
        _texts(connection, row, alert, sender.zone),
        [_area(row, card)],
        sender,
        [revisions.record_of(one, card.name) for one in earlier],
    )


def texts_of(rendered: Any) -> Mapping[Language, CapText]:
    """The texts for the web that were approved, by `alerts.wording`, in each language."""
    web = rendered["messages"].get(Medium.WEB, {})
    actions = rendered.get("actions", {})
    return {
        language: CapText(
            web[language]["title"],
            "\n".join(web[language]["paragraphs"]),
            "\n".join(actions.get(language, [])),
        )
        for language in Language
        if language in web
    }


def sender_of(card: CityCard, site: str) -> CapSender:
    """A city as the sender of CAP messages: its code at the host of its pages."""
    host = urlsplit(site).hostname or "localhost"
    zone = ZoneInfo(card.timezone)
    return CapSender(card.code, f"{card.code}@{host}", zone, f"{site}/", card.name_en)


def _out(code: str, status: Status) -> Select[Any]:
    """All revisions of a city that went out."""
    return (
        select(*_PUBLIC)
        .join(_ALERT, _ALERT.c.id == _REVISION.c.alert_id)
        .where(_REVISION.c.city_code == code, _REVISION.c.state.in_(OUT))
        .where(_ALERT.c.status == status)
    )


def _first_at() -> Any:
    first = func.min(_REVISION.c.decided_at).over(partition_by=_REVISION.c.alert_id)
    return first.label("first_at")


def _recent(since: datetime) -> Any:
    """The alerts of which a text or an order was there after that moment."""
    texts = select(_REVISION.c.alert_id).where(_REVISION.c.expires_at > since)
    stood = _ORDER.c.ended_at.is_(None) | (_ORDER.c.ended_at > since)
    orders = select(_LINK.c.alert_id).join(_ORDER, _ORDER.c.id == _LINK.c.order_id).where(stood)
    return texts.union(orders)


def _orders(connection: Connection, alerts: Sequence[int]) -> Mapping[int, Row[Any]]:
    """Of each alert whether an order of it stands, which do, and when the last one ended."""
    lasts = _ORDER.c.ended_at.is_(None)
    query: Select[Any] = (
        select(
            _LINK.c.alert_id,
            func.bool_or(lasts).label("stands"),
            func.array_agg(_ORDER.c.id).filter(lasts).label("standing"),
            func.max(_ORDER.c.ended_at).label("ended_at"),
        )
        .join(_ORDER, _ORDER.c.id == _LINK.c.order_id)
        .where(_LINK.c.alert_id.in_(alerts))
        .group_by(_LINK.c.alert_id)
    )
    return {row.alert_id: row for row in connection.execute(query).all()}


def _beside_five(connection: Connection, row: Row[Any]) -> BesideFive | None:
    """Where level 5 stands in the area of words that tell people to leave; of no drill."""
    leaves = row.kind == AlertKind.EVACUATION and row.step not in ENDING
    warns = leaves and row.status == Status.ACTUAL
    found = level_five(connection, row) if warns else NOWHERE
    return BesideFive(found.area_names, found.since) if found.since else None


def _entry(row: Row[Any], city: str, orders: Row[Any] | None, five: BesideFive | None) -> FeedEntry:
    alert = revisions.record_of(row, city)
    texts = texts_of(row.rendered) or _own_words(alert)
    text = texts.get(Language.JAPANESE) or _own_words(alert)[Language.JAPANESE]
    ended_at = _ended_at(alert, orders)
    standing = frozenset((orders.standing if orders else None) or ())
    return FeedEntry(row.id, alert, text, row.first_at, ended_at, row.stopped_at, five, standing)


def _ended_at(alert: Alert, orders: Row[Any] | None) -> datetime | None:
    """None while it holds: of an order of which nothing is known too, only a person ends it."""
    if alert.step in ENDING:
        return alert.approved_at
    if alert.kind is not AlertKind.EVACUATION or alert.is_drill:
        return alert.expires_at
    return None if orders is None or orders.stands else orders.ended_at


def _texts(
    connection: Connection, row: Row[Any], alert: Alert, zone: tzinfo
) -> Mapping[Language, CapText]:
    """Its texts; of what a person stopped, after the words that say so.

    One that a later revision replaced stays as it was: the later one refers to it.
    """
    texts = texts_of(row.rendered) or _own_words(alert)
    newest = revisions.newest_out(connection, row.alert_id)
    if row.stopped_at is None or newest is None or newest.id != row.id:
        return texts
    orders = _orders(connection, [row.alert_id]).get(row.alert_id)
    stands = orders is not None and orders.stands
    return {
        language: as_stopped(text, language, row.stopped_at, zone, stands=stands)
        for language, text in texts.items()
    }


def _own_words(alert: Alert) -> Mapping[Language, CapText]:
    """The officer's own words, where no text for the web was kept with the revision."""
    headline = alert.subject or event_of(alert, Language.JAPANESE)
    return {Language.JAPANESE: CapText(headline, alert.reason, alert.action)}


def _area(row: Row[Any], card: CityCard) -> CapArea:
    if row.whole_city:
        words = VOCABULARIES
        whole = f"{card.name} {words[Language.JAPANESE].whole_city}"
        return CapArea(f"{whole} / {card.name_en}, {words[Language.ENGLISH].whole_city}")
    return CapArea("、".join(row.area_names), inforce.geometry_of(row))
