"""An evening in the fictional city, with everything real: nobody is counted twice, no screen lies.

The scenes stand in the order in which they are played, at the end of the file.
"""

import html
import math
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from data.live.outbox import LIVE_CHANNEL
from data.live.wake import connected
from tests.integration.databases import Database
from tests.integration.processes import nigemichi, wait_for
from tests.stories.arrivals import FILE
from tests.stories.crowd import Crowd
from tests.stories.followers import Follower
from tests.stories.stage import Evening, an_evening, socket_of
from tests.stories.tablets import Tablet, inside

Door = tuple[float, float]
STAFF: Final = ("sites", "levels", "plan", "headquarters")
MINUTE: Final = timedelta(minutes=1)
AREAS: Final = 30
OVERFLOW: Final = 200
"""Persons that a spare room holds."""
ROW: Final = re.compile(
    r'<li class="pl" data-id="([^"]*)" data-opening="([^"]*)"(?: data-until="([^"]*)")?>(.*?)</li>',
    re.DOTALL,
)
WORD: Final = re.compile(r'<p class="band b-\w+">.*?<b>([^<]*)</b>', re.DOTALL)

pytestmark = pytest.mark.skipif(
    not FILE.exists(), reason="needs ../shared: how people came to the shelters of Kumamoto"
)


# Screens


def screens_are_opened(evening: Evening) -> None:
    """Phones by every way in, headquarters behind nginx and straight at a server."""
    first, other = socket_of(evening.api.url), socket_of(evening.other.url)
    front = socket_of(evening.nginx.origin)
    for number in range(3):
        evening.follow(f"phone {number} behind nginx", front)
    evening.follow("phone that waits for its server", first)
    evening.follow("phone that jumps to the other server", first, other)
    evening.follow("phone at the other server", other)
    headers = evening.headers(evening.officer)
    evening.follow("officer", front, sees=STAFF, headers=headers)
    mayor = evening.mayor.headers(evening.api.url)
    evening.follow("mayor", first, sees=("headquarters",), headers=mayor)
    everybody_sees(evening, "version")


def a_tablet_follows_its_place(evening: Evening, tablet: Tablet) -> None:
    """It shows what headquarters knows of its place, and of no other."""
    headers = {"authorization": f"Bearer {tablet.token}"}
    more = {"sees": ("levels", "headquarters"), "only": f"site:{tablet.site}", "headers": headers}
    evening.follow("tablet", socket_of(evening.nginx.origin), **more)


def everybody_sees(evening: Evening, key: str, **said: Any) -> None:
    """All who follow the topic of a thing see it so."""
    topic = {"order": "levels", "version": "plan", "site": "headquarters", "proposal": STAFF[3]}
    wanted = topic.get(key.partition(":")[0], "sites")
    wait_for(
        f"{key} {said} on every screen",
        lambda: all(
            one.holds(key, **said)
            for one in healthy(evening)
            if wanted in one.sees and one.only in (None, key) and not one.asleep
        ),
    )


def healthy(evening: Evening) -> list[Follower]:
    """All followers, none of which has seen an offset twice, or one out of order."""
    for one in evening.followers.values():
        assert one.wrong is None, f"{one.name}: {one.wrong!r}"
    return list(evening.followers.values())


# An order, and places that open late


def areas_by_the_river(database: Database) -> dict[str, Door]:
    """The areas nearest to the rivers in which a place for floods stands, each with a door.

    The fictional city begins with level 4 in others.
    """
    rows = database.rows(
        "SELECT a.name, ST_Y(j.geom), ST_X(j.geom) FROM area a"
        " JOIN LATERAL (SELECT geom FROM junction WHERE load_id = a.load_id"
        " AND ST_Contains(a.geom, geom) ORDER BY number LIMIT 1) j ON true"
        " WHERE EXISTS (SELECT 1 FROM evacuation_site s WHERE s.load_id = a.load_id"
        " AND 'flood' = ANY(s.designated_for) AND ST_Intersects(s.geom, a.geom))"
        " AND NOT EXISTS (SELECT 1 FROM evacuation_order o"
        " WHERE o.ended_at IS NULL AND o.level >= 4 AND a.name = ANY(o.area_names))"
        " ORDER BY (SELECT min(ST_Distance(w.geom, j.geom)) FROM waterway w)"
    )
    return {name: (lat, lon) for name, lat, lon in rows[:AREAS]}


