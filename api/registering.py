"""What a server needs where people register: keys, threads, and how often is too often."""

import logging
import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Request
from sqlalchemy import Engine

from api.gate.ratelimit import Window, address_of
from data.errors import NoDatabase
from data.sealing import Sealer
from data.sealingkeys import BrokenKeys
from operations.registering.keyring import identity_here, say_lost
from operations.registering.keys import KEYS, find_sealer

log = logging.getLogger("nigemichi.registering")
T = TypeVar("T")

AT_ONCE: Final = 8
FORMS_EACH_MINUTE: Final = 60
"""Registrations and changes from one address, behind which a carrier has thousands of phones."""
GUESSES_EACH_MINUTE: Final = 60
"""Codes and tokens from one address that were wrong."""


class NoKeys(Exception):
    """Nobody can register at this server: it has no keys."""


class Registering:
    """Those of one server process; without keys or an engine nobody registers."""

    def __init__(self, engine: Engine | None) -> None:
        self.forms = Window(FORMS_EACH_MINUTE)
        self.guesses = Window(GUESSES_EACH_MINUTE)
        self._engine = engine
        self._limiter = CapacityLimiter(AT_ONCE)
        self._lock = threading.Lock()
        self._sealer: Sealer | None = None
        self._complaint = ""
        self._identity: str | None = None

    def begin(self) -> None:
        """Say once whom the keys of this machine do not reach; a database that is away delays
        nothing.
        """
        try:
            self.learn()
            if self._engine is not None:
                say_lost(self._engine)
        except NoDatabase as error:
            log.warning("keys are not compared yet: %s", error)

    def learn(self) -> None:
        """Ask the database which keys are its own, unless that is known; waits for it."""
        path = os.environ.get(KEYS)
        if self._engine is None or self._identity is not None or not path:
            return
        identity = identity_here(self._engine, Path(path))
        with self._lock:
            self._identity, self._sealer = identity, None

    def find_sealer(self) -> Sealer | None:
        """The keys; broken ones are logged once, and looked for again: guidance goes on."""
        with self._lock:
            if self._sealer is None:
                try:
                    self._sealer = find_sealer(self._identity)
                except BrokenKeys as error:
                    if str(error) != self._complaint:
                        self._complaint = str(error)
                        log.warning("nobody can register: %s", error)
            return self._sealer

    async def run(self, work: Callable[[Engine, Sealer], T]) -> T:
        """Do something in a thread; raises `NoKeys`, `NoDatabase`."""
        if self.find_sealer() is None:
            raise NoKeys
        if self._engine is None:
            raise NoDatabase("this server was started without a database (DATABASE_URL)")
        try:
            made = partial(self._with_keys, work, self._engine)
            return await to_thread.run_sync(made, limiter=self._limiter)
        except BrokenKeys as error:
            log.warning("nobody can register: %s", error)
            raise NoKeys from None

    def _with_keys(self, work: Callable[[Engine, Sealer], T], engine: Engine) -> T:
        self.learn()
        sealer = self.find_sealer()
        if sealer is None:
            raise NoKeys
        return work(engine, sealer)


def registering_of(request: Request) -> Registering:
    """That of the app."""
    found: Registering = request.app.state.registering
    return found


def counted(request: Request, window: Window) -> bool:
    """Count who asks; False where it is too often. This machine itself is not counted."""
    client = request.client
    address = address_of((client.host, client.port)) if client else None
    return address is None or window.hit(address)
