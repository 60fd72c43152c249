"""Call-backs as LINE sends them: signed with the channel's secret, or forged where a test asks."""

import base64
import hashlib
import hmac
import json

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SIGNED_WITH = "line-channel-of-the-tests"
BOT = "U" + "b" * 32


def webhook_route() -> Route:
    """`POST /webhook {"url", "events", "signature"?}` sends one; answers with its status."""

    async def webhook(request: Request) -> Response:
        asked = await request.json()
        body = json.dumps({"destination": BOT, "events": asked["events"]}).encode()
        digest = hmac.new(SIGNED_WITH.encode(), body, hashlib.sha256).digest()
        headers = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "LineBotWebhook/2.0",
            "x-line-signature": asked.get("signature") or base64.b64encode(digest).decode(),
        }
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(asked["url"], content=body, headers=headers)
        return JSONResponse({"status": answer.status_code, "text": answer.text})

    return Route("/webhook", webhook, methods=["POST"])
