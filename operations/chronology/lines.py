"""One line of the chronology, of an entry, of a deed in the audit log, or of a version."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from city.staff import CallerKind, Role
from data import tables
from data.people import staff as people_kept
from operations.alerts.waiting import title_of
from operations.board.look import iso
from operations.board.streetnames import called_of
from web.staff.chronologywords import (
    AUTOMATIC,
    CONSOLE,
    EVERYBODY,
    PUBLIC,
    ROADS,
    TO,
    deed_words,
    road_numbers,
    version_words,
)
from web.staff.frame import ROLE_NAMES

_SHOWN = (Role.APPROVER, Role.OPERATOR, Role.PHONE, Role.WELFARE, Role.FIELD, Role.DESK)
"""Of several roles that of which it most likely was."""


class Names:
    """What ids in the log are called: places, streets, teams, alerts; and people by their role."""

    def __init__(
        self,
        connection: Connection,
        deeds: Sequence[Row[Any]],
        entries: Sequence[Row[Any]],
    ) -> None:
        actors = {row.actor for row in deeds} | {row.entered_by for row in entries}
        self._roles = _roles(connection, actors)
        self._people = people_kept.names(connection, _numbers(actors, CallerKind.STAFF))
        self.of = (
            _sites(connection, deeds)
            | _missions(connection, deeds)
            | _alerts(connection, deeds)
            | _facilities(connection, deeds)
            | _roads(connection, deeds)
        )

    def actor(self, actor: str) -> str:
        """Who it was, by their role."""
        plain = {
            CallerKind.SYSTEM: AUTOMATIC,
            CallerKind.CONSOLE: CONSOLE,
            CallerKind.PUBLIC: PUBLIC,
        }
        return self._roles.get(actor) or plain.get(
            CallerKind(actor.split(":", maxsplit=1)[0]), actor
        )

    def signed(self, actor: str) -> str:
        """Their role and name, as headquarters' pages have it: for them alone."""
        kind, _, number = actor.partition(":")
        name = self._people.get(int(number), "") if kind == CallerKind.STAFF else ""
        return f"{self.actor(actor)} {name}".strip()


def entry_line(row: Row[Any], names: Names) -> dict[str, Any]:
    """What somebody entered."""
    return {
        "ref": f"entry:{row.id}",
        "at": iso(row.at),
        "entered_at": iso(row.entered_at),
        "entered_by": names.actor(row.entered_by),
        "signed": names.signed(row.entered_by),
        "from": row.sender,
        "to": row.recipient,
        "content": row.content,
        "action": row.action,
        "owner": row.owner,
        "state": "open",
        "by_system": False,
        "corrects": row.corrects and f"entry:{row.corrects}",
        "corrected_by": row.corrected_by and f"entry:{row.corrected_by}",
    }


def deed_line(row: Row[Any], names: Names, far: str | None) -> dict[str, Any]:
    """What the audit log says; `far` of what was open when it entered."""
    return _by_system(f"audit:{row.number}", row.at, far or "done") | {
        "entered_by": names.actor(row.actor),
        "from": names.actor(row.actor),
        "to": TO[row.action],
        "content": deed_words(row.action, row.subject, row.details, names.of),
        "action": "",
    }


def version_line(row: Row[Any]) -> dict[str, Any]:
    """A version of the plan that moved somebody."""
    content, moved = version_words(row.number, row.cause or "", row.facts or {})
    return _by_system(f"version:{row.number}", row.published_at, "done") | {
        "entered_by": AUTOMATIC,
        "from": AUTOMATIC,
        "to": EVERYBODY,
        "content": content,
        "action": moved,
    }


def _by_system(ref: str, at: Any, state: str) -> dict[str, Any]:
    said = {"ref": ref, "at": iso(at), "entered_at": iso(at), "owner": "", "state": state}
    return said | {"by_system": True, "signed": "", "corrects": None, "corrected_by": None}


