"""安否: a household says that it is safe, families look for each other. Both without script."""

from fastapi import APIRouter, Request, Response

from api.asked import WrongForm
from api.gate import refusals
from api.household import key_of, nobody, too_often
from api.householdforms import form_of, id_of, way_address
from api.householdpage import cookie_of, homes_of
from api.problems import answer_problem
from api.registering import NoKeys, registering_of
from api.registerpage import find_card, html, lang_of
from api.safelimits import safe_limits_of
from api.staff.staffpages import see_other
from city.safeword import BadSafeWord, Visible
from data.errors import NoCity, NoDatabase
from operations.safe.asking import ask
from operations.safe.saying import GivenSafeWord, say_of_home, take_back
from operations.serving import utc_now
from web.language import known
from web.safe import ASK, CLOSED, HOME, NOBODY, PATH, Found, safe_page

router = APIRouter(include_in_schema=False)
LONGEST_FIELD = 200


@router.get(PATH)
async def page(request: Request) -> Response:
    """The form; the same for everybody."""
    open_here = registering_of(request).find_sealer() is not None
    return _page(request, ASK if open_here else CLOSED, 200 if open_here else 503, lang_of(request))


@router.post(PATH)
async def search(request: Request) -> Response:
    """Who is found by name and word; whoever is not, for whatever reason, alike."""
    form = await form_of(request)
    name, code = (form.get(field, "")[:LONGEST_FIELD] for field in ("name", "code"))
    lang, limits = known(form.get("lang", "")), safe_limits_of(request)
    if not limits.may_ask(request, name):
        return answer_problem(request, refusals.too_often(limits.names.wait_s()).problem)
    try:
        safe = await registering_of(request).run(lambda e, s: ask(e, s, name, code))
    except (NoKeys, NoDatabase, NoCity):
        return _page(request, CLOSED, 503, lang)
    found = [Found(one.name, one.place, one.said_at) for one in safe]
    return _page(request, ASK if found else NOBODY, 200, lang, found)


@router.post(HOME)
async def say(request: Request) -> Response:
    """A household says that it is safe, or with `do=undo` takes it back."""
    form, now = await form_of(request), utc_now()
    seen = await homes_of(request).see(cookie_of(request), now)
    if seen.home is None or seen.away:
        return nobody(request, seen)
    home = seen.home
    if not homes_of(request).words.hit(key_of(home)):
        return too_often(request)
    if form.get("do") == "undo":
        await homes_of(request).change(lambda engine: take_back(engine, home, now))
        return _back(form)
    given = _given(form)
    try:
        await registering_of(request).run(lambda e, s: say_of_home(e, s, home, given, now))
    except BadSafeWord as error:
        return _back(form, error.field)
    except NoKeys:
        return _page(request, CLOSED, 503, known(form.get("lang", "")))
    return _back(form)


def _given(form: dict[str, str]) -> GivenSafeWord:
    visible = form.get("visible", "")
    if visible not in set(Visible):
        raise WrongForm([{"type": "enum", "loc": ("visible",), "msg": "Not one of the words"}])
    said = {field: form.get(field, "") for field in ("name", "place", "code")}
    return GivenSafeWord(id_of(form.get("id", "")), Visible(visible), **said)


def _back(form: dict[str, str], wrong: str = "") -> Response:
    """To the household's way, to what was said or to what was wrong with it."""
    path = way_address(form)
    asked = f"{'&' if '?' in path else '?'}safe={wrong}" if wrong else ""
    return see_other(f"{path}{asked}#safe")


def _page(
    request: Request, state: str, status: int, lang: str, found: list[Found] | None = None
) -> Response:
    card = find_card(request)
    return html(safe_page(card, state, lang=lang, now=utc_now(), found=found or ()), status)
