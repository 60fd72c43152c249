"""Errors as RFC 9457 problem details for programs, and as a page for people.

A problem never repeats what was asked: a query string may hold somebody's position.
"""

import logging
import re
from dataclasses import dataclass
from traceback import format_tb
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.state import service_of
from city.errors import CityError, OutsideCity
from data.errors import NoCity
from hazards.errors import HazardError
from web.pages import problem_page

log = logging.getLogger("nigemichi.api")


@dataclass(frozen=True, slots=True)
class Problem:
    """Status, a stable type, a title, what and where, and what to do."""

    status: int
    type: str
    title: str
    detail: str
    fields: tuple[dict[str, str], ...] = ()


UNFORESEEN: Final = Problem(
    500,
    "internal",
    "うまくいきませんでした",
    "案内を作れませんでした。もう一度開いてください。危険が近いときは、待たずに"
    "頑丈な建物の高い所へ。命があぶないときは 119。",
)


class WrongForm(Exception):
    """A form's values are not understood."""

    def __init__(self, error: ValidationError) -> None:
        super().__init__("form")
        self.rows = error.errors(include_input=False, include_url=False, include_context=False)


def add_problem_handlers(app: FastAPI) -> None:
    """Every error leaves as a problem."""

    @app.exception_handler(RequestValidationError)
    async def _query(request: Request, error: RequestValidationError) -> Response:
        return answer_problem(request, _validation(list(error.errors())))

    @app.exception_handler(WrongForm)
    async def _form(request: Request, error: WrongForm) -> Response:
        return answer_problem(request, _validation([dict(row) for row in error.rows]))

    @app.exception_handler(CityError)
    @app.exception_handler(HazardError)
    async def _refused(request: Request, error: Exception) -> Response:
        kind = "outside-city" if isinstance(error, OutsideCity) else "not-understood"
        title = "市の外の場所です" if kind == "outside-city" else "入力を確かめてください"
        return answer_problem(request, Problem(422, kind, title, str(error)))

    @app.exception_handler(NoCity)
    async def _empty(request: Request, error: NoCity) -> Response:
        detail = f"まだ市のデータがありません。少し待って、もう一度開いてください（{error}）。"
        return answer_problem(request, Problem(503, "no-city", "準備中です", detail))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            problem = Problem(
                404, "not-found", "ページがありません", "最初の画面から選んでください。"
            )
        else:
            problem = Problem(error.status_code, "http", str(error.detail), str(error.detail))
        return answer_problem(request, problem)

    @app.exception_handler(Exception)
    async def _unforeseen(request: Request, error: Exception) -> Response:
        return answer_problem(request, UNFORESEEN)

    # Innermost: its answers get the headers that every other answer gets.
    app.user_middleware.append(Middleware(Unforeseen))


class Unforeseen:
    """ASGI middleware: a failure is logged without its own words, which may hold a position."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer in its place when it fails."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception as error:
            where = "".join(format_tb(error.__traceback__)[-8:])
            log.error("%s, in\n%s", type(error).__name__, where)
            if scope["type"] != "http" or begun:
                raise RuntimeError("the answer broke off") from None
            await answer_problem(Request(scope), UNFORESEEN)(scope, receive, send)


def answer_problem(request: Request, problem: Problem) -> Response:
    """JSON under `/api`, a page elsewhere."""
    if request.url.path.startswith("/api/"):
        return problem_json(problem)
    service = service_of(request.app)
    try:
        card = service.current.version.ground.card
    except NoCity:
        card = None
    page = problem_page(
        title=problem.title,
        detail=problem.detail,
        card=card,
        lang=request.query_params.get("lang", "ja"),
        status=problem.status,
    )
    return HTMLResponse(page, problem.status)


def problem_json(problem: Problem) -> Response:
    """application/problem+json."""
    table: dict[str, Any] = {
        "type": f"urn:nigemichi:problem:{problem.type}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.fields:
        table["errors"] = list(problem.fields)
    body = orjson.dumps(table)
    return Response(body, problem.status, media_type="application/problem+json")


def _validation(rows: list[Any]) -> Problem:
    fields = tuple(
        {
            "field": ".".join(_name(part) for part in row["loc"] if part != "query") or "query",
            "message": _message(row),
        }
        for row in rows[:10]
    )
    detail = "、".join(f"{field['field']}: {field['message']}" for field in fields)
    return Problem(422, "not-understood", "入力を確かめてください", detail, fields)


def _name(part: object) -> str:
    """A field's name; what looks like no name is not repeated, it may be a position."""
    return str(part) if re.fullmatch(r"[a-z_]{1,20}|\d{1,2}", str(part)) else "?"


_MESSAGES: Final = {
    "missing": "を書いてください",
    "extra_forbidden": "という項目はありません",
    "greater_than_equal": "は小さすぎます",
    "less_than_equal": "は大きすぎます",
    "finite_number": "は数で書いてください",
    "float_parsing": "は数で書いてください",
    "int_parsing": "は整数で書いてください",
    "enum": "は使えない言葉です",
    "timezone_aware": "には時差（+09:00 など）を付けてください",
}


def _message(row: Any) -> str:
    """Japanese first, and the validator's own words, which never repeat what was given."""
    known = _MESSAGES.get(row["type"], "")
    if row["loc"][-1] == "lat" and row["type"] in ("greater_than_equal", "less_than_equal"):
        known = "は -90〜90 です。lat と lon が逆ではありませんか"
    return f"{known} ({row['msg']})" if known else str(row["msg"])
