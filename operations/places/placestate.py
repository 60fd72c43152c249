"""The state of a place as everybody and as staff see it, published when it changes.

`renew` is called by whoever changes anything of a place, before anything else in the transaction is
numbered (`record_change`, `audit.record`): it first waits for whoever changes the same place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data.errors import NotThere
from data.live import outbox as live
from data.live.outbox import Topic
from data.places import figures, headcounts
from data.places.figures import Kept, Reckoned
from data.places.placerows import Place, read_places, site_ids
from operations.places.placeview import PUBLIC, counted_of, staff_view
from shelters.congestion import Counted, call_at, find_band, next_shown
from shelters.settings import CROWDING, CrowdRules, crowd_rules_from


def renew(connection: Connection, load: Any, site_id: str, now: datetime) -> None:
    """Look at a place anew, and publish what has changed of it. The transaction is `latest`.

    `load` is the row of the current load, or of `city_of`. Raises `NotThere`.
    """
    if not renew_all(connection, load, now, [site_id]):
        raise NotThere(no_such(site_id))


def renew_all(
    connection: Connection, load: Any, now: datetime, ids: Sequence[str] | None = None
) -> int:
    """Look at all places of a load anew, or at these; returns how many there are."""
    wanted = site_ids(connection, load) if ids is None else ids
    held = figures.hold(connection, load.code, wanted) if wanted else {}
    places = read_places(connection, load, wanted, now)
    publish(connection, load, places, held, {key: held[key].reckoned for key in places}, now)
    gone = {key: held[key] for key in held.keys() - places.keys() if held[key].due_at}
    resting = {key: replace(kept, due_at=None) for key, kept in gone.items()}
    figures.keep_all(connection, load.code, resting)
    return len(places)


def staff_state(connection: Connection, load: Any, site_id: str, now: datetime) -> dict[str, Any]:
    """What staff see of a place now. Raises `NotThere`."""
    place = place_of(connection, load, site_id, now)
    return _states(connection, load, {site_id: place}, now)[0]


def staff_states(connection: Connection, load: Any, now: datetime) -> list[dict[str, Any]]:
    """What staff see of all places now."""
    places = read_places(connection, load, site_ids(connection, load), now)
    return _states(connection, load, places, now)


def public_states(connection: Connection, load: Any, now: datetime) -> list[dict[str, Any]]:
    """What everybody sees of all places now."""
    return [{key: state[key] for key in PUBLIC} for state in staff_states(connection, load, now)]


def counted_now(
    connection: Connection, load: Any, now: datetime
) -> Iterator[tuple[Place, Counted]]:
    """All places of a load, and what is known of who is inside each, however old."""
    places = read_places(connection, load, site_ids(connection, load), now)
    kept = figures.read(connection, load.code, list(places))
    for place in places.values():
        before = kept.get(place.id, Kept()).reckoned
        figure = _of_this_opening(connection, load, place, before).figure
        yield place, counted_of(place, figure, now)


def place_of(connection: Connection, load: Any, site_id: str, now: datetime) -> Place:
    """What the tables say of a place. Raises `NotThere`."""
    found = read_places(connection, load, [site_id], now).get(site_id)
    if found is None:
        raise NotThere(no_such(site_id))
    return found


def no_such(site_id: str) -> str:
    """What is said of a place that the city has not."""
    return f"避難場所 {site_id[:40]!r} はこの市にありません（no such evacuation site here）"


def rules_of(load: Any) -> CrowdRules:
    """The city's rules for what is crowded."""
    return crowd_rules_from(load.settings.get(CROWDING, {}))


def publish(
    connection: Connection,
    load: Any,
    places: Mapping[str, Place],
    kept: Mapping[str, Kept],
    reckoned: Mapping[str, Reckoned],
    now: datetime,
) -> dict[str, dict[str, Any]]:
    """Keep the figures of places that are held, and put what changed; returns what staff see."""
    rules, changed, seen = rules_of(load), {}, {}
    for site_id, place in places.items():
        found = _of_this_opening(connection, load, place, reckoned[site_id])
        after = looked_at(place, kept[site_id], found, rules, now)
        if after != kept[site_id]:
            changed[site_id] = after
        seen[site_id] = staff_view(place, after, rules, now)
    figures.keep_all(connection, load.code, changed)
    live.put_all(connection, _changed(places, seen))
    return seen


def _changed(
    places: Mapping[str, Place], seen: Mapping[str, dict[str, Any]]
) -> dict[tuple[Topic, str], dict[str, Any]]:
    """What differs from what was published last."""
    changed: dict[tuple[Topic, str], dict[str, Any]] = {}
    for site_id, staff in seen.items():
        public = {key: staff[key] for key in PUBLIC}
        if public != places[site_id].public:
            changed[Topic.SITES, site_id] = public
        if staff != places[site_id].staff:
            changed[Topic.HEADQUARTERS, f"site:{site_id}"] = staff
    return changed


def looked_at(
    place: Place, kept: Kept, reckoned: Reckoned, rules: CrowdRules, now: datetime
) -> Kept:
    """What is kept of a place with this figure, at this moment."""
    counted = counted_of(place, reckoned.figure, now)
    band = find_band(counted.persons, counted.capacity, kept.reckoned.band, rules)
    shown, due_at = next_shown(kept.shown, counted, now, rules)
    call = call_at(place.opening, place.since, counted.counted_at, rules)
    moments = [at for at in (due_at, call) if at is not None and at > now]
    return Kept(replace(reckoned, band=band), shown, min(moments, default=None))


def _states(
    connection: Connection, load: Any, places: Mapping[str, Place], now: datetime
) -> list[dict[str, Any]]:
    rules, kept = rules_of(load), figures.read(connection, load.code, list(places))
    states = []
    for place in places.values():
        before = kept.get(place.id, Kept())
        reckoned = _of_this_opening(connection, load, place, before.reckoned)
        after = looked_at(place, before, reckoned, rules, now)
        states.append(staff_view(place, after, rules, now))
    return states


def _of_this_opening(
    connection: Connection, load: Any, place: Place, reckoned: Reckoned
) -> Reckoned:
    """Nobody is counted who was there before the place was shut last."""
    if reckoned.begins == place.begins:
        return reckoned
    found = headcounts.replay(connection, load.code, place.id, place.begins)
    return replace(reckoned, figure=found, begins=place.begins)
