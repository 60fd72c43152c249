"""People of drills: named at the console by the city, told of drills alone.

They are apart from everybody who registered: their addresses are sealed for drills, and a worker of
alerts cannot open them. Nobody is asked twice: the city names its own phones.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine, select

from alerts.channels.addresses import address
from alerts.kinds import AlertKind, ChannelKind, Language, Status
from alerts.registration import Standing, Wishes
from city.staff import Caller
from data import recipients, recipientways, tables
from data.database import transaction
from data.people import audit
from data.rows import current_load
from data.sealing import Sealer
from operations.errors import Refused
from operations.people.signing import hash_of, new_secret
from operations.proposals.proposable import spelled


def add(
    engine: Engine,
    sealer: Sealer,
    by: Caller,
    area: str,
    ways: Mapping[ChannelKind, str],
    now: datetime,
) -> int:
    """Name somebody of drills in a 町丁目, with these addresses as typed; returns their number.

    Raises `WrongAddress`, `NotThere`, `Refused` without any address, or for one that is there.
    """
    if not ways:
        raise Refused("give a number, a mail address or a LINE id: --sms, --mail, --line")
    found = {channel: address(channel, typed) for channel, typed in ways.items()}
    with transaction(engine, latest=True) as connection:
        recipients.hold_keys(connection)
        load = current_load(connection)
        (name,) = spelled(connection, load, [area])
        standing = Standing(household=None, area_name=name, position=None)
        wishes = Wishes(standing, frozenset(AlertKind), Language.JAPANESE, frozenset())
        token = hash_of(new_secret())
        number = recipients.add(connection, load.code, Status.EXERCISE, wishes, token, now)
        for channel, one in found.items():
            lookup = sealer.lookup(one, channel, Status.EXERCISE)
            if recipientways.find_by_lookup(connection, channel, lookup) is not None:
                raise Refused(f"that {channel} address is one of drills already")
            sealed = sealer.seal(one, channel, Status.EXERCISE)
            recipientways.put_address(connection, number, channel, sealed, lookup, now)
        recipients.confirm(connection, number, now)
        audit.record(connection, by, "drill.named", str(number), ways=sorted(found))
        return number


def clear(engine: Engine, by: Caller, now: datetime) -> int:
    """Forget everybody of drills; returns how many."""
    with transaction(engine, latest=True) as connection:
        table, code = tables.recipient, current_load(connection).code
        query = select(table.c.id).where(
            table.c.city_code == code, table.c.status == Status.EXERCISE, table.c.left_at.is_(None)
        )
        numbers = list(connection.execute(query).scalars())
        for number in numbers:
            recipients.leave(connection, number, now)
        audit.record(connection, by, "drill.cleared", people=len(numbers))
        return len(numbers)
