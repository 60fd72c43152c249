"""What people sent to a channel of LINE: pictures by their message's number, until they are gone.

Source: Messaging API reference, "Get content" (on LINE's host for data).
"""

import base64

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class Contents:
    """Pictures of one channel, and the status that it answers with instead."""

    def __init__(self, bearer: str) -> None:
        self._bearer = bearer
        self.pictures: dict[str, bytes] = {}
        self.status = 200

    def route(self) -> Route:
        """LINE's own route."""
        return Route("/v2/bot/message/{number}/content", self.content)

    def control(self) -> Route:
        """`PUT /content {"pictures": {number: base64}, "status"}` sets what is there."""
        return Route("/content", self.put, methods=["PUT"])

    async def content(self, request: Request) -> Response:
        """The picture of a message."""
        if request.headers.get("authorization") != f"Bearer {self._bearer}":
            return JSONResponse({"message": "Authentication failed"}, 401)
        if self.status != 200:
            return JSONResponse({"message": "as the test wants it"}, self.status)
        found = self.pictures.get(request.path_params["number"])
        if found is None:
            return JSONResponse({"message": "Not found"}, 404)
        return Response(found, media_type="image/jpeg")

    async def put(self, request: Request) -> Response:
        """Have these pictures, and answer so."""
        asked = await request.json()
        given = asked.get("pictures", {})
        self.pictures |= {number: base64.b64decode(one) for number, one in given.items()}
        self.status = asked.get("status", 200)
        return JSONResponse({})
