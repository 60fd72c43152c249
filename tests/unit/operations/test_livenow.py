"""Whoever follows in whatever steps ends with the newest state of everything, and hears it once."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from data.live.outbox import LiveState, Topic
from operations.live.now import MOST_SAID, LiveNow, View, heartbeat

AT = datetime(2026, 10, 10, 20, 42, tzinfo=UTC)
ALL = View(frozenset(Topic))
EPOCH = "0b6a3c7e-0000-4000-8000-000000000001"

puts = st.lists(
    st.tuples(
        st.sampled_from([Topic.SITES, Topic.LEVELS]),
        st.sampled_from("abcde"),
        st.none() | st.fixed_dictionaries({"persons": st.integers(0, 9)}),
    ),
    max_size=30,
)


def numbered(rows: list[Any]) -> list[LiveState]:
    """States as they were put, one after the other."""
    return [LiveState(n, topic, key, state, AT) for n, (topic, key, state) in enumerate(rows, 1)]


def applied(known: dict[Any, Any], message: str | None) -> list[int]:
    """Put a message into a picture; the offsets that it told."""
    if message is None:
        return []
    said = json.loads(message)
    if "snapshot" in said:
        known.clear()
        said = said["snapshot"]
    changes = said if isinstance(said, list) else [said]
    for one in changes:
        known[one["topic"], one["key"]] = one["state"]
    return [one["offset"] for one in changes]


@settings(deadline=None)
@given(puts, st.lists(st.integers(1, 10), max_size=10), st.booleans())
def test_every_follower_ends_with_the_newest_state_of_everything(
    rows: list[Any], steps: list[int], from_snapshot: bool
) -> None:
    states = numbered(rows)
    now, known, told = LiveNow(EPOCH), dict[Any, Any](), list[int]()
    offset: int | None = None if from_snapshot else 0
    for step in (*steps, len(states)):
        batch, states = states[:step], states[step:]
        now = now.grown(batch)
        told += applied(known, now.message(ALL, offset))
        offset = now.offset
    newest = {(topic, key): state for topic, key, state in rows}
    there = {thing: state for thing, state in known.items() if state is not None}
    assert there == {thing: state for thing, state in newest.items() if state is not None}
    assert told == sorted(set(told))


def test_a_view_of_one_place_holds_nothing_of_another() -> None:
    rows = [
        (Topic.HEADQUARTERS, "site:E1", {"a": 1}),
        (Topic.HEADQUARTERS, "site:E10", {"a": 2}),
        (Topic.HEADQUARTERS, "proposal:1", {"a": 3}),
        (Topic.SITES, "E1", {"a": 4}),
    ]
    now = LiveNow(EPOCH).grown(numbered(rows))
    topics = frozenset({Topic.HEADQUARTERS})

    def keys(view: View) -> set[str]:
        return {one.state.key for one in now.after(view, 0)}

    assert keys(View(topics, "site:", "site:E1")) == {"site:E1"}
    assert keys(View(topics, "site:")) == {"site:E1", "site:E10"}
    assert keys(View(topics)) == {"site:E1", "site:E10", "proposal:1"}


def test_one_change_is_one_object_and_several_are_an_array_in_order() -> None:
    now = LiveNow(EPOCH).grown(numbered([(Topic.SITES, key, {}) for key in "abc"]))
    one, several = (json.loads(now.message(ALL, n) or "") for n in (2, 0))
    assert one["key"] == "c"
    assert one.keys() == {"epoch", "offset", "topic", "key", "state", "as_of"}
    assert [change["offset"] for change in several] == [1, 2, 3]
    assert now.message(ALL, 3) is None


def test_messages_kept_for_others_do_not_pile_up() -> None:
    now = LiveNow(EPOCH).grown(numbered([(Topic.SITES, str(n), {}) for n in range(300)]))
    for offset in range(300):
        now.message(ALL, offset)
    assert len(now._said) <= MOST_SAID


def test_a_heartbeat_says_when_nothing_newer_was_known() -> None:
    said = json.loads(heartbeat(EPOCH, 7, AT, None))
    assert said == {
        "heartbeat": "2026-10-10T20:42:00.000+00:00",
        "checked_at": None,
        "epoch": EPOCH,
        "offset": 7,
    }
