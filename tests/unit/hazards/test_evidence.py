"""What reports do to a street, in any order; nobody unknown closes anything."""

from hypothesis import given
from hypothesis import strategies as st

from hazards.evidence import SURE_M, Effect, Evidence, effect, is_corroborated
from hazards.observation import AUTHENTICATED, ObservationState, SourceKind

STATES = st.sampled_from(list(ObservationState))
ONES = st.builds(
    Evidence,
    kind=st.sampled_from(list(SourceKind)),
    source=st.sampled_from(["", "staff:1", "staff:2", "device:3"]),
    state=STATES,
    error_m=st.one_of(st.none(), st.sampled_from([0.0, SURE_M, SURE_M + 0.1, 500.0])),
    photo=st.booleans(),
    set_aside=st.booleans(),
)
REPORTS = st.lists(ONES, max_size=8)


@given(
    st.lists(ONES, max_size=6).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some)))
)
def test_order_and_repetition_change_nothing(both: tuple[list[Evidence], list[Evidence]]) -> None:
    some, other = both
    assert effect(some) is effect(other) is effect([*some, *other])


@given(REPORTS)
def test_rule_6_unknown_people_never_close_however_many(reports: list[Evidence]) -> None:
    unknown = [
        one
        for one in reports
        if (one.kind not in AUTHENTICATED or not one.source)
        and one.state is not ObservationState.CONFIRMED
    ]
    assert effect(unknown * 20) <= Effect.DOUBTED


@given(REPORTS, ONES)
def test_more_reports_never_open_anything(reports: list[Evidence], one: Evidence) -> None:
    assert effect([*reports, one]) >= effect(reports)


@given(REPORTS)
def test_only_headquarters_closes(reports: list[Evidence]) -> None:
    confirmed = any(one.state is ObservationState.CONFIRMED for one in reports)
    assert (effect(reports) is Effect.CLOSED) == confirmed


def one(source: str = "staff:1", **given_: object) -> Evidence:
    values: dict[str, object] = {
        "kind": SourceKind.FIELD,
        "source": source,
        "state": ObservationState.REPORTED,
        "error_m": 12.0,
        "photo": False,
    }
    return Evidence(**(values | given_))  # type: ignore[arg-type]


def test_a_photo_with_a_sure_place_suffices_and_two_sources_do() -> None:
    assert effect([one(photo=True)]) is Effect.SUSPENDED
    assert effect([one(photo=True, error_m=30)]) is Effect.SUSPENDED
    assert effect([one(photo=True, error_m=31)]) is Effect.DOUBTED
    assert effect([one(), one()]) is Effect.DOUBTED
    assert effect([one(), one("staff:2")]) is Effect.SUSPENDED
    assert effect([one(), one("staff:2", state=ObservationState.REFUTED)]) is Effect.DOUBTED
    assert effect([one(kind=SourceKind.SENSOR, source="sensor:1")]) is Effect.SUSPENDED


def test_two_strangers_corroborate_each_other() -> None:
    stranger = one("", kind=SourceKind.PUBLIC)
    assert not is_corroborated([stranger])
    assert is_corroborated([stranger, stranger])
    assert not is_corroborated([one(), one()])