def an_officer_proposes_level_4_and_the_mayor_approves(
    evening: Evening, areas: Sequence[str]
) -> tuple[int, list[str]]:
    """Returns the order, and the places of which the proposal warns: nobody has opened them."""
    before = standing(evening)
    for known in before:
        everybody_sees(evening, f"order:{known}")
    asked = {"hazard": "flood", "level": 4, "areas": list(areas), "reason": "水位が上がっている"}
    proposed = evening.told(evening.officer, "proposals", **asked)
    number, warned = proposed["number"], [one["id"] for one in proposed["unopened"]]
    assert len(warned) >= 12
    everybody_sees(evening, f"proposal:{number}", decision=None)
    own = evening.headquarters(evening.officer, f"proposals/{number}", decision="approved")
    assert own.status_code in (403, 409, 422)
    assert standing(evening) == before
    order = evening.told(evening.mayor, f"proposals/{number}", decision="approved")["order"]
    assert standing(evening) == before | {order}
    everybody_sees(evening, f"order:{order}", level=4, area_names=sorted(areas))
    return order, warned


def standing(evening: Evening) -> set[int]:
    """The numbers of the orders that stand."""
    return {one["number"] for one in evening.overview()["orders"]}


def not_open(evening: Evening, order: int) -> set[str]:
    """The places that an order sends people to, of which headquarters is warned."""
    (found,) = (one["sites"] for one in evening.overview()["unopened"] if one["order"] == order)
    return {one["id"] for one in found}


def places_open_late(evening: Evening, order: int, sites: Sequence[str]) -> None:
    """The key's holder is called, staff set out, the door opens; everybody sees how far it is."""
    expected = (evening.watch.look() + 20 * MINUTE).isoformat(timespec="milliseconds")
    for site in sites:
        way = f"sites/{site}/opening"
        for said in (
            {"stage": "key_holder"},
            {"stage": "staff_on_the_way", "expected_at": expected},
            {"stage": "staff_arrived"},
        ):
            evening.told(evening.officer, way, opening="preparing", **said)
        everybody_sees(evening, site, opening="preparing", receives=False, expected_at=expected)
        everybody_sees(evening, f"site:{site}", stage="staff_arrived")
    assert not_open(evening, order) >= set(sites)
    for site in sites:
        evening.tablet(site).say("opening", opening="open")
        everybody_sees(evening, site, opening="open", receives=True, expected_at=None)


def the_other_places_open(evening: Evening, order: int, sites: Sequence[str]) -> None:
    """By a call of headquarters each."""
    for site in sites:
        evening.told(evening.officer, f"sites/{site}/opening", opening="open")
        everybody_sees(evening, f"site:{site}", opening="open")
    assert not not_open(evening, order) & set(sites)


def where_people_are_led(evening: Evening, doors: Sequence[Door], sites: int) -> dict[str, Door]:
    """Places that doors are led to, each with one of these doors, from which another is near.

    Where every other place is half an hour farther, also a full one is named.
    """
    wait_for("the plan holds the order", lambda: evening.guidance(doors[0])["level"] == 4, 60)
    led: dict[str, Door] = {}
    found = [(evening.guidance(door), door) for door in doors]
    for told, door in sorted(found, key=lambda one: detour_s(one[0])):
        other = told["alternative"] and told["alternative"]["destination"]["id"]
        if other and other not in led:
            led.setdefault(told["destination"]["id"], door)
        if len(led) == sites:
            return led
    raise AssertionError(f"all doors are led to {len(led)} places")


def detour_s(told: dict[str, Any]) -> float:
    """How much farther the second place is."""
    second = told["alternative"]
    return second["duration_s"] - told["duration_s"] if second else math.inf


# People arrive


def rooms_are_written_down(evening: Evening, site: str) -> None:
    """A hall, and a spare room that is not in use."""
    hall = capacity(evening, site)
    rooms = f"sites/{site}/rooms"
    evening.told(evening.officer, rooms, room="hall", name="体育館", capacity=hall, in_use=True)
    spare = {"room": "spare", "name": "図書室", "capacity": OVERFLOW, "overflow": True}
    evening.told(evening.officer, rooms, in_use=False, **spare)


def capacity(evening: Evening, site: str) -> int:
    """Persons that a place holds now, as the officer sees it."""
    persons: int = evening.followers["officer"].state(f"site:{site}")["raw_capacity"]
    return persons


