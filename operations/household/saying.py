"""What a household says that it will do: it changes demand, never what its own door is told."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from city.intent import Intent
from city.staff import Caller
from data.errors import NotThere
from data.homes import holds, said
from data.homes.said import Said
from operations.changes.change import Change, changing
from operations.errors import Refused
from operations.household.links import home_of_slip


def say(
    engine: Engine,
    household: int,
    intent: Intent | None,
    by: Caller,
    *,
    load_id: int | None = None,
) -> Said | None:
    """Put a household's word in force, None takes it back; what it said before ends.

    The number counts in the current load: with `load_id`, only in that one. The same word once
    more changes nothing. Raises `NotThere` for a number of nobody, `Refused` for another load.
    """
    with changing(engine, by) as change:
        if load_id not in (None, change.load.id):
            raise Refused(
                "市のデータが新しくなりました。画面を開き直してください（another load: ask again）"
            )
        return _say(change, household, intent)


def say_of_slip(engine: Engine, label: str, intent: Intent | None, by: Caller) -> Said | None:
    """The same by the label of a slip; raises what `home_of_slip` raises."""
    with changing(engine, by) as change:
        home = home_of_slip(change.connection, label, datetime.now(UTC))
        return _say(change, home.household, intent)


def end_word(change: Change, word: Said) -> None:
    """What a household said counts no more; `said.lock_household` comes before."""
    said.end(change.connection, change.load.code, word.household, change.now)
    what = "a household takes back what it said"
    change.record(what, "household.unsaid", f"said:{word.id}")


def _say(change: Change, household: int, intent: Intent | None) -> Said | None:
    connection, code = change.connection, change.load.code
    at = said.point_of(connection, change.load.id, household)
    if at is None:
        raise NotThere(f"世帯 {household} はありません（no such household in the loaded city）")
    said.lock_household(connection, code, household)
    before = said.find_said(connection, code, household)
    if intent is None:
        if before is not None:
            end_word(change, before)
        return None
    if before is not None and before.intent is intent:
        return before
    said.end(connection, code, household, change.now)
    if intent.stays_away:
        holds.end_of_household(connection, code, household, change.now)
    number = said.begin(connection, code, household, intent, change.by.actor, at=at, now=change.now)
    # By its row: whose home stands empty tonight is no business of whoever reads the log.
    change.record(f"a household says: {intent}", "household.said", f"said:{number}", intent=intent)
    return Said(number, household, intent, change.now)
