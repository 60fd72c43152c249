"""What others may keep of our answers: nothing whose address could hold somebody's position."""

from typing import Final

from fastapi import Request

SHARED: Final = "public, max-age=2, stale-while-revalidate=2, stale-if-error=1800"
"""Kept for 2 s by whoever stands between, 2 s longer while one of them asks for the next. If we are
gone it is shown with its moments for half an hour, as long as a figure counts as known."""
DRAWN: Final = "public, max-age=10, stale-while-revalidate=10, stale-if-error=1800"
"""A drawing of the plan that its address names: it never becomes another one."""


def shared(request: Request, *keys: str) -> dict[str, str]:
    """Headers that let anybody keep an answer, unless its address says more than these keys."""
    return {"cache-control": SHARED} if set(request.query_params) <= set(keys) else {}


def drawn(request: Request, number: int, *keys: str) -> dict[str, str]:
    """Headers of a drawing of a plan: nobody keeps it under the name of another, in `v`."""
    named = request.query_params.get("v")
    return {"cache-control": DRAWN} if named == str(number) else shared(request, *keys)
