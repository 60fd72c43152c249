"""Door lists, the last way: made of whom no other way reaches, handed to a team that comes home.

Whoever changes a list numbers first (`data/alerts/doorlists.py`), so that no list is handed beside
the approval of a level 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row

from alerts.delivery import is_over
from alerts.doors import check_withdrawal
from alerts.errors import NotFit, WrongStep
from alerts.kinds import AlertKind, Step
from alerts.life import OUT, RevisionState, check_author
from city.staff import Caller
from data.alerts import doorlists, revisions
from data.alerts.doorlevels import levels_in
from data.database import in_order, transaction
from data.people import audit
from hazards.kinds import AlertLevel
from operations.alerts.doorboard import tell
from operations.alerts.doorgroups import grouped, needed_by_area, without
from operations.alerts.drafting import city
from operations.errors import Refused
from operations.refusals import refusals
from operations.wording import line

LONGEST_TEAM: Final = 40
MOST_LISTS: Final = 2_000
"""At once, some 30,000 doors: everybody else who numbers waits while they are stored."""


@dataclass(frozen=True, slots=True)
class Made:
    """The numbers of new lists, and how many doors are on them.

    Left out: 町丁目 under level 5 by their names, and households that stand in no 町丁目.
    """

    lists: tuple[int, ...]
    doors: int
    level_5_areas: tuple[str, ...]
    without_area: int


def make_lists(
    engine: Engine,
    by: Caller,
    revision: int,
    *,
    areas: Sequence[str] | None = None,
    withdraw_at: datetime,
    taken: bool = False,
    now: datetime,
) -> Made:
    """A list for each 班 with a household that needs a door, in these 町丁目 or in all.

    With `taken`, also of those whose messages a carrier took and nobody confirmed in their time.

    Who is on a list whose team is not back stands on no other one. Raises `NotFit` for a withdrawal
    that is none, under level 5, and for what is no 避難情報 in force; `NotThere`.
    """
    with (
        refusals(engine, by, "doors", str(revision)),
        transaction(engine, latest=True) as connection,
    ):
        check_author(by)
        load = city(connection)
        row = revisions.get(connection, load.code, revision)
        check_withdrawal(withdraw_at, now, AlertLevel(row.level or 0))
        doorlists.hold_alert(connection, row.alert_id, row.id)
        homes, without_area = needed_by_area(connection, load, row, areas, now, taken=taken)
        groups = grouped(connection, load, homes)
        if len(groups) > MOST_LISTS:
            raise NotFit(f"一度に {MOST_LISTS} 班までです。区域を選んでください（choose areas）")
        in_order(connection)
        check_is_told(connection, revisions.get(connection, load.code, revision), now)
        worst = _worst(connection, load, list(homes))
        if worst and worst == set(homes):
            check_withdrawal(withdraw_at, now, AlertLevel.SECURE_NOW)
        listed = doorlists.listed(connection, load.id, row.alert_id, row.id)
        lists = [without(one, listed) for one in groups if one.area_name not in worst]
        lists = [one for one in lists if one.households]
        said = {"withdraw_at": withdraw_at, "made_by": by.actor, "made_at": now}
        common = {"city_code": load.code, "load_id": load.id, "revision_id": row.id, **said}
        numbers = doorlists.add_all(connection, lists, **common)
        doors = sum(len(one.households) for one in lists)
        tell(connection, load, now)
        counted = {"lists": len(lists), "doors": doors, "taken": taken}
        audit.record(connection, by, "doors.made", str(row.id), **counted)
        return Made(tuple(numbers), doors, tuple(sorted(worst)), without_area)


def hand(
    engine: Engine,
    by: Caller,
    number: int,
    team: str,
    *,
    withdraw_at: datetime | None = None,
    now: datetime,
) -> None:
    """A team takes a list, and comes home at its withdrawal, or at a new one that is given here.

    Raises as `make_lists` does; `WrongStep` where another officer handed it before.
    """
    with (
        refusals(engine, by, "doors", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        check_author(by)
        load = city(connection)
        team = line(team, "班の名前", longest=LONGEST_TEAM, needed=True)
        in_order(connection)
        row = doorlists.get(connection, load.code, number)
        if row.handed_at is not None:
            raise WrongStep(f"もう渡した一覧です：{row.team}（it is handed already）")
        check_load(load, row)
        check_is_told(connection, revisions.get(connection, load.code, row.revision_id), now)
        standing = levels_in(connection, load, [row.area_name]).get(row.area_name, AlertLevel.NONE)
        until = withdraw_at or row.withdraw_at
        check_withdrawal(until, now, max(standing, AlertLevel(row.level)))
        doorlists.change(
            connection, number, team=team, withdraw_at=until, handed_at=now, handed_by=by.actor
        )
        tell(connection, load, now)
        audit.record(connection, by, "doors.handed", str(number), withdraw_at=until.isoformat())


def check_load(load: Row[Any], row: Row[Any]) -> None:
    """Raise `Refused` for a list of an earlier load: its numbers are other people's now."""
    if row.load_id != load.id:
        raise Refused(
            "市のデータが新しくなりました。一覧を作り直してください（another load: make it anew）"
        )


def check_is_told(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Raise `NotFit` unless this revision is what is told now: nobody carries other words out."""
    newest = revisions.newest_out(connection, row.alert_id)
    if AlertKind(row.kind) is not AlertKind.EVACUATION or row.step in {
        Step.CANCEL,
        Step.ALL_CLEAR,
    }:
        raise NotFit("戸別に伝えるのは、出ている避難情報だけです（only 避難情報 in force）")
    if RevisionState(row.state) not in OUT or newest is None or newest.id != row.id:
        raise NotFit("最新の版の一覧を作ってください（it is not the newest that went out）")
    if row.stopped_at is not None or is_over(row.expires_at, now):
        raise NotFit("この文は終わりました。続報を出してください（it is stopped or expired）")
    if row.expanded_at is None:
        raise NotFit("まだ宛先を作っています。少し待ってください（its recipients are being found）")


def _worst(connection: Connection, load: Row[Any], names: Sequence[str]) -> set[str]:
    """Those of these 町丁目 where level 5 stands."""
    levels = levels_in(connection, load, names)
    return {name for name, level in levels.items() if level >= AlertLevel.SECURE_NOW}
