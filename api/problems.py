"""Errors as RFC 9457 problem details for programs, and as a page for people.

A problem never repeats where somebody is. The page's link back keeps what else was asked,
without what was wrong.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from traceback import format_tb
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alerts.errors import AlertError, NotFit, NotLive, NotYours
from api.asked import WrongForm
from api.state import service_of
from city.errors import BadPosition, CityError, OutsideCity
from data.errors import NoCity, NoDatabase, NotThere
from hazards.errors import (
    Decided,
    HazardError,
    LowerThanInForce,
    MayNotDecide,
    NothingInForce,
    SelfApproval,
)
from operations.errors import NotAllowed, Refused
from shelters.errors import NotAStep, ShelterError
from web.language import known
from web.links import KEPT, POINT
from web.pages import problem_page
from web.refused import Wrong

log = logging.getLogger("nigemichi.api")


@dataclass(frozen=True, slots=True)
class Problem:
    """Status, a stable type, a title, what and where, and what to do.

    `wrong` are the fields that were not understood; `drops` is what a link back leaves out, None
    where it keeps nothing.
    """

    status: int
    type: str
    title: str
    detail: str
    wrong: tuple[Wrong, ...] = ()
    drops: frozenset[str] | None = None
    headers: Mapping[str, str] | None = None


CHECK: Final = "入力を確かめてください"
FROM_HOME: Final = "最初の画面から選んでください。"
NOT_READ: Final = (
    "JSON になっていません。画面を開き直してください。(The body cannot be read as JSON.)"
)
NO_CITY: Final = "まだ市のデータがありません。少し待って、もう一度開いてください。"
NOT_SAVED: Final = (
    "データベースにつながりません。送った内容を控えて、少し待ってもう一度送ってください。"
    "（the database does not answer: send it again）"
)
LONGEST: Final = 40
"""Letters of a value that a link back keeps; none that is understood is longer."""

UNFORESEEN: Final = Problem(
    500,
    "internal",
    "うまくいきませんでした",
    "案内を作れませんでした。もう一度開いてください。危険が近いときは、待たずに"
    "頑丈な建物の高い所へ。命があぶないときは 119。",
)


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
        return answer_problem(request, _refusal(error))

    @app.exception_handler(NoCity)
    async def _empty(request: Request, error: NoCity) -> Response:
        detail = f"{NO_CITY}（{error}）"
        return answer_problem(request, Problem(503, "no-city", "準備中です", detail))

    @app.exception_handler(NotThere)
    @app.exception_handler(NoDatabase)
    @app.exception_handler(Refused)
    @app.exception_handler(ShelterError)
    @app.exception_handler(AlertError)
    async def _use_case(request: Request, error: Exception) -> Response:
        return answer_problem(request, _use_case_problem(error))

    for conflict in (Decided, LowerThanInForce, MayNotDecide, NothingInForce, SelfApproval):
        app.exception_handler(conflict)(_use_case)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            problem = Problem(404, "not-found", "ページがありません", FROM_HOME)
        elif error.status_code == 400:
            problem = Problem(400, "not-read", "送られた内容を読めません", NOT_READ)
        else:
            detail = f"{FROM_HOME}（{error.detail}）"
            problem = Problem(error.status_code, "http", "この開き方はできません", detail)
        return answer_problem(request, replace(problem, headers=error.headers))

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
    answer = problem_json if request.url.path.startswith("/api/") else partial(_page, request)
    response = answer(problem)
    response.headers.update(problem.headers or {})
    return response


def _page(request: Request, problem: Problem) -> Response:
    service = service_of(request.app)
    try:
        card = service.current.version.ground.card
    except NoCity:
        card = None
    page = problem_page(
        title=problem.title,
        detail=problem.detail,
        wrong=problem.wrong,
        asked=_kept(request, problem.drops),
        card=card,
        lang=known(request.query_params.get("lang", "")),
        status=problem.status,
    )
    return HTMLResponse(page, problem.status)


def _kept(request: Request, drops: frozenset[str] | None) -> dict[str, str]:
    """What a link back keeps of the household: not what was wrong, and never where it is."""
    if drops is None:
        return {}
    gone = drops | set(POINT)
    query = request.query_params
    kept = {key: query[key][:LONGEST] for key in KEPT if key in query and key not in gone}
    if "hazard" in kept:
        kept["hazard"] = ",".join(dict.fromkeys(",".join(query.getlist("hazard")).split(",")))
    return kept


def problem_json(problem: Problem, **more: Any) -> Response:
    """application/problem+json, with members of its own type."""
    table: dict[str, Any] = {
        "type": f"urn:nigemichi:problem:{problem.type}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.wrong:
        table["errors"] = [
            {"field": one.field, "message": f"{one.japanese} ({one.english})"}
            for one in problem.wrong
        ]
    body = orjson.dumps(table | more)
    return Response(body, problem.status, media_type="application/problem+json")


def _refusal(error: Exception) -> Problem:
    """What the rooms below refuse: a position, or a home that cannot be."""
    if isinstance(error, OutsideCity):
        return Problem(422, "outside-city", "市の外の場所です", str(error), drops=frozenset())
    drops = () if isinstance(error, BadPosition) else ("floor", "floors")
    return Problem(422, "not-understood", CHECK, str(error), drops=frozenset(drops))


def _use_case_problem(error: Exception) -> Problem:
    """What a use case refuses, in its own words; of the database only that it is away."""
    if isinstance(error, NoDatabase):
        return Problem(503, "no-database", "いまは保存できません", NOT_SAVED)
    if isinstance(error, NotThere):
        return Problem(404, "not-there", "見つかりません", str(error))
    if isinstance(error, NotAllowed | MayNotDecide | NotYours | NotLive):
        return Problem(403, "not-allowed", "この操作はできません", str(error))
    if isinstance(error, ShelterError) and not isinstance(error, NotAStep):
        return Problem(422, "not-understood", CHECK, str(error))
    if isinstance(error, NotFit):
        return Problem(422, "not-fit", CHECK, str(error))
    kind = "self-approval" if isinstance(error, SelfApproval) else "refused"
    return Problem(409, kind, "この操作はできません", str(error))


def _validation(rows: list[Any]) -> Problem:
    wrong = tuple(_wrong(row) for row in rows)
    drops = frozenset(one.field for one in wrong)
    asked = [row["loc"][-1] for row in rows if row["type"] == "missing" and row["loc"][0] != "body"]
    if {*asked} & {*POINT}:
        kind, title = "no-place", "場所が選ばれていません"
    else:
        kind, title = "not-understood", CHECK
    wrong = wrong[:10]
    detail = "、".join(f"{one.field}: {one.japanese} ({one.english})" for one in wrong)
    return Problem(422, kind, title, detail, wrong, drops)


def _wrong(row: Any) -> Wrong:
    """The field by its name: what comes after it is the place in a list."""
    named = [part for part in row["loc"] if part not in ("query", "body")][:1] or ["query"]
    field, kind, english = _name(named[0]), row["type"], str(row["msg"])
    return Wrong(field, kind, english, _too_long(row) if kind == "string_too_long" else "")


def _too_long(row: Any) -> str:
    """How long a text may be and how long it is; "" where the row does not say."""
    most, given = row.get("ctx", {}).get("max_length"), row.get("input")
    return f"{most}字まで（いま {len(given)} 字）" if most and isinstance(given, str) else ""


def _name(part: object) -> str:
    """A field's name; what looks like no name is not repeated, it may be a position."""
    return str(part) if re.fullmatch(r"[a-z_]{1,20}|\d{1,2}", str(part)) else "?"
