"""What is adopted is what was looked at: its reason, and whose turn it is to compute."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from operations.errors import Refused
from operations.imagining import imagining as room
from operations.imagining.adopting import reason_of
from operations.imagining.imagined import Imagined
from operations.imagining.imagining import Imagining, Superseded
from tests.builders import NOON

DRY, WET = (Imagined(closed=(1,), by_water=one) for one in (False, True))


def test_a_reason_of_water_is_refused_where_the_streets_were_looked_at_dry() -> None:
    with pytest.raises(Refused, match="水で閉じる"):
        reason_of(DRY, "冠水のため")
    assert reason_of(DRY, "倒木") == "倒木"
    assert reason_of(DRY, "清水町の倒木", dry=True) == "清水町の倒木"
    assert reason_of(Imagined(shut=("学校",)), "冠水のため") == "冠水のため"


def test_streets_that_water_closes_say_so_in_their_reason() -> None:
    assert reason_of(WET, "冠水のため") == "冠水のため"
    assert reason_of(WET, "車が立ち往生") == "冠水：車が立ち往生"
    assert len(reason_of(WET, "車" * 200)) == 200


@pytest.fixture
def busy() -> Imagining:
    """Somebody computes, and nobody ends."""
    found = Imagining(None)  # type: ignore[arg-type]
    found._one.acquire()
    return found


def soon(does: Any) -> Any:
    """What it gives; fails where it waits for whoever computes."""
    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(does).result(timeout=20)
    finally:
        pool.shutdown(wait=False)


def test_what_was_looked_at_last_answers_while_somebody_computes(busy: Imagining) -> None:
    last, lost = object(), (object(), object(), NOON)
    busy._today, busy._lost = last, lost  # type: ignore[assignment]
    try:
        assert soon(lambda: busy.today(NOON)) is last
        assert soon(lambda: busy.streets(NOON)) is lost
    finally:
        busy._one.release()


def test_a_question_that_is_not_wanted_any_more_leaves_the_queue_at_once(busy: Imagining) -> None:
    def ended() -> None:
        raise Superseded

    def waits() -> None:
        with busy._mine(ended):
            pass

    try:
        with pytest.raises(Superseded):
            soon(waits)
    finally:
        busy._one.release()


def test_no_more_than_some_threads_wait(busy: Imagining, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LOOKS_S", 0.0)
    for _ in range(room.MOST_WAIT):
        busy._waiting.acquire()
    try:
        with pytest.raises(Refused, match="数秒待って"):
            soon(lambda: busy.today(NOON))
    finally:
        busy._one.release()
