"""A paper of a revision: from its row and its frozen words to a PDF."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row

from alerts.alert import Alert
from alerts.errors import NotFit
from alerts.kinds import Language
from alerts.life import OUT, RevisionState
from alerts.scripts.car import Route
from alerts.scripts.settings import ScriptSettings
from alerts.wording.moments import moment_words
from alerts.wording.rendered import Rendered, rendered_from
from alerts.wording.settings import Links, WordingSettings
from data.alerts import revisions, wordings
from data.rows import card_of
from operations.alerts.papermap import map_of
from operations.alerts.words import gazetteer_of, render_now, settings_of
from operations.settings import site_address
from web.alertsheets.issued import Issued
from web.alertsheets.kinds import PaperKind
from web.alertsheets.spelled import names_in, spoken_message
from web.alertsheets.typesetting import typeset

BACK_BEFORE: Final = timedelta(minutes=30)
"""Cars turn home so long before the text is over: policy. A shorter text they read to its end."""
_SHORTEST: Final = timedelta(minutes=15)
WHOLE: Final = "市内全域"
_APPROVED: Final = {
    Language.JAPANESE: {
        "draft": "未承認",
        "two": "承認 {at} 本部",
        "alone": "単独送信 {at} 指名された職員（連署待ち）",
        "signed": "単独送信 {at} 指名された職員（連署あり）",
    },
    Language.ENGLISH: {
        "draft": "未承認 Not approved.",
        "two": "Approved at {at} by headquarters.",
        "alone": "Sent at {at} by a designated officer alone (not yet countersigned).",
        "signed": "Sent at {at} by a designated officer alone, countersigned since.",
    },
}
_ON_MAPS: Final = frozenset({PaperKind.POSTER_A4, PaperKind.POSTER_A3})


def make(
    connection: Connection, load: Row[Any], row: Row[Any], paper: PaperKind, now: datetime
) -> bytes:
    """The PDF of a revision (a row of `revisions.get`); a draft says on every page that it is one.

    Raises `NotFit` where there is no such paper of it.
    """
    return typeset(gather(connection, load, row, paper, now), paper)


def gather(
    connection: Connection,
    load: Row[Any],
    row: Row[Any],
    paper: PaperKind,
    now: datetime,
    job: int | None = None,
) -> Issued:
    """All that the paper is made of; `job` is the number by which it comes back."""
    card = card_of(load)
    alert = revisions.record_of(row, card.name)
    settings, site = settings_of(connection, load), site_address()
    rendered = _words(connection, load, row, alert, now)
    return Issued(
        alert=alert,
        rendered=rendered,
        settings=settings,
        scripts=ScriptSettings(),
        gazetteer=gazetteer_of(connection, load),
        links=Links(way=f"{site}/", areas=f"{site}/"),
        fictional=card.fictional,
        approved=_approved(row, settings, Language.JAPANESE),
        draft=RevisionState(row.state) not in OUT,
        confirmed=_confirmed(connection, load, rendered, settings),
        number=f"紙の番号 {job}" if job else "紙の番号＿＿＿",
        routes=routes_of(alert, settings),
        area_map=map_of(connection, load, row) if paper in _ON_MAPS else None,
        city_code=card.code,
        approved_english=_approved(row, settings, Language.ENGLISH),
    )


def routes_of(alert: Alert, settings: WordingSettings) -> tuple[Route, ...]:
    """A route for each district; one for all areas where the city knows no districts."""
    withdraw_at = alert.expires_at - BACK_BEFORE
    if withdraw_at < alert.made_at + _SHORTEST:
        withdraw_at = alert.expires_at
    if alert.whole_city:
        names = tuple(dict.fromkeys(settings.districts.values())) or (WHOLE,)
        return tuple(Route(name, (name,), withdraw_at) for name in names)
    by_district: dict[str, list[str]] = defaultdict(list)
    for name in alert.area_names:
        by_district[settings.districts.get(name, "")].append(name)
    return tuple(
        Route(district or "区域を順に回る", tuple(names), withdraw_at)
        for district, names in by_district.items()
    )


def _words(
    connection: Connection, load: Row[Any], row: Row[Any], alert: Alert, now: datetime
) -> Rendered:
    """What was approved, as it was then; of a draft, what it would be now."""
    state = RevisionState(row.state)
    if state in OUT:
        return rendered_from(row.rendered)
    if state in {RevisionState.DRAFT, RevisionState.SUBMITTED}:
        return render_now(connection, load, alert, now)[0]
    raise NotFit("却下・取り下げになった配信の紙はありません（it was not released）")


def _approved(row: Row[Any], settings: WordingSettings, language: Language) -> str:
    """By which duty, and when; no name is on a paper that hangs in the street."""
    words = _APPROVED[language]
    if RevisionState(row.state) not in OUT:
        return words["draft"]
    at = moment_words(row.decided_at, row.made_at, settings.zone, language)
    if row.glass_why is None:
        return words["two"].format(at=at)
    return words["signed" if row.countersigned_at else "alone"].format(at=at)


def _confirmed(
    connection: Connection, load: Row[Any], rendered: Rendered, settings: WordingSettings
) -> str:
    """Who says that the names are read so."""
    names = names_in(spoken_message(rendered))
    at = wordings.confirmed_at(connection, load.code, names)
    if at is None:
        return "確認　市の地名台帳"
    here = at.astimezone(settings.zone)
    return f"確認　市の地名台帳、本部 {here.month}月{here.day}日"