def _roles(connection: Connection, actors: set[str]) -> dict[str, str]:
    staff, device = tables.staff, tables.device
    people, tablets = _numbers(actors, CallerKind.STAFF), _numbers(actors, CallerKind.DEVICE)
    found = {}
    if people:
        query = select(staff.c.id, staff.c.roles).where(staff.c.id.in_(people))
        for row in connection.execute(query):
            mine = [role for role in _SHOWN if role in row.roles]
            found[f"staff:{row.id}"] = ROLE_NAMES[mine[0]] if mine else "職員"
    if tablets:
        query = select(device.c.id, device.c.role).where(device.c.id.in_(tablets))
        for row in connection.execute(query):
            found[f"device:{row.id}"] = ROLE_NAMES[Role(row.role)]
    return found


def _numbers(actors: set[str], kind: CallerKind) -> list[int]:
    begins = f"{kind}:"
    return [int(one.removeprefix(begins)) for one in actors if one.startswith(begins)]


def _sites(connection: Connection, deeds: Sequence[Row[Any]]) -> dict[str, str]:
    ids = {row.subject for row in deeds if row.action.startswith("place.")}
    ids |= {str(row.details["site"]) for row in deeds if row.details.get("site")}
    site, load = tables.evacuation_site, tables.city_load
    query = select(site.c.id, site.c.name).join(load, load.c.id == site.c.load_id)
    query = query.where(load.c.current, site.c.id.in_(ids))
    return {f"site:{row.id}": row.name for row in connection.execute(query)} if ids else {}


def _facilities(connection: Connection, deeds: Sequence[Row[Any]]) -> dict[str, str]:
    """Names alone; whom a call reached and by which number stays on the page of calls."""
    ids = {row.subject for row in deeds if row.action.startswith("care.")}
    facility, load = tables.facility, tables.city_load
    query = select(facility.c.id, facility.c.name).join(load, load.c.id == facility.c.load_id)
    query = query.where(load.c.current, facility.c.id.in_(ids))
    return {f"facility:{row.id}": row.name for row in connection.execute(query)} if ids else {}


def _roads(connection: Connection, deeds: Sequence[Row[Any]]) -> dict[str, str]:
    mine = [row for row in deeds if row.action in ROADS]
    numbers = {number for row in mine for number in road_numbers(row.subject, row.details)}
    return {f"road:{key}": word for key, word in called_of(connection, list(numbers)).items()}


def _missions(connection: Connection, deeds: Sequence[Row[Any]]) -> dict[str, str]:
    mission, team, doors = tables.mission, tables.field_team, tables.door_list
    numbers = _listed(deeds, "mission.", "missions")
    found = {}
    if numbers:
        query = select(mission.c.id, team.c.name).join(team, team.c.id == mission.c.team_id)
        for row in connection.execute(query.where(mission.c.id.in_(numbers))):
            found[f"mission:{row.id}"] = row.name
    lists = _listed(deeds, "doors.", "lists")
    if lists:
        of_lists = select(doors.c.id, doors.c.team, doors.c.area_name)
        for one in connection.execute(of_lists.where(doors.c.id.in_(lists))):
            found[f"doors:{one.id}"] = f"{one.team or '班'}（{one.area_name}）"
    return found


def _listed(deeds: Sequence[Row[Any]], begins: str, within: str) -> set[int]:
    mine = [row for row in deeds if row.action.startswith(begins)]
    numbers = {int(row.subject) for row in mine if row.subject.isdigit()}
    return numbers | {int(one) for row in mine for one in row.details.get(within, ())}


def _alerts(connection: Connection, deeds: Sequence[Row[Any]]) -> dict[str, str]:
    numbers = _listed(deeds, "alert.", "")
    if not numbers:
        return {}
    revision, alert = tables.alert_revision, tables.alert
    query = select(revision, alert.c.status, alert.c.kind)
    query = query.join(alert, alert.c.id == revision.c.alert_id)
    rows = connection.execute(query.where(revision.c.id.in_(numbers)))
    return {f"alert:{row.id}": f"{title_of(row)}（第{row.revision}版）" for row in rows}
