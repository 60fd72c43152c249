"""Which route a request is for: its template, under which it stands in `api/permissions.py`."""

import re
from collections.abc import Iterator
from typing import Final

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import WebSocketRoute, compile_path

from api.permissions import SOCKET

ANY: Final = "*"
"""The method of whatever takes any: it has no row, and so nobody gets in."""


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and template of every route and socket; HEAD is answered as GET."""
    for route in iter_route_contexts(app.routes):
        template = str(route.path_format or route.path or ANY)
        if isinstance(route.original_route, WebSocketRoute):
            yield SOCKET, template
            continue
        for method in sorted((route.methods or {ANY}) - {"HEAD"}):
            yield method, template


class RouteTable:
    """The templates of an app, found by path in the order in which the app looks."""

    def __init__(self, app: FastAPI) -> None:
        self._plain: dict[tuple[str, str], str] = {}
        self._patterns: list[tuple[str, str, re.Pattern[str]]] = []
        for method, template in routes_of(app):
            if "{" in template:
                self._patterns.append((method, template, compile_path(template)[0]))
            else:
                self._plain.setdefault((method, template), template)

    def find(self, method: str, path: str) -> str | None:
        """The template of a route that takes this method; None where the app has none."""
        found = self._plain.get((method, path))
        if found is not None:
            return found
        for taken, template, pattern in self._patterns:
            if taken in (method, ANY) and pattern.match(path):
                return template
        return None