def a_family_is_counted_by_mistake(evening: Evening, site: str) -> None:
    """And taken back; three people leave later."""
    tablet = evening.at(site)[0]
    mistaken = tablet.press("change", 7)
    tablet.press("change", -7, undoes=mistaken.id)
    tablet.press("change", 5)
    tablet.press("change", -3)
    evening.inside[site] += 2


def a_finger_slips(evening: Evening, site: str) -> None:
    """A number of more than ten times what the place holds waits for a person."""
    tablet = evening.at(site)[0]
    one = tablet.press_oddly("total", 10 * capacity(evening, site) + 1)
    assert tablet.send()
    assert tablet.statuses[one.id] == "held"
    officer = evening.followers["officer"]

    def is_shown() -> bool:
        held = officer.state(f"site:{site}")["held"]
        return [(row["id"], row["flags"]) for row in held] == [(one.id, ["ten_times"])]

    wait_for("headquarters sees that it waits", is_shown)


def a_forgotten_tablet_sends_its_old_count(evening: Evening, site: str) -> None:
    """Of three quarters of an hour ago: nobody knows how full that place is now."""
    tablet = evening.tablet(site)
    tablet.press_oddly("total", 12, evening.watch.look() - 45 * MINUTE)
    evening.inside[site] = 12
    assert tablet.send()
    everybody_sees(evening, f"site:{site}", raw_persons=12, raw_band=None)
    everybody_sees(evening, site, band=None, persons=None)


def a_clock_two_hours_wrong_is_put_right(evening: Evening, tablet: Tablet) -> None:
    """Its counts are of this evening, and it is said that they were moved."""
    rows = evening.database.rows(
        f"SELECT flags, counted_at, device_at FROM head_count WHERE site_id = '{tablet.site}'"  # noqa: S608
    )
    assert rows
    for flags, counted_at, device_at in rows:
        assert flags == ["clock"]
        assert abs(device_at - counted_at - tablet.clock_error) < MINUTE


def a_tablet_gets_out_of_reach(tablet: Tablet) -> None:
    """It goes on counting, and keeps what it counted."""
    tablet.in_reach = False


def it_comes_back_and_sends_its_queue_twice(tablet: Tablet) -> None:
    """All is taken the first time, and known the second."""
    kept = list(tablet.unsent)
    assert len(kept) > 5
    tablet.in_reach = True
    wait_for("its queue is sent", tablet.send)
    assert {one.id for one in kept} <= {*tablet.statuses, *tablet.repeated}
    results = tablet.post(kept)
    assert results is not None
    assert {row["status"] for row in results} == {"known"}


def a_phone_falls_asleep(evening: Evening) -> Follower:
    """It hears nothing until somebody looks at it again."""
    phone = evening.followers["phone 0 behind nginx"]
    phone.asleep = True
    return phone


def somebody_looks_at_it_again(phone: Follower, order: int) -> None:
    """It shows an order that was lifted, until it is told; of what it missed it hears the end."""
    assert phone.state(f"order:{order}")
    phone.asleep = False
    wait_for("it is told", lambda: not phone.state(f"order:{order}"))
    assert phone.picture.snapshots == 1


# The server dies


def the_api_is_killed_while_people_are_counted_in(evening: Evening, crowd: Crowd) -> None:
    """With every socket open and requests under way; tablets go on by the other server."""
    crowd.come_in()
    with ThreadPoolExecutor(len(evening.tablets)) as pool:
        sending = [pool.submit(one.send) for one in evening.tablets]
        evening.kill_the_api()
        for one in sending:
            one.result()
    crowd.come_until(crowd.step + 4)
    jumps = evening.followers["phone that jumps to the other server"]
    wait_for("it jumps", lambda: evening.other.port in ports(jumps))
    evening.start_the_api_again()


def screens_go_on_where_they_stood(evening: Evening) -> None:
    """Each was sent one snapshot in the whole evening."""
    waits = evening.followers["phone that waits for its server"]
    wait_for("it is back", lambda: len(waits.connected) > 1 and waits.resumed)
    wait_for("the mayor is back", lambda: evening.followers["mayor"].resumed)
    for one in healthy(evening):
        assert one.picture.snapshots == 1, one.name


def ports(follower: Follower) -> set[int]:
    """Where it was connected."""
    return {int(door.rpartition(":")[2]) for door in follower.connected}


