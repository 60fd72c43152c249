"""An alert in words: rendered by the city's templates and readings, and looked at by the linter."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from alerts.alert import Alert
from alerts.wording.findings import Finding
from alerts.wording.gazetteer import Gazetteer
from alerts.wording.linter import check
from alerts.wording.rendered import Rendered
from alerts.wording.rendering import render
from alerts.wording.settings import WORDING, Links, WordingSettings, wording_settings_from
from alerts.wording.standard import standard_templates
from alerts.wording.template import Template, template_from
from data.alerts import wordings
from data.rows import card_of
from operations.alerts.standingthere import standing_there
from operations.delivery.opening import link_length
from operations.settings import site_address


def render_now(
    connection: Connection, load: Row[Any], alert: Alert, now: datetime
) -> tuple[Rendered, Sequence[Finding]]:
    """Everything that is sent and read aloud, and what the linter found.

    Raises `NotFit` where there are no words for it at all.
    """
    gazetteer, settings = gazetteer_of(connection, load), settings_of(connection, load)
    site = site_address()
    links = Links(way=f"{site}/", areas=f"{site}/", own_length=link_length(site))
    rendered = render(alert, templates_of(connection, load.code), gazetteer, links, settings)
    findings = check(
        alert,
        rendered,
        now=now,
        gazetteer=gazetteer,
        settings=settings,
        sites=wordings.site_names(connection, load),
        areas=wordings.area_names(connection, load),
        orders=standing_there(connection, load, alert),
    )
    return rendered, findings


def templates_of(connection: Connection, city: str) -> list[Template]:
    """The city's own, and the standard ones, which nobody of the city has reviewed."""
    own = [template_from(body) for body in wordings.newest_templates(connection, city)]
    return [*own, *standard_templates()]


def gazetteer_of(connection: Connection, load: Row[Any]) -> Gazetteer:
    """Names and readings of the city."""
    readings = wordings.readings(connection, load)
    return Gazetteer(tuple(readings), wordings.place_names(connection, load))


def settings_of(connection: Connection, load: Row[Any]) -> WordingSettings:
    """How the city wants its alerts worded."""
    zone = ZoneInfo(card_of(load).timezone)
    given = load.settings.get(WORDING, {})
    return wording_settings_from(given, zone, wordings.districts(connection, load))
