"""The story of an evening on which places fill: nobody refused, nobody turned round."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from operations.planning.planner import Planner
from operations.serving import CurrentVersion
from routing.plan.turnout import HUNDREDTHS
from tests.integration.counted import EIGHT
from tests.stories.hometown import Room, expect, give_rooms, load_town, open_slips
from tests.stories.reception import Reception
from tests.stories.versions import Versions, must_hear
from tests.stories.walkers import WITH_PHONE, Crowd, Walk

M: Final = timedelta(minutes=1)
SEED: Final = 20191013
STEP, MORE_COME, END = 3 * M, EIGHT + 30 * M, EIGHT + 240 * M
FIRST, THEN = 0.04, 0.15
"""Turnout: of Hachioji in 2019, and that of `safety.md` 15."""
ANNOUNCED: Final = 45 * M


def site(number: int) -> str:
    """The id of a place of the town."""
    return f"E9990100{number:03}201"


THREE: Final = {site(3): Room(24, 20), site(6): Room(16, 12), site(13): Room(24, 20)}
"""Small ones: to each of them some 110 persons would come by the shortest way."""
ROOMS: Final = {
    **THREE,
    site(2): Room(200, 100),
    site(8): Room(60, 40),
    site(16): Room(80, 40),
    site(18): Room(60, 40),
    site(20): Room(40, 20),
}


@dataclass
class Evening:
    """The planner, the people and the doors; `turned` are walks whose home was told another place
    meanwhile, with that moment.
    """

    versions: Versions
    crowd: Crowd
    doors: Reception
    now: datetime = EIGHT
    turned: list[tuple[Walk, datetime]] = field(default_factory=list)

    def step(self) -> None:
        """The planner looks, headquarters opens rooms, people leave and come."""
        version, after = self.versions.follow(self.now), self.now + STEP
        for walk in self.crowd.walking(self.now):
            if walk.said_so and version.planned_site(walk.home.number) != walk.site:
                self.turned.append((walk, self.now))
        self.doors.prepare(self.versions.overflow(), self.now)
        self.crowd.set_out(version, self.now, after)
        self.doors.come_in(self.crowd.arriving(self.now, after), after)
        self.now = after


def play(engine: Engine, town: Path, folder: Path) -> Evening:
    """4 % are expected and come; then headquarters expects 15 %, and so many come."""
    dice = random.Random(SEED)
    homes = load_town(engine, town, folder / "town", SEED)
    give_rooms(engine, ROOMS, EIGHT)
    expect(engine, FIRST, "2019年の実績", EIGHT)
    slips = open_slips(engine, [one for one in homes if dice.random() < WITH_PHONE], EIGHT)
    planner = Planner(engine, folder / "state", clock=lambda: evening.now)
    versions = Versions(engine, planner, CurrentVersion(folder / "state"), slips)
    evening = Evening(versions, Crowd(engine, homes, slips, dice), Reception(engine, ROOMS))
    first = versions.follow(EIGHT)
    going = [one for one in homes if first.planned_site(one.number)]
    evening.crowd.decide(going, FIRST, EIGHT)
    while evening.now < END:
        if evening.now == MORE_COME:
            expect(engine, THEN, "駐車場が混んできた", evening.now)
            evening.crowd.decide(going, THEN - FIRST, evening.now)
        evening.step()
    return evening


def minute(at: datetime) -> int:
    """Minutes after 20:00."""
    return int((at - EIGHT) / M)


def test_three_places_fill_and_nobody_is_refused_or_turned_round(
    engine: Engine, town: Path, tmp_path: Path
) -> None:
    evening = play(engine, town, tmp_path)
    three_places_fill(evening)
    nobody_was_refused(evening)
    nobody_on_the_way_was_sent_elsewhere(evening)
    overflow_rooms_were_announced_in_time(evening)
    whoever_heard_had_to_and_whoever_had_to_heard(evening)


def three_places_fill(evening: Evening) -> None:
    """All their room, the overflow's as well, is given away, and people are in the overflow room.

    The plan sees to it that the last chairs are seldom taken: not every desk comes to say 満員.
    """
    assert evening.doors.full & THREE.keys(), dict(evening.doors.inside)
    rows = {one.id: row for row, one in enumerate(evening.versions.served.version.ground.sites)}
    for place, room in THREE.items():
        assert evening.doors.inside[place] > room.hall, place
        left = [
            int(told.assigned.free[rows[place]] - told.assigned.load[rows[place]])
            for told in evening.versions.all
        ]
        assert min(left) < HUNDREDTHS, place


def nobody_was_refused(evening: Evening) -> None:
    """Whoever came found room, and whoever left knew where to go."""
    refused = [
        (one.site, minute(one.comes_at), one.home.persons, one.said_so)
        for one in evening.doors.refused
    ]
    assert not refused, f"(place, minute, persons, said so): {refused}"
    nowhere = evening.crowd.nowhere
    assert not nowhere, f"(household, planned, led to): {nowhere}"


def nobody_on_the_way_was_sent_elsewhere(evening: Evening) -> None:
    """Nothing here is unsafe, so whoever said to be on the way keeps the place."""
    assert any(one.said_so for one in evening.crowd.walks)
    turned = [
        (one.site, minute(one.left_at), minute(one.comes_at), minute(at))
        for one, at in evening.turned
    ]
    assert not turned, f"(place, left, would come, was told another): {turned}"


def overflow_rooms_were_announced_in_time(evening: Evening) -> None:
    """Of each that held anybody, 45 minutes before the forecast's moment."""
    assert evening.doors.needed.keys() >= THREE.keys()
    late = {}
    for place, needed in evening.doors.needed.items():
        at, forecast = evening.versions.announced.get(place, (END, END))
        if forecast - at < ANNOUNCED or at >= needed:
            late[place] = minute(at), minute(forecast), minute(needed)
    assert not late, f"place: (announced, for, needed): {late}"


def whoever_heard_had_to_and_whoever_had_to_heard(evening: Evening) -> None:
    """Of those who have opened their slips."""
    told = evening.versions.all
    assert len(told) > 2
    for before, after in pairwise(told):
        must = must_hear(before.assigned, after.assigned) & evening.versions.slips.keys()
        assert after.heard == must, f"version {after.number}"
