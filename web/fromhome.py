"""A way page's view of a household: nothing on it says where the door is."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from web.language import Translate
from web.links import PLACES, link
from web.moving import Moving
from web.placeview import PlaceView
from web.wayview import Links, Route, WayView

_EVERYWHERE: Final = f"{PLACES}?from=1"
"""Places of the whole city: those around a door would say where it is."""


def from_home(view: WayView, path: str, asked: Mapping[str, str], t: Translate) -> WayView:
    """The view without what its links and its moving map would say of where the door is."""
    route = view.route and _apart(view.route, t)
    links = view.links
    return replace(
        view,
        route=route,
        links=Links(
            home=links.home,
            slow=links.slow and link(path, asked, profile="slow"),
            wheelchair=links.wheelchair and link(path, asked, profile="wheelchair"),
            ask_slow=links.ask_slow and link(path, asked, profile="slow"),
        ),
    )


def _apart(route: Route, t: Translate) -> Route:
    """The way of a home that nobody need be in: whoever reads it may be elsewhere."""

    def away(place: PlaceView) -> PlaceView:
        return replace(place, places=_EVERYWHERE)

    second = route.second and away(route.second)
    here, home = t("いまいる所"), t("わが家")
    labels = tuple(replace(one, text=home) if one.text == here else one for one in route.map.labels)
    return replace(
        route,
        first=away(route.first),
        second=second,
        map=replace(route.map, labels=labels),
        moving=Moving(script=""),
    )
