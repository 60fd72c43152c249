"""One-time links: the first administrator, and one's own password."""

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from api.caller import csrf_of
from api.staff.entering import HASHES_AT_ONCE, Field, enter, note
from api.staff.staffpages import card_of, staff_html
from api.state import engine_of
from operations.errors import Refused
from operations.people import links
from operations.people.passwords import SHORTEST
from operations.serving import utc_now
from web.staff.signin import link_page

router = APIRouter(include_in_schema=False)


@router.get("/signin/link")
async def link_form(request: Request) -> Response:
    """The code of a one-time link, which the page's script takes out of the address."""
    page = link_page(card_of(request), csrf=csrf_of(request), shortest=SHORTEST)
    return staff_html(page)


@router.post("/signin/link")
async def use_link(
    request: Request,
    code: Field = "",
    step: Field = "",
    login: Field = "",
    name: Field = "",
    password: Field = "",
    again: Field = "",
) -> Response:
    """Look what a code is for; in a second step set the password and sign in."""
    card, csrf, engine = card_of(request), csrf_of(request), engine_of(request)

    def page(error: str = "", found: links.Found | None = None, status: int = 200) -> Response:
        made = link_page(
            card,
            csrf=csrf,
            shortest=SHORTEST,
            found=found,
            code=code if found else "",
            login=login,
            name=name,
            error=error,
        )
        return staff_html(made, status)

    try:
        found = await to_thread.run_sync(lambda: links.find_code(engine, code, now=utc_now()))
    except Refused as error:
        note(request, 422, "dead-link")
        return page(str(error), status=422)
    if step != "set":
        return page(found=found)
    if password != again:
        return page("二つのパスワードが違います。もう一度入れてください。", found, 422)
    try:
        signed = await to_thread.run_sync(
            lambda: links.use_code(engine, code, password, login=login, name=name, now=utc_now()),
            limiter=HASHES_AT_ONCE,
        )
    except Refused as error:
        return page(str(error), found, 422)
    return await enter(request, signed, "")
