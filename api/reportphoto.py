"""A picture of a resident's report comes after it: whatever is wrong with it, the report stays."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from api.gate import refusals
from api.problems import answer_problem
from api.registering import counted
from api.reportforms import number_of
from api.reportlimits import report_limits_of
from api.reportpage import lang_in, mine_of, nothing, run, secret_of, usable
from api.state import engine_of
from data.errors import NotThere
from data.photos.errors import NotAPhoto, StoreAway
from operations.errors import Refused
from operations.residents.pictures import add_picture
from operations.residents.replies import check_own
from operations.serving import utc_now
from web.report import PHOTO

router = APIRouter(include_in_schema=False)
_WRONG: Final[Mapping[type[Exception], tuple[str, int]]] = {
    NotAPhoto: ("no_photo", 422),
    StoreAway: ("busy", 503),
    Refused: ("enough", 422),
}


@router.post(PHOTO)
async def photo(request: Request) -> Response:
    """Keep a picture; any trouble with it is said on the page of the report."""
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("photo")
        content = await file.read() if isinstance(file, UploadFile) else b""
        fields = {key: value for key, value in form.items() if isinstance(value, str)}
    secret, lang = usable(fields.get("code", "")) or secret_of(request), lang_in(fields)
    limits = report_limits_of(request)
    if not counted(request, limits.pictures):
        return answer_problem(request, refusals.too_often(limits.pictures.wait_s()).problem)
    if not content:
        return await mine_of(request, secret, said="none", status=422, lang=lang)
    number, now = number_of(fields, "number"), utc_now()
    try:
        await run(request, lambda engine: check_own(engine, secret, number, now))
        work = partial(add_picture, engine_of(request), number, content, now)
        new = await to_thread.run_sync(work, limiter=limits.looking)
    except NotThere:
        return await nothing(request, secret, lang)
    except (NotAPhoto, StoreAway, Refused) as error:
        said, status = next(what for kind, what in _WRONG.items() if isinstance(error, kind))
        return await mine_of(request, secret, said=said, status=status, lang=lang)
    return await mine_of(request, secret, said="pictured" if new else "same", lang=lang)
