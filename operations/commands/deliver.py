"""`nigemichi deliver`: a process that sends what was approved."""

import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from operations.errors import Refused
from operations.settings import from_environment, site_address

CARRIERS: Final = "NIGEMICHI_CARRIERS"
KEYS: Final = "NIGEMICHI_KEYS"
AT_ONCE: Final = 100
"""Codes in one go."""


@click.command()
@click.option(
    "--drill", is_flag=True, help="Send drills (訓練) by their own carriers, and no alert."
)
def deliver(drill: bool) -> None:
    """Send what was approved; any number of these may run, on any number of machines.

    NIGEMICHI_CARRIERS names the file with the city's carriers, NIGEMICHI_KEYS that with the keys of
    addresses, NIGEMICHI_ADDRESS is where the city's pages are. Nothing leaves this machine unless
    NIGEMICHI_PRODUCTION is 1.
    """
    from alerts.channels.line import LineCarrier
    from alerts.channels.smpp import SmppCarrier
    from alerts.kinds import Status
    from data.database import connect
    from data.sealing import Sealer
    from operations.alerts.papers import print_next
    from operations.alerts.unasked import unasked
    from operations.delivery.bound import StaysBound
    from operations.delivery.carriersfile import read_carriers
    from operations.delivery.opening import SealedAddresses
    from operations.delivery.receiving import Receiving
    from operations.delivery.worker import Worker
    from operations.registering.codes import send_codes
    from operations.registering.keyring import identity_here, say_lost
    from operations.residents.sending import Residents

    settings = from_environment()
    status = Status.EXERCISE if drill else Status.ACTUAL
    engine = connect(settings.database_url)
    receiving = Receiving(engine)
    file = os.environ.get(CARRIERS)
    outlets = read_carriers(Path(file), status, receiving.take) if file else []
    if not os.environ.get(KEYS):
        raise Refused(f"{KEYS} is not set: nigemichi keys new makes the file")
    path = Path(os.environ[KEYS])
    identity = identity_here(engine, path)
    sealer = Sealer(path, identity, may_come=identity is not None)
    opens = SealedAddresses(sealer, site_address())
    say_lost(engine)
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    site, ways = site_address(), {outlet.carrier.kind: outlet.carrier for outlet in outlets}

    def codes(now: datetime) -> bool:
        if not opens.has_keys():
            return False
        return send_codes(engine, opens.sealer, ways, now, AT_ONCE, site=site) == AT_ONCE

    def sealer_here() -> Sealer | None:
        return opens.sealer if opens.has_keys() else None

    count = sum(outlet.slots for outlet in outlets)
    click.echo(f"deliver: {len(outlets)} carriers, {count} slots, {status}", err=True)

    def papers(now: datetime) -> bool:
        unasked(engine, now)
        return print_next(engine, now)

    aside: list[Callable[[datetime], bool]] = [papers] if drill else [papers, codes]
    aside += [receiving.try_again]
    if not drill:
        lines = [one.carrier for one in outlets if isinstance(one.carrier, LineCarrier)]
        aside += [Residents(engine, one, sealer_here) for one in lines[:1]]
    aside += [StaysBound(one.carrier) for one in outlets if isinstance(one.carrier, SmppCarrier)]
    worker = Worker(engine, outlets, opens, status, name, aside=aside)
    worker.run(stop)
    engine.dispose()


COMMANDS: Final = {"deliver": deliver}
