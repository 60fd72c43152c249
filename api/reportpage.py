"""A browser's reports: the cookie that holds their secret, and the page that shows them."""

from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from anyio import to_thread
from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine

from api.gate import refusals
from api.householdpage import HEADERS
from api.problems import answer_problem
from api.registering import counted
from api.registerpage import card_of, lang_of
from api.reportlimits import report_limits_of
from api.state import engine_of, service_of
from operations.people.signing import new_secret
from operations.residents.replies import SHOWN, Reply, replies_of
from operations.serving import utc_now
from web.language import known
from web.registerplace import area_at
from web.report import ReplyLine, mine_page

T = TypeVar("T")
COOKIE: Final = "nigemichi_report"
AT_HOME: Final = "nigemichi_report_home"
"""Short keyed hash of the household from whose page somebody came: it counts as one source."""
PATH: Final = "/report"
LONGEST: Final = 100
"""Letters of a secret; ours have 43."""


def html(page: str, status: int = 200) -> HTMLResponse:
    """A page that nobody keeps."""
    return HTMLResponse(page, status, headers=HEADERS)


async def run(request: Request, work: Callable[[Engine], T]) -> T:
    """Do something with the database, in a thread; raises `NoDatabase`."""
    limiter = report_limits_of(request).at_once
    return await to_thread.run_sync(partial(work, engine_of(request)), limiter=limiter)


async def mine_of(
    request: Request, secret: str, *, said: str = "", status: int = 200, lang: str = ""
) -> Response:
    """The page of a secret's reports; a browser that has none keeps it."""
    now = utc_now()
    found = await run(request, partial(replies_of, secret=secret, now=now))
    lines = [_line(request, one) for one in found]
    page = mine_page(
        card_of(request),
        lines,
        lang=lang or lang_of(request),
        now=now,
        code=secret,
        said=said,
    )
    answer = html(page, status)
    if lines and not secret_of(request):
        put(request, answer, COOKIE, secret)
    return answer


async def nothing(request: Request, secret: str, lang: str) -> Response:
    """Whatever was wrong with a code, the same page; `secret` is the browser's own."""
    limits = report_limits_of(request)
    if not counted(request, limits.guesses):
        return answer_problem(request, refusals.too_often(limits.guesses.wait_s()).problem)
    return await mine_of(request, secret, said="closed", status=404, lang=lang)


def secret_of(request: Request) -> str:
    """The secret of this browser's reports, "" for none."""
    return usable(request.cookies.get(_name(request, COOKIE), ""))


def secret_or_new(request: Request) -> str:
    """The same, or a new one."""
    return secret_of(request) or new_secret()


def home_of(request: Request) -> str:
    """The household's hash, "" for none; whoever makes one up has only named himself."""
    value = request.cookies.get(_name(request, AT_HOME), "")
    return value if len(value) == 16 and value.isascii() and value.isalnum() else ""


def usable(value: str) -> str:
    """A secret as it can be one, "" for anything else."""
    return value if 20 <= len(value) <= LONGEST and value.isascii() else ""


def put(request: Request, answer: Response, name: str, value: str) -> None:
    """Give a browser a cookie of these pages, that no script reads."""
    answer.set_cookie(
        _name(request, name),
        value,
        max_age=int(SHOWN.total_seconds()),
        path=PATH,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def lang_in(form: dict[str, str]) -> str:
    """The language that a form keeps."""
    return known(form.get("lang", ""))


def _name(request: Request, name: str) -> str:
    """Over https a name that no page without it can set (RFC 6265bis, 4.1.3.1)."""
    return f"__Secure-{name}" if request.url.scheme == "https" else name


def _line(request: Request, one: Reply) -> ReplyLine:
    area = area_at(service_of(request.app).current.version.ground, one.at)
    return ReplyLine(
        one.id,
        one.kind,
        area,
        one.received_at,
        one.state,
        one.outcome,
        one.pictures,
        one.unsure,
    )
