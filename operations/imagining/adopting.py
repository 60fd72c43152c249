"""Doing what was imagined: every part by its own use case, with what that asks for."""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import shapely
from sqlalchemy import Engine

from city.staff import Caller, Role
from data import inforce
from data.database import transaction
from data.errors import DataError, NoDatabase
from hazards.errors import HazardError
from operations.changes.roads import close_streets
from operations.changes.water import observe_areas
from operations.errors import NotAllowed, Refused
from operations.household.turnouts import set_turnout, turnout_now
from operations.imagining.adopted import Adopted, alone, earlier, record
from operations.imagining.effect import Effect
from operations.imagining.imagined import Imagined, more_people
from operations.imagining.imagining import Imagining
from operations.places.openings import change_opening
from operations.wording import line
from routing.ground import Ground
from shelters.errors import ShelterError
from shelters.place import Opening

PATIENCE_S: Final = 3.0
"""For the planner to publish what was recorded a moment ago."""
NO_REASON: Final = (
    "理由を入れてください。道や水の記録、来る人の割合には理由が残ります（say why: it is kept）"
)
FOR_APPROVERS: Final = (
    "水の記録と来る人の割合は、承認者だけが採用できます。何もしていません。承認者に頼むか、"
    "その部分を外してください（only an approver adopts water or more people）"
)
DATABASE_AWAY: Final = "データベースにつながりません（the database does not answer）"


class OtherThen(Refused):
    """What was imagined would do something else by now: `effect` is what it would do."""

    def __init__(self, effect: Effect) -> None:
        super().__init__(
            "状況が変わり、結果が違うものになりました。何もしていません。新しい結果を見てから、もう一度"
            "決めてください（the picture has changed, nothing was done: look at what it does now）"
        )
        self.effect = effect


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done once, by its `key`: the `digest` of what was looked at, and why."""

    imagined: Imagined
    digest: str
    reason: str
    key: str


def adopt(
    imagining: Imagining, engine: Engine, by: Caller, asked: Asked, *, now: datetime
) -> Adopted:
    """Do it, where its effect is still that of the `digest` that was looked at.

    Streets close at once; whom they move is looked at by the planner, and many wait for another
    person (`safety.md` 6, 14). Each part is done or refused by itself: a place that cannot be
    opened keeps no bridge open. The same key again does nothing more and gives the same answer.
    Raises `OtherThen`, `NotAllowed` for water and more people by anybody but an approver, and
    `Refused` where nothing was done.
    """
    may_adopt(by, asked.imagined)
    reason = line(asked.reason, "理由")
    imagined = asked.imagined
    if not reason and (imagined.closed or imagined.lost or imagined.more):
        raise Refused(NO_REASON)
    with alone(engine, asked.key):
        found = earlier(engine, by, asked.key)
        if found is None:
            _published(imagining, engine)
            effect = imagining.imagine(engine, None, imagined, now)
            if effect.digest != asked.digest:
                raise OtherThen(effect)
            found = _do(engine, by, effect, asked.key, reason, now)
    if not found.done:
        said = " ".join(dict.fromkeys(why for _, why in found.refused))
        raise Refused(f"何もしていません。{said}")
    return found


def may_adopt(by: Caller, imagined: Imagined) -> None:
    """Raise `NotAllowed`: an approver adopts what moves people with nobody else looking."""
    if (imagined.lost or imagined.more) and Role.APPROVER not in by.roles:
        raise NotAllowed(FOR_APPROVERS)


def _do(
    engine: Engine, by: Caller, effect: Effect, key: str, reason: str, now: datetime
) -> Adopted:
    """Whatever happens, what was done is written down."""
    adopted, left = Adopted(), [*_parts(engine, by, effect, reason, now)]
    try:
        while left:
            what, do = left.pop(0)
            try:
                do()
                adopted.done.append(what)
            except NoDatabase:
                adopted.refused.append((what, DATABASE_AWAY))
            except (DataError, HazardError, Refused, ShelterError) as error:
                adopted.refused.append((what, str(error)))
        adopted.waits = effect.waits and "close" in adopted.done
    finally:
        record(engine, by, effect, key, adopted)
    return adopted


def _parts(
    engine: Engine, by: Caller, effect: Effect, reason: str, now: datetime
) -> list[tuple[str, Callable[[], object]]]:
    """What is to be done, in this order. Doors first, but nobody is planned into them before they
    are open: until then the others are moved as the effect's `until` says.
    """
    imagined, ground = effect.imagined, effect.version.ground

    def say(site: str, opening: Opening) -> Callable[[], object]:
        return lambda: change_opening(engine, by, site, opening, now=now)

    parts: list[tuple[str, Callable[[], object]]] = [
        # Nobody is sent to a door that nobody has seen open: its opening begins.
        *(("open", say(site, Opening.PREPARING)) for site in imagined.opened)
    ]
    if imagined.closed:
        lines = [_line(ground, street) for street in imagined.closed]
        parts.append(("close", lambda: close_streets(engine, lines, reason, by=by)))
    if imagined.lost:
        parts.append(("lost", lambda: observe_areas(engine, imagined.lost, reason, by=by)))
    parts += [("shut", say(site, Opening.CLOSED)) for site in imagined.shut]
    if imagined.more:
        parts.append(("more", lambda: _more(engine, by, imagined.more, reason, now)))
    return parts


def _more(engine: Engine, by: Caller, percent: int, reason: str, now: datetime) -> None:
    shares = more_people(turnout_now(engine)[0], percent)
    set_turnout(engine, by, asdict(shares), reason=reason, now=now)


def _line(ground: Ground, street: int) -> shapely.LineString:
    """The street's own line in (lon, lat), as it was loaded."""
    begin, end = ground.roads.shape_start[street : street + 2].tolist()
    return shapely.LineString(ground.roads.shape_lonlat[begin:end])


def _published(imagining: Imagining, engine: Engine) -> None:
    """Wait until what answers holds every recorded change; raises `Refused` where it does not."""
    until, pause = time.monotonic() + PATIENCE_S, threading.Event()
    while True:
        with transaction(engine) as connection:
            newest = inforce.last_change(connection)[0]
        if imagining.change >= newest:
            return
        if time.monotonic() >= until:
            raise Refused(
                "ほかの変更をまだ計算に入れています。何もしていません。数秒待ってもう一度"
                "（another change is not in the plan yet, nothing was done: try again in seconds）"
            )
        pause.wait(0.1)