# Three places are full


def the_public_sees_the_last_figures(evening: Evening, sites: set[str]) -> None:
    """A minute after the ones before, at the latest. So long a desk that opened stays open, too."""
    for site in sites:
        persons = evening.inside[site]
        wait_for(
            f"{persons} in {site} on every screen",
            lambda site=site, persons=persons: all(  # type: ignore[misc]
                one.holds(site, persons=persons)
                for one in healthy(evening)
                if "sites" in one.sees and not one.asleep
            ),
            90,
        )


def three_places_are_full(evening: Evening, led: dict[str, Door]) -> None:
    """Nobody new is led there; whoever was told of one keeps it."""
    for site in led:
        assert evening.inside[site] >= capacity(evening, site)
        evening.at(site)[0].say("opening", opening="full")
        everybody_sees(evening, site, opening="full", receives=True)
    for site, door in led.items():
        wait_for(
            "a new door is led elsewhere",
            lambda door=door: evening.destination(door) not in (None, *led),  # type: ignore[misc]
            60,
        )
        assert evening.destination(door, to=site) == site


def a_spare_room_is_opened(evening: Evening, site: str) -> None:
    """Nobody at a door is refused."""
    before = capacity(evening, site)
    evening.at(site)[0].say("rooms", room="spare", in_use=True)
    everybody_sees(evening, site, overflow=True, opening="full")
    assert capacity(evening, site) == before + OVERFLOW


# What the page says


def page_of_places(evening: Evening) -> dict[str, tuple[str, str]]:
    """By site id, the word for how full it is and all that the page says of it."""
    found: dict[str, tuple[str, str]] = {}
    for start in range(1, 1000, 40):
        answer = evening.people.get("/places", params={"from": start})
        assert answer.status_code == 200
        rows = ROW.findall(answer.text)
        for site, _, _, body in rows:
            word = WORD.search(body)
            assert word, body
            found[site] = html.unescape(word[1]), html.unescape(body)
        if f"from={start + 40}" not in answer.text:
            return found
    raise AssertionError("the list has no end")


def the_page_calls_no_old_figure_roomy(evening: Evening, counted: set[str], old: str) -> None:
    """空いています is said only of places that were counted tonight."""
    said = page_of_places(evening)
    assert said[old][0] == "不明"
    roomy = {site for site, (word, _) in said.items() if word == "空いています"}
    assert roomy <= counted


def the_page_calls_the_three_full(evening: Evening, full: Sequence[str], spare: str) -> None:
    """By the word, and by the sentence that nobody is refused."""

    def is_said() -> bool:
        said = page_of_places(evening)
        return all(said[site][0] == "満" and "満員" in said[site][1] for site in full)

    wait_for("the page says 満", is_said)
    said = page_of_places(evening)[spare][1]
    assert "来た人は断りません" in said
    assert "予備の部屋" in said


# The end


def the_order_is_lifted(evening: Evening, order: int) -> None:
    """It takes two people too."""
    why = {"why": "水位が下がった"}
    number = evening.told(evening.officer, f"orders/{order}/lift", **why)["number"]
    assert order in standing(evening)
    evening.told(evening.mayor, f"proposals/{number}", decision="approved")
    wait_for(
        "no screen shows the order",
        lambda: not any(one.state(f"order:{order}") for one in healthy(evening) if not one.asleep),
    )
    assert order not in standing(evening)


def everything_is_sent(evening: Evening) -> None:
    """No tablet keeps anything."""
    for tablet in evening.tablets:
        wait_for("its queue is sent", tablet.send)


def nobody_was_counted_twice(evening: Evening) -> None:
    """Headquarters' figure is who came, and what all that was pressed says."""
    for site, persons in evening.inside.items():
        tablets = evening.at(site)
        pressed = [one for tablet in tablets for one in tablet.made]
        odd = [one for tablet in tablets for one in tablet.odd]
        logged = evening.database.rows(f"SELECT id::text FROM head_count WHERE site_id = '{site}'")  # noqa: S608
        assert sorted(number for (number,) in logged) == sorted(one.id for one in (*pressed, *odd))
        state = evening.database.one(
            f"SELECT state FROM live_state WHERE topic = 'headquarters' AND key = 'site:{site}'"  # noqa: S608
        )
        assert state["raw_persons"] == persons
        if pressed:
            assert inside(pressed) == persons


