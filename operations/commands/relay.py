"""The relay of the live stream's wake-ups from PostgreSQL to Redis."""

import signal
import threading
from typing import Final

import click

from operations.commands.common import engine
from operations.errors import Refused
from operations.settings import find_redis_url


@click.command()
def relay() -> None:
    """Wake the servers of other machines through Redis (NIGEMICHI_REDIS_URL). One is enough."""
    from data.live.wake import relay as run

    url = find_redis_url()
    if url is None:
        raise Refused("NIGEMICHI_REDIS_URL is not set: with one machine no relay is needed")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    run(engine(), url, stop)


COMMANDS: Final = {"relay": relay}
