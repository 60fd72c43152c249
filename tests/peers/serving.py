"""How a peer's process starts and ends.

It prints one line of JSON when it listens, `{"port": …, "control": …}`, or `{"reason": …}` where
it cannot stand for its carrier. It ends when its standard input closes or its time is over.
"""

import argparse
import asyncio
import json
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NoReturn

import uvloop
from starlette.routing import Route

from tests.peers.listening import HttpListener
from tests.peers.peer import Peer


def options(description: str) -> argparse.ArgumentParser:
    """The options that every peer has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--scenario", default="ok", help="the behaviour to begin with")
    parser.add_argument("--limit-s", type=float, default=900.0, help="it ends by itself after it")
    return parser


def cannot_start(reason: str) -> NoReturn:
    """Say why, and end."""
    print(json.dumps({"reason": reason}), flush=True)
    sys.exit(3)


def run(peer: Peer, given: argparse.Namespace, more: Sequence[Route] = ()) -> None:
    """Listen on both sides until told to end; `more` are the peer's own control routes."""
    uvloop.run(_run(peer, given, more))


async def _run(peer: Peer, given: argparse.Namespace, more: Sequence[Route]) -> None:
    peer.port = await peer.listener.open(given.port)
    await peer.behave(replace(peer.behaviour, name=given.scenario))
    control = HttpListener(peer.control(more))
    where = {"port": peer.port, "control": await control.open(0)}
    print(json.dumps(where), flush=True)
    await _told_to_end(given.limit_s)
    await control.close()
    await peer.listener.close()


async def _told_to_end(limit_s: float) -> None:
    ended, loop = asyncio.Event(), asyncio.get_running_loop()

    def watch() -> None:
        while os.read(0, 4096):
            pass
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=watch, daemon=True).start()
    with suppress(TimeoutError):
        await asyncio.wait_for(ended.wait(), limit_s)
