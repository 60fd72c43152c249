"""Who calls is looked up for all who wait together, and nobody waits for a look that hangs."""

import asyncio
import threading
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import Engine, event
from sqlalchemy import text as sql

from api.gate.looks import Found, Looks
from city.staff import CONSOLE, Role
from data.database import connect
from data.errors import NoDatabase
from operations.people.devices import revoke_device
from operations.people.signing import Credential, hash_of
from tests.integration.counted import PLACE
from tests.integration.databases import Connects, Database
from tests.integration.loaded import waits_for_lock
from tests.integration.processes import wait_for
from tests.integration.staffed import Signed, a_tablet, signed_in


def asked(looks: Looks, engine: Engine, *credentials: Credential) -> Found:
    """What one who asks alone is told."""
    return asyncio.run(looks.callers(engine, list(credentials)))


def shown(signed: Signed, kind: str = "device") -> Credential:
    return Credential(kind, hash_of(signed.token))


def test_tablets_that_send_together_are_looked_up_together(town_engine: Engine) -> None:
    tablets = [a_tablet(town_engine, PLACE) for _ in range(30)]
    looks, statements = Looks(), list[str]()

    def note(*words: object) -> None:
        statements.append(str(words[2]))

    event.listen(town_engine, "before_cursor_execute", note)

    async def together() -> list[Found]:
        each = [looks.callers(town_engine, [shown(one)]) for one in tablets]
        return await asyncio.gather(*each)

    found = asyncio.run(together())
    callers = [each[shown(one)] for each, one in zip(found, tablets, strict=True)]
    assert [one.id for one in callers] == [one.caller.id for one in tablets]
    assert len([one for one in statements if "FROM device" in one]) == 1


def test_a_revoked_tablet_is_out_with_the_next_look(town_engine: Engine) -> None:
    looks, kept, revoked = Looks(), a_tablet(town_engine, PLACE), a_tablet(town_engine, PLACE)
    both = [shown(kept), shown(revoked)]
    assert len(asked(looks, town_engine, *both)) == 2
    assert revoked.caller.id is not None
    revoke_device(town_engine, CONSOLE, revoked.caller.id, now=datetime.now(UTC))
    assert set(asked(looks, town_engine, *both)) == {shown(kept)}


def test_each_who_waits_is_told_that_the_database_is_away() -> None:
    looks, nowhere = Looks(), connect("postgresql+psycopg:///x?host=/nowhere")

    async def together() -> list[Found | BaseException]:
        each = [looks.callers(nowhere, [Credential("device", str(n))]) for n in range(5)]
        return await asyncio.gather(*each, return_exceptions=True)

    assert [type(one) for one in asyncio.run(together())] == [NoDatabase] * 5
    with pytest.raises(NoDatabase):
        asked(looks, nowhere, Credential("session", "another"))


def test_a_look_that_hangs_is_waited_for_by_nobody_else(
    town_engine: Engine, town_database: Database, connects: Connects
) -> None:
    tablet, person = a_tablet(town_engine, PLACE), signed_in(town_engine, Role.OPERATOR)
    session, looks = shown(person, "session"), Looks(hangs_s=0.2)
    other = connects(town_database.url)

    async def both() -> tuple[list[Found], Found]:
        with other.begin() as connection:
            connection.execute(sql("LOCK TABLE device"))
            waits = asyncio.create_task(looks.callers(town_engine, [shown(tablet)]))
            hangs = partial(waits_for_lock, town_database, "FROM device")
            await asyncio.to_thread(wait_for, "the look hangs", hangs)
            # Nobody else calls who would begin a look for them, nor after the look that they had.
            async with asyncio.timeout(20):
                found = [await looks.callers(town_engine, [session]) for _ in range(3)]
            assert not waits.done()
        return found, await waits

    found, later = asyncio.run(both())
    assert [one[session].id for one in found] == [person.caller.id] * 3
    assert later[shown(tablet)].id == tablet.caller.id
    other.dispose()


def test_who_asks_while_a_look_is_young_begins_another_once_it_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    goes_on, began = threading.Event(), list[set[Credential]]()
    first, second = Credential("device", "first"), Credential("device", "second")

    def look(engine: Engine, asked: set[Credential], *, now: datetime) -> Found:
        began.append(asked)
        if first in asked:
            assert goes_on.wait(30)
        return dict.fromkeys(asked, CONSOLE)

    monkeypatch.setattr("api.gate.looks.callers_of", look)
    looks, nowhere = Looks(hangs_s=0.5), connect("postgresql+psycopg:///x?host=/nowhere")

    async def both() -> None:
        hangs = asyncio.create_task(looks.callers(nowhere, [first]))
        while not began:
            await asyncio.sleep(0.01)
        young = looks.callers(nowhere, [second])
        assert set(await asyncio.wait_for(young, 20)) == {second}
        assert not hangs.done()
        goes_on.set()
        assert set(await hangs) == {first}

    asyncio.run(both())
    assert began == [{first}, {second}]


def test_who_asks_right_after_a_look_ended_is_looked_up_too(town_engine: Engine) -> None:
    looks, tablet = Looks(), shown(a_tablet(town_engine, PLACE))

    async def again_and_again() -> int:
        async with asyncio.timeout(30):
            return sum([len(await looks.callers(town_engine, [tablet])) for _ in range(50)])

    assert asyncio.run(again_and_again()) == 50
