"""What carriers post to us: known by its signature before anything of it is read."""

import asyncio
import logging
from functools import partial
from typing import Final

from anyio import to_thread
from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy import Engine
from starlette.background import BackgroundTask

from alerts.channels import line_webhook, twilio_webhook
from alerts.channels.errors import Forged, Unreadable
from alerts.channels.receipt import Receipt
from api.registering import NoKeys, registering_of
from api.state import engine_of
from city.staff import PUBLIC
from data.database import transaction
from data.errors import NoDatabase
from operations.delivery.receipts import take_receipt
from operations.registering.callbacks import find_line_secret, find_site, find_twilio_token
from operations.registering.from_line import hear
from operations.serving import utc_now

router = APIRouter(prefix="/webhooks", include_in_schema=False)
log = logging.getLogger("nigemichi.webhooks")

LONGEST: Final = 60
"""Letters of a credential's name."""
AGAIN_S: Final = 10.0
"""A receipt may come before the message is stored that it is of."""


@router.post("/line")
async def line(request: Request) -> Response:
    """Events of LINE. Any failure is answered as one: LINE tells them again, by the same ids."""
    secret, raw = find_line_secret(), await request.body()
    if secret is None:
        raise HTTPException(404)
    signature = request.headers.get("x-line-signature", "")
    try:
        events = line_webhook.events(raw, signature, secret=secret)
    except Forged:
        return _forged(request, "/webhooks/line")
    except Unreadable:
        return Response(status_code=400)
    for event in events:
        try:
            await registering_of(request).run(partial(hear, event=event, now=utc_now()))
        except NoKeys:
            return Response(status_code=503)
    return Response(status_code=200)


@router.post("/twilio/{token}")
async def twilio(request: Request, token: str) -> Response:
    """What became of a message; `token` is the credential's name, as its call-back address has it.

    Told twice, it changes nothing the second time.
    """
    auth_token, raw = find_twilio_token(), await request.body()
    if auth_token is None or len(token) > LONGEST:
        raise HTTPException(404)
    url = (find_site() or str(request.base_url)).rstrip("/") + request.url.path
    signature = request.headers.get("x-twilio-signature", "")
    try:
        told = twilio_webhook.receipt(raw, signature, url=url, auth_token=auth_token)
    except Forged:
        return _forged(request, "/webhooks/twilio/{token}")
    except Unreadable:
        return Response(status_code=400)
    if told is None or await _taken(engine_of(request), token, told):
        return Response(status_code=204)
    later = BackgroundTask(_once_more, engine_of(request), token, told)
    return Response(status_code=204, background=later)


async def _taken(engine: Engine, credential: str, receipt: Receipt) -> bool:
    def take() -> bool:
        with transaction(engine, latest=True) as connection:
            return take_receipt(connection, credential, receipt, utc_now())

    return await to_thread.run_sync(take)


async def _once_more(engine: Engine, credential: str, receipt: Receipt) -> None:
    await asyncio.sleep(AGAIN_S)
    try:
        if not await _taken(engine, credential, receipt):
            log.info("a receipt of %s is of no message that is known", credential)
    except NoDatabase as error:
        log.warning("a receipt was lost: %s", error)


def _forged(request: Request, route: str) -> Response:
    request.app.state.refusals.note(PUBLIC, route, status=401, why="forged")
    return Response(status_code=401)
