"""Printing for a neighbourhood: guide every home, make its link, typeset, write one file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlalchemy import Engine

from city.errors import OutsideCity
from city.staff import Caller
from data.people import audit
from hazards.kinds import AlertLevel
from operations.changes.change import Change, changing
from operations.errors import Refused
from operations.household.links import link_to, new_links
from operations.planning.inforce import read_picture
from operations.serving import CurrentVersion
from operations.sheets.neighbours import Neighbour, neighbours
from operations.sheets.standing import refuse_unplanned, remark_standing
from operations.sheets.wholefile import whole_file
from routing.door import Question
from routing.guidance import Guidance, guide
from routing.version import Hazards, PlanVersion
from web.sheets.compiling import FONT, PACKAGE, has_font
from web.sheets.hansheets import han_sheets
from web.sheets.home import Home, Paper
from web.sheets.slips import slips
from web.sheets.typesetting import typeset

EVERY: Final = 500
"""Homes between two words of progress."""

Progress = Callable[[str], None]
Planned = Callable[[int], str | None]
"""The id of the site that the plan has for a household of that number, None where it has none."""


@dataclass(frozen=True, slots=True)
class Print:
    """What is to be printed: `slips`, `sheets` of the 班, or both, of these `areas`.

    `withdraw` is HH:MM or empty, `lasts` how long the codes let in. `tonight`: it is for what is in
    force now, and for no other night.
    """

    areas: Sequence[str]
    address: str
    hazards: Hazards = frozenset()
    withdraw: str = ""
    phone: str = ""
    slips: bool = True
    sheets: bool = True
    lasts: timedelta = timedelta(days=366)
    tonight: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """How many slips and 班 sheets there are, and how many homes have no way to any place.

    `remark` says that something is in force there now that the paper is not for, or is empty.
    """

    slips: int
    sheets: int
    without_way: int
    remark: str


def print_sheets(
    engine: Engine,
    current: CurrentVersion,
    by: Caller,
    asked: Print,
    target: Path,
    *,
    planned: Planned,
    night: PlanVersion | None = None,
    progress: Progress,
    now: datetime,
) -> Printed:
    """Write the PDF; no link lets in, and nothing is noted, where there is no file.

    Doors are asked of the version of that `night`, else of the one that is current, and maps show
    what is in it.

    Raises `NotThere` for an area that is none, `NoCity` before a plan, `Refused` for the rest, also
    under level 5: over one of the homes, or for tonight where the plan does not have it yet.
    """
    if not has_font():
        raise Refused(f"the font {FONT} is missing: install {PACKAGE} (apt-get install {PACKAGE})")
    version, checked_at = current.version, current.freshness(now).checked_at
    card, shown = version.ground.card, night or version
    paper = Paper(card, version.number, checked_at, now, asked.phone, asked.tonight)
    with whole_file(target) as draft, changing(engine, by) as change:
        if str(change.load.token) != current.load:
            raise Refused("the published plan is of an earlier city: wait for the planner")
        found = neighbours(change.connection, change.load, asked.areas)
        if not found:
            raise Refused("nobody lives there by the city's file: name another area")
        remark = _remark(change, version, found, asked, now)
        told = _guided(shown, found, asked.hazards, planned, progress, now)
        homes = _homes(change, found, told, asked, now)
        pages = slips(shown, homes, progress) if asked.slips else {"faces": [], "slips": []}
        sheets = han_sheets(homes) if asked.sheets else []
        draft.fill(typeset(paper, pages, sheets, asked.withdraw))
        progress("typeset")
        without_way = sum(one.ways is None for one in homes)
        done = Printed(len(pages["slips"]), len(sheets), without_way, remark)
        audit.record(change.connection, by, "slips.printed", **_noted(version, done, asked))
    return done


def _remark(
    change: Change, version: PlanVersion, found: Sequence[Neighbour], asked: Print, now: datetime
) -> str:
    """Of what the database has in force over them: the plan may not have it yet."""
    ground = version.ground
    picture = read_picture(change.connection, change.load, ground, version.picture.change, now)
    if asked.tonight:
        refuse_unplanned(picture, version.picture)
        return ""
    at = np.array([(one.position.lon, one.position.lat) for one in found])
    return remark_standing(picture, ground.metres.xy(at))


def _guided(
    version: PlanVersion,
    found: Sequence[Neighbour],
    hazards: Hazards,
    planned: Planned,
    progress: Progress,
    now: datetime,
) -> list[Guidance | None]:
    """Where each is to go when all are told to leave; None too far from every street."""
    told: list[Guidance | None] = []
    for done, one in enumerate(found, start=1):
        question = Question(
            one.position,
            now,
            hazards=hazards,
            level=AlertLevel.ALL_LEAVE,
            planned=planned(one.number),
        )
        try:
            told.append(guide(version, question))
        except OutsideCity:
            told.append(None)
        if done % EVERY == 0 or done == len(found):
            progress(f"{done:,} of {len(found):,} homes guided")
    return told


def _homes(
    change: Change,
    found: Sequence[Neighbour],
    told: Sequence[Guidance | None],
    asked: Print,
    now: datetime,
) -> list[Home]:
    """Homes as they are on paper; only a slip has a link."""
    urls = [""] * len(found)
    if asked.slips:
        rows = [(one.number, one.position, one.label) for one in found]
        tokens = new_links(
            change.connection, change.load.code, rows, now=now, expires_at=now + asked.lasts
        )
        urls = [link_to(asked.address, token) for token in tokens]
    return [
        Home(one.label, one.area, one.han, url, guidance)
        for one, url, guidance in zip(found, urls, told, strict=True)
    ]


def _noted(version: PlanVersion, done: Printed, asked: Print) -> dict[str, Any]:
    """For the audit log: how much, and of which plan; who lives there is in no log."""
    return {
        "slips": done.slips,
        "sheets": done.sheets,
        "areas": len(asked.areas),
        "plan": version.number,
        "days": asked.lasts.days,
    }
