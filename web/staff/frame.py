"""Pages of those who work for the city: one frame, scripts and styles from files of our own."""

from collections.abc import Sequence
from typing import Any, Final

from city.staff import Caller, Role
from routing.ground import CityCard
from web.assets import address
from web.templating import ENGINE

ROLE_NAMES: Final = {
    Role.RESIDENT: "住民",
    Role.FIELD: "現地",
    Role.DESK: "避難場所受付",
    Role.PHONE: "電話受付",
    Role.OPERATOR: "本部 担当",
    Role.APPROVER: "本部 承認者",
    Role.WELFARE: "福祉",
    Role.ADMINISTRATOR: "管理者",
    Role.SENSOR: "観測機器",
}
WELFARE_DOORS: Final = "/welfare/doors"
"""Whoever opens door lists may work elsewhere too: every page leads there."""


def staff_page(
    template: str,
    *,
    title: str,
    caller: Caller,
    csrf: str,
    card: CityCard | None,
    scripts: Sequence[str] = (),
    styles: Sequence[str] = (),
    values: dict[str, Any] | None = None,
) -> str:
    """Render `templates/staff/{template}.html`, which extends `staff/frame.html`.

    `scripts` (modules) and `styles` are names below `web/static`, offered in `web/assets.py`.
    """
    return ENGINE.get_template(f"staff/{template}.html").render(
        **(values or {}),
        title=title,
        caller=caller,
        roles="・".join(ROLE_NAMES[role] for role in ROLE_NAMES if role in caller.roles),
        doors=WELFARE_DOORS if Role.WELFARE in caller.roles else "",
        csrf=csrf,
        card=card,
        asset=address,
        scripts=[address(name) for name in scripts],
        styles=[address(name) for name in ("staff.css", *styles)],
    )
