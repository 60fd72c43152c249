"""Pages for getting in: signing in, one-time links, one's own account, a tablet's registration."""

from typing import Any, Final

from city.staff import PUBLIC, Caller, Role
from routing.ground import CityCard
from web.staff.frame import WELFARE_DOORS, staff_page

PLACES: Final = (
    (Role.OPERATOR, "/hq", "本部の画面"),
    (Role.APPROVER, "/hq", "本部の画面"),
    (Role.PHONE, "/phone", "電話受付票"),
    (Role.DESK, "/desk", "避難場所の受付"),
    (Role.FIELD, "/field", "現地報告"),
    (Role.WELFARE, WELFARE_DOORS, "戸別の一覧"),
    (Role.ADMINISTRATOR, "/admin", "職員と端末"),
)
"""Where each role works."""
ACCOUNT: Final = "/account"


def home_of(caller: Caller) -> str:
    """The first page after signing in."""
    return next((address for role, address, _ in PLACES if role in caller.roles), ACCOUNT)


def sign_in_page(
    card: CityCard | None, *, csrf: str, after: str, oidc: str, login: str = "", error: str = ""
) -> str:
    """Login and password; `oidc` is where the city's own sign-on begins, or empty."""
    values = {"after": after, "oidc": oidc, "login": login, "error": error}
    return _page("signin", "サインイン", card, csrf, values)


def link_page(
    card: CityCard | None,
    *,
    csrf: str,
    shortest: int,
    found: object | None = None,
    code: str = "",
    login: str = "",
    name: str = "",
    error: str = "",
) -> str:
    """The code of a one-time link, and once it is `found` (it has a `login`) what it asks for."""
    values = {"found": found, "code": code, "login": login, "name": name, "error": error}
    return _page("link", "リンク", card, csrf, values | {"shortest": shortest})


def device_page(card: CityCard | None, *, csrf: str, error: str = "") -> str:
    """The token of a tablet, which its camera brings along."""
    return _page("devicejoin", "端末の登録", card, csrf, {"error": error})


def account_page(
    card: CityCard | None,
    *,
    caller: Caller,
    csrf: str,
    shortest: int,
    done: bool = False,
    error: str = "",
) -> str:
    """Who is signed in, where they work, and another password."""
    there = {address: words for role, address, words in PLACES if role in caller.roles}
    values = {"shortest": shortest, "done": done, "error": error}
    values["places"] = list(there.items())
    return _page("account", "設定", card, csrf, values, caller)


def _page(
    template: str,
    title: str,
    card: CityCard | None,
    csrf: str,
    values: dict[str, Any],
    caller: Caller = PUBLIC,
) -> str:
    return staff_page(
        template,
        title=title,
        caller=caller,
        csrf=csrf,
        card=card,
        scripts=["start.js"],
        styles=["account.css"],
        values=values,
    )
