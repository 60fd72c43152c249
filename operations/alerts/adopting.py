"""A city's own words: templates that somebody answers for, readings that somebody confirmed.

Nothing that nobody of the city has reviewed goes out live (`safety.md` 17).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine

from alerts.errors import NotFit, NotYours
from alerts.kinds import Language
from alerts.life import check_author
from alerts.wording.template import Template, adopted, edited, template_dict
from city.staff import Caller, Role
from data.alerts import wordings
from data.database import transaction
from data.errors import NotThere
from data.people import audit
from operations.alerts.drafting import city
from operations.alerts.words import gazetteer_of, templates_of
from operations.refusals import refusals
from operations.wording import line

_KANA: Final = re.compile("[ぁ-ゖー・]{1,60}")


def edit(engine: Engine, by: Caller, key: str, parts: Mapping[str, Any], *, now: datetime) -> int:
    """Keep other words of a template, as a version that nobody has reviewed; returns its number.

    Raises `NotFit` for words that cannot be used, `NotThere`.
    """
    with refusals(engine, by, "template"), transaction(engine, latest=True) as connection:
        check_author(by)
        code = city(connection).code
        changed = edited(_found(templates_of(connection, code), key), parts)
        number = _keep(connection, code, changed, by, None, now)
        audit.record(connection, by, "template.edited", key, version=number)
        return number


def adopt_all(
    engine: Engine,
    by: Caller,
    keys: Sequence[str],
    *,
    versions: Mapping[str, int] | None = None,
    now: datetime,
) -> int:
    """Answer for several; returns the version of the last. Each is named in the audit log.

    `versions` are those that were seen, by key: none of all is adopted where a newer one is there.
    Raises `NotFit`, `NotThere`, and `NotYours` for whoever wrote what they would answer for.
    """
    with refusals(engine, by, "template"), transaction(engine, latest=True) as connection:
        check_author(by)
        if Role.APPROVER not in by.roles:
            raise NotYours("文面を採用できるのは承認者だけです（only an approver adopts words）")
        code, number = city(connection).code, 0
        there, seen = templates_of(connection, code), versions or {}
        makers = wordings.unreviewed_makers(connection, code)
        for key in dict.fromkeys(keys):
            newest = _found(there, key)
            _check_seen(newest, seen.get(key, newest.version), makers.get(key), by)
            template = adopted(newest, by.actor, now)
            number = _keep(connection, code, template, by, by.actor, now)
            audit.record(connection, by, "template.adopted", key, version=number)
        return number


def list_templates(connection: Connection) -> list[dict[str, Any]]:
    """The newest of each, with all its words, and who answers for it ("" nobody)."""
    found: dict[str, Template] = {}
    for template in templates_of(connection, city(connection).code):
        found.setdefault(template.key, template)
    return [
        {"key": key, **template_dict(found[key]), "reviewed": found[key].is_reviewed}
        for key in sorted(found)
    ]


def confirm_reading(engine: Engine, by: Caller, name: str, kana: str, *, now: datetime) -> None:
    """Somebody of headquarters says how a name of the city is read; it counts at once.

    Raises `NotYours` where somebody else confirmed another reading: an approver overwrites that.
    """
    with refusals(engine, by, "reading"), transaction(engine, latest=True) as connection:
        check_author(by)
        name, kana = line(name, "名前", longest=60, needed=True), kana.strip()
        if not _KANA.fullmatch(kana):
            raise NotFit("読みは、ひらがなで書いてください（write the reading in hiragana）")
        load = city(connection)
        before = gazetteer_of(connection, load).find(name)
        if before is not None and before.confirmed and before.kana != kana:
            mine = wordings.confirmed_by(connection, load.code, name) == by.actor
            if not mine and Role.APPROVER not in by.roles:
                raise NotYours(
                    f"「{name}」の読みは、ほかの人が確認しています。変えられるのは承認者だけです"
                    "（only an approver overwrites what somebody else confirmed）"
                )
        wordings.confirm_reading(connection, load.code, name, kana, by.actor)
        was = before.kana if before is not None and before.confirmed else None
        audit.record(connection, by, "reading.confirmed", name, kana=kana, before=was)


def list_readings(connection: Connection) -> list[dict[str, Any]]:
    """Names of the city: how each is read, and whether a person confirmed it."""
    load = city(connection)
    gazetteer = gazetteer_of(connection, load)
    names = wordings.place_names(connection, load)
    readings = {name: gazetteer.find(name) for name in sorted(names)}
    return [
        {"name": name, "kana": one.kana if one else "", "confirmed": bool(one and one.confirmed)}
        for name, one in readings.items()
    ]


def _found(there: Iterable[Template], key: str) -> Template:
    """The newest of that key: the city's own come first."""
    for template in there:
        if template.key == key:
            return template
    raise NotThere(f"ひな形 {key} はありません（no such template）")


def _check_seen(newest: Template, seen: int, maker: str | None, by: Caller) -> None:
    if seen != newest.version:
        raise NotFit(
            f"{newest.key} は、見ていた間に変わりました。開き直して確かめてください"
            "（changed meanwhile: look again）"
        )
    if maker == by.actor:
        raise NotYours(
            f"自分が書いた文面は採用できません：{newest.key}（nobody adopts their own words）"
        )


def _keep(
    connection: Connection,
    code: str,
    template: Template,
    by: Caller,
    reviewed_by: str | None,
    now: datetime,
) -> int:
    return wordings.add_template(
        connection,
        code,
        template.key,
        Language(template.language),
        template_dict(template),
        made_by=by.actor,
        reviewed_by=reviewed_by,
        now=now,
    )
