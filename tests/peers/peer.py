"""The state that a peer's protocol side and its control side share.

The control side is HTTP on a port of its own, so that it answers while the peer is off.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.peers.ledger import Behaviour, Ledger
from tests.peers.listening import Listener


class Peer:
    """A carrier's stand-in: `listener` is set by whoever gives it its protocol."""

    listener: Listener

    def __init__(self) -> None:
        self.behaviour = Behaviour()
        self.ledger = Ledger()
        self.tally: Counter[str] = Counter()
        self.port = 0
        self._seen = 0
        self._waking: asyncio.Task[None] | None = None

    def next(self) -> Behaviour:
        """What to do with the request that has just come."""
        self.tally["requests"] += 1
        now = self.behaviour
        self._seen += 1
        if now.name == "ok" or self._seen % now.every:
            return Behaviour()
        if now.times is not None:
            self.behaviour = replace(now, times=now.times - 1) if now.times > 1 else Behaviour()
        return now

    async def behave(self, wanted: Behaviour) -> None:
        """Behave so from now on. "off" closes the port; it opens again after `seconds`, if any."""
        if self.behaviour.name == "off" and wanted.name != "off":
            await self.wake()
        self.behaviour, self._seen = wanted, 0
        if wanted.name == "off":
            await self.listener.close()
            if wanted.seconds:
                self._waking = asyncio.create_task(self._wake_after(wanted.seconds))

    async def wake(self) -> None:
        """Be there again, on the same port."""
        self.behaviour = Behaviour()
        await self.listener.open(self.port)

    async def _wake_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if self.behaviour.name == "off":
            await self.wake()

    def control(self, more: Sequence[Route] = ()) -> Starlette:
        """The control side: `more` are the peer's own routes."""

        async def behaviour(request: Request) -> Response:
            await self.behave(Behaviour(**await request.json()))
            return JSONResponse({})

        async def counts(request: Request) -> Response:
            return JSONResponse(self.ledger.counts(request.query_params.get("key")))

        async def summary(_: Request) -> Response:
            return JSONResponse(self.ledger.summary() | {"tally": self.tally})

        async def reset(_: Request) -> Response:
            await self.behave(Behaviour())
            self.reset()
            return JSONResponse({})

        own = [
            Route("/behaviour", behaviour, methods=["PUT"]),
            Route("/counts", counts),
            Route("/summary", summary),
            Route("/", reset, methods=["DELETE"]),
        ]
        return Starlette(routes=[*own, *more])

    def reset(self) -> None:
        """Forget everything, as if just started."""
        self.ledger, self.tally = Ledger(), Counter()
