"""Doing what was imagined: every part by its own use case, with what that asks for."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import shapely
from sqlalchemy import Engine

from city.staff import Caller, Role
from data.errors import DataError, NoDatabase
from hazards.closure import speaks_of_water
from hazards.errors import HazardError
from operations.changes.roads import close_streets
from operations.changes.water import observe_areas
from operations.errors import NotAllowed, Refused
from operations.household.turnouts import set_turnout
from operations.imagining.adopted import Adopted, earlier, record
from operations.imagining.effect import Effect
from operations.imagining.imagined import Imagined, more_people
from operations.imagining.imagining import Imagining
from operations.imagining.turn import PATIENCE_S, alone, published
from operations.places.openings import change_opening
from operations.wording import LONGEST, line
from routing.ground import Ground
from shelters.errors import ShelterError
from shelters.place import Opening

NO_REASON: Final = (
    "理由を入れてください。道や水の記録、来る人の割合には理由が残ります（say why: it is kept）"
)
FOR_APPROVERS: Final = (
    "水の記録と来る人の割合は、承認者だけが採用できます。何もしていません。承認者に頼むか、"
    "その部分を外してください（only an approver adopts water or more people）"
)
BEHIND: Final = (
    "ほかの変更をまだ計算に入れています。何もしていません。数秒待ってもう一度"
    "（another change is not in the plan yet, nothing was done: try again in seconds）"
)
STREETS_FIRST: Final = (
    "道を急いで止めるなら、道のほかの部分を外すと、待たずに止められます"
    "（streets alone are closed without waiting）"
)
SPEAKS_OF_WATER: Final = (
    "理由が水のことを言っていますが、計算は水によらない通行止めでした。まだ何もしていません。水なら"
    "「やめる」で戻って「水で閉じる」を選び、新しい結果を見てから決めてください。道そのものに水が"
    "ないなら、もう一度押すと、そのまま通行止めにします"
    "（the reason speaks of water, what was looked at did not: nothing was done yet）"
)
DATABASE_AWAY: Final = "データベースにつながりません（the database does not answer）"


class SpeaksOfWater(Refused):
    """The reason speaks of water, and what was looked at is that of streets closed dry."""


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
    """What is to be done once, by its `key`: the `digest` of what was looked at, and why. `dry`: it
    was asked once more whether no water closes these streets.
    """

    imagined: Imagined
    digest: str
    reason: str
    key: str
    dry: bool = False


def adopt(
    imagining: Imagining, engine: Engine, by: Caller, asked: Asked, *, now: datetime
) -> Adopted:
    """Do it, where its effect is still that of the `digest` that was looked at.

    Streets close at once; whom they move is looked at by the planner, and many wait for another
    person (`safety.md` 6, 14). Streets alone wait for no planner that is behind: they are closed
    whatever else it has not seen. Each part is done or refused by itself: a place that cannot be
    opened keeps no bridge open. The same key again does nothing more and gives the same answer.
    Raises `OtherThen`, `NotAllowed` for water and more people by anybody but an approver, and
    `Refused` where nothing was done.
    """
    may_adopt(by, asked.imagined)
    reason, imagined = line(asked.reason, "理由"), asked.imagined
    if not reason and (imagined.closed or imagined.lost or imagined.more):
        raise Refused(NO_REASON)
    with alone(engine, at_once=imagined.closes_alone) as mine:
        found = earlier(engine, by, asked.key)
        if found is None:
            reason = reason_of(imagined, reason, dry=asked.dry)
            effect, behind = _looked_at(imagining, engine, asked, now, mine=mine)
            found = _do(engine, by, effect, Adopted(behind=behind), asked.key, reason, now)
    if not found.done:
        said = " ".join(dict.fromkeys(why for _, why in found.refused))
        raise Refused(f"何もしていません。{said}")
    return found


def may_adopt(by: Caller, imagined: Imagined) -> None:
    """Raise `NotAllowed`: an approver adopts what moves people with nobody else looking."""
    if (imagined.lost or imagined.more) and Role.APPROVER not in by.roles:
        raise NotAllowed(FOR_APPROVERS)


def reason_of(imagined: Imagined, reason: str, *, dry: bool = False) -> str:
    """The reason as it is kept: streets that water closes say so. Raises `SpeaksOfWater` for one
    that speaks of it where the effect that was looked at is that of streets closed dry, unless
    somebody said once more that they are `dry`: 「清水町の倒木」 is no water.
    """
    if not imagined.closed or speaks_of_water(reason) is imagined.by_water:
        return reason
    if not imagined.by_water and dry:
        return reason
    if not imagined.by_water:
        raise SpeaksOfWater(SPEAKS_OF_WATER)
    return f"冠水：{reason}"[:LONGEST]


def _looked_at(
    imagining: Imagining, engine: Engine, asked: Asked, now: datetime, *, mine: bool
) -> tuple[Effect, bool]:
    """What it does now, and whether that is without a change that the planner has not seen, or that
    somebody else is making: it is not `mine` to adopt alone.
    """
    at_once = asked.imagined.closes_alone
    behind = not mine or not published(imagining, engine, 0.0 if at_once else PATIENCE_S)
    if behind and not at_once:
        raise Refused(f"{BEHIND}。{STREETS_FIRST}" if asked.imagined.closed else BEHIND)
    effect = imagining.imagine(engine, None, asked.imagined, now)
    if effect.digest != asked.digest and not behind:
        raise OtherThen(effect)
    return effect, behind


def _do(
    engine: Engine,
    by: Caller,
    effect: Effect,
    adopted: Adopted,
    key: str,
    reason: str,
    now: datetime,
) -> Adopted:
    """Whatever happens, what was done is written down."""
    left = [*_parts(engine, by, effect, reason, now)]
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
        wet = imagined.by_water
        parts.append(("close", lambda: close_streets(engine, lines, reason, by_water=wet, by=by)))
    if imagined.lost:
        parts.append(("lost", lambda: observe_areas(engine, imagined.lost, reason, by=by)))
    parts += [("shut", say(site, Opening.CLOSED)) for site in imagined.shut]
    if imagined.more:
        # The very shares that were looked at, whatever was set meanwhile.
        shares = asdict(more_people(effect.evening.expected.turnout, imagined.more))
        parts.append(("more", lambda: set_turnout(engine, by, shares, reason=reason, now=now)))
    return parts


def _line(ground: Ground, street: int) -> shapely.LineString:
    """The street's own line in (lon, lat), as it was loaded."""
    begin, end = ground.roads.shape_start[street : street + 2].tolist()
    return shapely.LineString(ground.roads.shape_lonlat[begin:end])
