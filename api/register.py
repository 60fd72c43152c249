"""Registering: the place, what is wished, and the slip's household; all of it without script."""

from fastapi import APIRouter, Request, Response

from alerts.kinds import Language
from api.gate import refusals
from api.householdpage import cookie_of, homes_of
from api.problems import answer_problem
from api.registerforms import (
    NO_WAY,
    Form,
    addresses_of,
    asked_of,
    form_of,
    given_of,
    typed_of,
)
from api.registering import NoKeys, counted, registering_of
from api.registerpage import (
    card_of,
    find_mine,
    html,
    lang_of,
    let_in,
    said,
    to_page,
    token_of,
    ways_of,
)
from api.state import service_of
from city.position import Position
from data.errors import NotThere
from data.homes.links import Home
from operations.errors import Refused
from operations.registering.letters import languages
from operations.registering.mine import Mine
from operations.registering.register import change, register
from operations.registering.standing import Given
from operations.serving import utc_now
from routing.ground import CityCard, Ground
from web.language import known, spoken, translator
from web.register import CODE, HOME, MINE, PLACE, REGISTER, Choice, Typed, form_page
from web.registerplace import area_at, place_page, tapped
from web.registerwords import place_words

router = APIRouter(include_in_schema=False)


@router.get(REGISTER)
async def begin(request: Request) -> Response:
    """Choose a place; with `area`, or `keep` of what is registered, the form."""
    if registering_of(request).find_sealer() is None:
        return said(request, "closed", 503)
    query, ground = request.query_params, _ground(request)
    new = query.get("new") == "1"
    mine = None if new else await find_mine(request)
    area = query.get("area", "")
    if area in {one.name for one in ground.areas}:
        return _form(request, Choice(area, area=area), mine)
    if mine is not None and query.get("keep") == "1":
        return _form(request, Choice(_kept(request, mine)), mine)
    by_line = mine is not None and mine.by_line
    text = query.get("q", "")
    page = place_page(ground, lang=lang_of(request), text=text, new=new, by_line=by_line)
    return html(page)


@router.post(PLACE)
async def place(request: Request) -> Response:
    """A tap on the map, or the phone's position: closer, or the form. No address holds it."""
    form, ground = await form_of(request), _ground(request)
    if registering_of(request).find_sealer() is None:
        return said(request, "closed", 503)
    found, lang = tapped(ground, form.plain()), known(form.get("lang"))
    new = form.get("new") == "1"
    mine = None if new else await find_mine(request)
    if found.point is None:
        by_line = mine is not None and mine.by_line
        page = place_page(
            ground,
            lang=lang,
            box=found.box,
            outside=found.outside,
            new=new,
            by_line=by_line,
        )
        return html(page)
    return _form(request, _point(ground, found.point, lang), mine, lang=lang)


@router.post(REGISTER)
async def send(request: Request) -> Response:
    """Register, or change what this browser has registered; then the code."""
    form = await form_of(request)
    mine = await find_mine(request) if form.get("change") == "1" else None
    given, lang = given_of(form), known(form.get("lang"))
    choice = Choice(_kept(request, mine) if mine else "")
    if given is not None and given.position is not None:
        if tapped(_ground(request), form.plain()).outside:
            return html(place_page(_ground(request), lang=lang, outside=True), 422)
        choice = _point(_ground(request), given.position, lang)
    elif given is not None:
        choice = Choice(given.area_name, area=given.area_name)
    elif mine is None:
        return to_page(REGISTER, lang)
    return await _sent(request, form, given, choice, mine)


@router.get(HOME)
async def begin_at_home(request: Request) -> Response:
    """The form of a slip's household, by the cookie of its link."""
    seen = await homes_of(request).see(cookie_of(request), utc_now())
    if registering_of(request).find_sealer() is None:
        return said(request, "closed", 503)
    if seen.home is None:
        return said(request, "dead", 404)
    return _form(request, _at_home(request, seen.home), None)


@router.post(HOME)
async def send_at_home(request: Request) -> Response:
    """Register a slip's household exactly."""
    form, seen = await form_of(request), await homes_of(request).see(cookie_of(request), utc_now())
    if seen.home is None:
        return said(request, "dead", 404)
    choice = _at_home(request, seen.home)
    return await _sent(request, form, Given(home=seen.home), choice, None)


async def _sent(
    request: Request, form: Form, given: Given | None, choice: Choice, mine: Mine | None
) -> Response:
    """Carry a form out, or show it again with what is wrong."""
    registering, lang = registering_of(request), known(form.get("lang"))
    typed = typed_of(form, languages(card_of(request)))
    addresses, wrong = addresses_of(form)
    if not addresses and not wrong and mine is None:
        wrong["sms"] = NO_WAY
    if wrong:
        return _form(request, choice, mine, typed=typed, wrong=wrong, lang=lang)
    if not counted(request, registering.forms):
        wait_s = registering.forms.wait_s()
        return answer_problem(request, refusals.too_often(wait_s).problem)
    asked, now, token = asked_of(typed, given, addresses), utc_now(), token_of(request)
    try:
        if mine is None:
            token = await registering.run(lambda e, sealer: register(e, sealer, asked, now))
        else:
            token = await registering.run(lambda e, sealer: change(e, sealer, token, asked, now))
    except NoKeys:
        return said(request, "closed", 503, lang)
    except (NotThere, Refused) as error:
        wrong = {"place": str(error)}
        return _form(request, choice, mine, typed=typed, wrong=wrong, lang=lang)
    return let_in(request, to_page(CODE if addresses else MINE, lang), token)


def _form(
    request: Request,
    choice: Choice,
    mine: Mine | None,
    *,
    typed: Typed | None = None,
    wrong: dict[str, str] | None = None,
    lang: str = "",
) -> Response:
    card, lang = card_of(request), lang or lang_of(request)
    if typed is None:
        typed = _as_registered(mine) if mine else _at_first(card, lang)
    shown = Typed(typed.categories, typed.language, typed.needs, typed.sms, typed.mail, wrong or {})
    page = form_page(
        card,
        choice,
        shown,
        lang=lang,
        offered=languages(card),
        change=mine is not None,
        by_line=mine is not None and mine.by_line,
        ways=ways_of(mine) if mine else (),
    )
    return html(page, 422 if wrong else 200)


def _at_first(card: CityCard, lang: str) -> Typed:
    """All kinds, in the language of the page."""
    english = spoken(card, lang) == Language.ENGLISH
    return Typed(language=Language.ENGLISH if english else Language.JAPANESE)


def _as_registered(mine: Mine) -> Typed:
    """Of who came by LINE and has chosen nothing yet, what is offered first."""
    wishes = mine.wishes
    return Typed(wishes.categories, wishes.language, wishes.needs)


def _kept(request: Request, mine: Mine) -> str:
    t = translator(spoken(card_of(request), lang_of(request)))
    return place_words(mine.wishes.where, t)


def _point(ground: Ground, at: Position, lang: str) -> Choice:
    t, area = translator(spoken(ground.card, lang)), area_at(ground, at)
    words = f"{area} {t('地図で選んだ所')}".strip()
    return Choice(words, lat=str(at.lat), lon=str(at.lon))


def _at_home(request: Request, home: Home) -> Choice:
    ground, t = _ground(request), translator(spoken(card_of(request), lang_of(request)))
    area = area_at(ground, home.position)
    return Choice(t("{area}の家").format(area=area), action=HOME)


def _ground(request: Request) -> Ground:
    return service_of(request.app).current.version.ground