def every_screen_shows_what_the_database_holds(evening: Evening) -> None:
    """Nothing changes any more: each picture is the same, thing by thing."""
    rows = evening.database.rows("SELECT topic, key, state FROM live_state WHERE state IS NOT NULL")
    for one in healthy(evening):
        held = {
            key: state
            for topic, key, state in rows
            if topic in one.sees and (topic != "headquarters" or one.only in (None, key))
        }
        assert held
        wait_for(f"{one.name} shows it", lambda one=one, held=held: one.known() == held)  # type: ignore[misc]
    for one in healthy(evening):
        offsets = [offset for offset, _ in one.picture.order]
        assert offsets == sorted(set(offsets))


def whoever_asks_now_is_told_the_same(evening: Evening) -> None:
    """Polled through nginx, from the beginning."""
    phone = evening.followers["phone at the other server"]
    snapshot = evening.people.get("/api/v1/live/changes").json()["snapshot"]
    assert {one["key"]: one["state"] for one in snapshot} == phone.known()


def redis_wakes_both_servers() -> None:
    """Neither listens to PostgreSQL alone."""
    client = connected(os.environ["NIGEMICHI_REDIS_URL"])
    wait_for("both listen", lambda: client.pubsub_numsub(LIVE_CHANNEL)[0][1] == 2)
    client.close()


@pytest.mark.usefixtures("redis_url")
def test_an_evening(city_database: Database, tmp_path: Path) -> None:
    with an_evening(city_database, tmp_path) as evening:
        areas = areas_by_the_river(city_database)
        screens_are_opened(evening)
        redis_wakes_both_servers()

        order, warned = an_officer_proposes_level_4_and_the_mayor_approves(evening, list(areas))
        led = where_people_are_led(evening, list(areas.values()), 3)
        rest = [site for site in warned if site not in led]
        late, others, forgotten = rest[:3], rest[3:8], rest[8]
        places_open_late(evening, order, late)
        the_other_places_open(evening, order, [*led, *others, forgotten])

        for site in led:
            rooms_are_written_down(evening, site)
        for site in (*led, *led, *others, others[0]):
            evening.tablet(site)
        wrong_clock = evening.at(others[1])[0]
        wrong_clock.clock_error = 120 * MINUTE
        a_tablet_follows_its_place(evening, wrong_clock)
        crowd = Crowd(evening)
        fills = {site: capacity(evening, site) * 115 // 100 for site in led}
        rooms = {site: capacity(evening, site) // 2 for site in (*late, *others)}
        crowd.expect(fills | rooms)
        places = {*crowd.coming}

        crowd.come_until(7)
        a_family_is_counted_by_mistake(evening, others[2])
        a_finger_slips(evening, others[3])
        a_forgotten_tablet_sends_its_old_count(evening, forgotten)
        out_of_reach = evening.at(others[0])[1]
        a_tablet_gets_out_of_reach(out_of_reach)
        phone = a_phone_falls_asleep(evening)
        crowd.come_until(15)
        the_page_calls_no_old_figure_roomy(evening, places, forgotten)

        the_api_is_killed_while_people_are_counted_in(evening, crowd)
        crowd.come_until(crowd.step + 3)
        screens_go_on_where_they_stood(evening)
        it_comes_back_and_sends_its_queue_twice(out_of_reach)

        while any(evening.inside[site] < capacity(evening, site) for site in led):
            crowd.come_until(crowd.step + 1)
        the_public_sees_the_last_figures(evening, places)
        three_places_are_full(evening, led)
        spare = next(iter(led))
        a_spare_room_is_opened(evening, spare)
        crowd.come_until(100)
        assert crowd.is_over
        everything_is_sent(evening)
        the_page_calls_the_three_full(evening, list(led), spare)

        the_order_is_lifted(evening, order)
        somebody_looks_at_it_again(phone, order)
        the_page_calls_the_three_full(evening, list(led), spare)
        the_page_calls_no_old_figure_roomy(evening, places, forgotten)

        a_clock_two_hours_wrong_is_put_right(evening, wrong_clock)

        evening.end_the_planner()
        nobody_was_counted_twice(evening)
        every_screen_shows_what_the_database_holds(evening)
        verified = nigemichi(city_database.url, evening.state, "audit", "verify")
        assert verified.returncode == 0, verified.stderr
        whoever_asks_now_is_told_the_same(evening)
