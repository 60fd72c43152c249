"""LINE's multicast, against a LINE that is stateful and strict."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from alerts.channels.errors import NoAnswer
from alerts.channels.line import LineCarrier, body
from alerts.channels.line_answers import CONCURRENT_S, MONTHLY_S, RATE_S
from alerts.channels.port import Batch, Fate
from tests.peers.controls import LineControl
from tests.peers.line_server import BEARER
from tests.peers.running import line_server
from tests.unit.alerts.channels.letters import a_batch, fates, line_batch, users

PATIENCE_S = 1.0


@pytest.fixture
def carrier(line: LineControl) -> Iterator[LineCarrier]:
    made = LineCarrier(BEARER, base_url=line.origin, timeout_s=20)
    yield made
    made.close()


@pytest.fixture
def hasty(line: LineControl) -> Iterator[LineCarrier]:
    made = LineCarrier(BEARER, base_url=line.origin, timeout_s=PATIENCE_S)
    yield made
    made.close()


def test_one_multicast_reaches_500_people(line: LineControl, carrier: LineCarrier) -> None:
    batch = line_batch(users(500))
    handed = carrier.hand_over(batch)
    assert set(fates(handed)) == {Fate.ACCEPTED}
    assert len({one.reference for one in handed}) == 1
    assert line.counts(batch.key) == dict.fromkeys(users(500), 1)
    assert line.tally()["requests"] == 1


def test_a_repeated_key_is_accepted_and_reaches_nobody_twice(
    line: LineControl, carrier: LineCarrier
) -> None:
    batch = line_batch(users(3))
    first, again = carrier.hand_over(batch), carrier.hand_over(batch)
    assert again == first
    assert line.tally()["409"] == 1
    assert line.counts() == dict.fromkeys(users(3), 1)


@pytest.mark.parametrize("behaviour", ["error_after", "error_before", "hang", "late"])
def test_after_an_error_it_is_unknown_and_the_same_batch_can_go_again(
    line: LineControl, carrier: LineCarrier, hasty: LineCarrier, behaviour: str
) -> None:
    batch, hangs = line_batch(users(3)), behaviour in ("hang", "late")
    line.behave(behaviour, times=1, seconds=4 if hangs else 0)
    handed = (hasty if hangs else carrier).hand_over(batch)
    assert set(fates(handed)) == {Fate.UNKNOWN}
    taken = behaviour in ("error_after", "late")
    assert line.counts() == (dict.fromkeys(users(3), 1) if taken else {})
    assert set(fates(carrier.hand_over(batch))) == {Fate.ACCEPTED}
    assert line.counts(batch.key) == dict.fromkeys(users(3), 1)


def test_the_body_is_the_same_however_its_keys_are_ordered() -> None:
    one = {"messages": [{"type": "text", "text": "避難", "quickReply": {"items": []}}]}
    other = {"messages": [{"quickReply": {"items": []}, "text": "避難", "type": "text"}]}
    key = uuid4()
    assert body(a_batch(users(2), one, key=key)) == body(a_batch(users(2), other, key=key))


def test_the_stand_in_knows_a_repeated_key_with_another_body(
    line: LineControl, carrier: LineCarrier
) -> None:
    batch = line_batch(users(3))
    carrier.hand_over(batch)
    carrier.hand_over(Batch(batch.key, batch.message, batch.letters[:2]))
    assert line.tally()["other_body"] == 1


def test_501_recipients_are_refused(line: LineControl, carrier: LineCarrier) -> None:
    handed = carrier.hand_over(line_batch(users(501)))
    assert set(fates(handed)) == {Fate.REFUSED}
    assert handed[0].why.startswith("400 ")
    assert line.counts() == {}


@pytest.mark.parametrize(
    ("text", "fate"),
    [
        ("あ" * 5_000, Fate.ACCEPTED),
        ("あ" * 5_001, Fate.REFUSED),
        ("😀" * 2_500, Fate.ACCEPTED),
        ("😀" * 2_501, Fate.REFUSED),
        ("", Fate.REFUSED),
    ],
    ids=["5000", "5001", "5000 units", "5002 units", "empty"],
)
def test_a_text_has_at_most_5000_utf16_units(carrier: LineCarrier, text: str, fate: Fate) -> None:
    handed = carrier.hand_over(line_batch(users(2), text=text))
    assert fates(handed) == [fate] * 2
    assert handed[0].why == "" or "messages[0].text" in handed[0].why


def test_flex_has_a_short_alternative_and_a_bubble_of_30_kb(carrier: LineCarrier) -> None:
    def told(alternative: int, text: int) -> Fate:
        words = {"type": "text", "text": "x" * text}
        bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical"}}
        bubble["body"] |= {"contents": [words]}  # type: ignore[operator]
        flex = {"type": "flex", "altText": "x" * alternative, "contents": bubble}
        return carrier.hand_over(a_batch(users(1), {"messages": [flex]}, link=""))[0].fate

    assert told(1_500, 20_000) is Fate.ACCEPTED
    assert told(1_501, 20_000) is Fate.REFUSED
    assert told(1_500, 30_000) is Fate.REFUSED


def test_more_than_five_messages_are_refused(carrier: LineCarrier) -> None:
    messages = [{"type": "text", "text": "避難"}] * 6
    handed = carrier.hand_over(a_batch(users(2), {"messages": messages}, link=""))
    assert set(fates(handed)) == {Fate.REFUSED}


def test_a_body_over_two_megabytes_is_refused(carrier: LineCarrier) -> None:
    messages = [{"type": "text", "text": "x" * 2_000_000}]
    handed = carrier.hand_over(a_batch(users(2), {"messages": messages}, link=""))
    assert fates(handed) == [Fate.REFUSED] * 2
    assert handed[0].why.startswith("413")


@pytest.mark.parametrize("behaviour", ["blunt", "ok"])
def test_one_wrong_id_refuses_itself_alone(
    line: LineControl, carrier: LineCarrier, behaviour: str
) -> None:
    line.behave(behaviour)
    handed = carrier.hand_over(line_batch([*users(2), "Unobody", *users(2, first=2)]))
    assert fates(handed) == [
        Fate.NOT_TAKEN,
        Fate.NOT_TAKEN,
        Fate.REFUSED,
        Fate.NOT_TAKEN,
        Fate.NOT_TAKEN,
    ]
    assert not any(one.for_all for one in handed)


@pytest.mark.parametrize(
    ("behaviour", "wait_s"),
    [("rate", RATE_S), ("concurrent", CONCURRENT_S), ("monthly", MONTHLY_S)],
)
def test_each_kind_of_limit_has_its_own_wait(
    line: LineControl, carrier: LineCarrier, behaviour: str, wait_s: float
) -> None:
    line.behave(behaviour)
    handed = carrier.hand_over(line_batch(users(2)))
    assert fates(handed) == [Fate.NOT_TAKEN] * 2
    assert [(one.wait_s, one.for_all) for one in handed] == [(wait_s, True)] * 2
    assert line.counts() == {}


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (400, Fate.REFUSED),
        (401, Fate.NOT_TAKEN),
        (403, Fate.NOT_TAKEN),
        (404, Fate.NOT_TAKEN),
        (409, Fate.UNKNOWN),
        (413, Fate.REFUSED),
        (500, Fate.UNKNOWN),
        (502, Fate.UNKNOWN),
        (503, Fate.UNKNOWN),
    ],
)
def test_every_status_has_its_fate(
    line: LineControl, carrier: LineCarrier, status: int, fate: Fate
) -> None:
    line.behave("status", status=status)
    handed = carrier.hand_over(line_batch(users(2)))
    assert fates(handed) == [fate] * 2
    assert all(one.for_all is (fate is not Fate.REFUSED) for one in handed)


def test_a_wrong_token_loses_no_letter(line: LineControl) -> None:
    carrier = LineCarrier("another", base_url=line.origin)
    handed = carrier.hand_over(line_batch(users(2)))
    carrier.close()
    assert [(one.fate, one.for_all) for one in handed] == [(Fate.NOT_TAKEN, True)] * 2


def test_nobody_there_means_not_taken(line: LineControl, carrier: LineCarrier) -> None:
    batch = line_batch(users(2))
    line.behave("off")
    handed = carrier.hand_over(batch)
    assert [(one.fate, one.for_all) for one in handed] == [(Fate.NOT_TAKEN, True)] * 2
    line.behave("ok")
    assert set(fates(carrier.hand_over(batch))) == {Fate.ACCEPTED}


def test_a_line_that_hangs_costs_the_time_out_and_no_more(
    line: LineControl, hasty: LineCarrier
) -> None:
    line.behave("hang", times=1, seconds=20)
    began = time.monotonic()
    assert set(fates(hasty.hand_over(line_batch(users(2))))) == {Fate.UNKNOWN}
    assert time.monotonic() - began < 10


def test_whoever_blocked_us_is_accepted_all_the_same(
    line: LineControl, carrier: LineCarrier
) -> None:
    line.block(users(1))
    assert fates(carrier.hand_over(line_batch(users(2)))) == [Fate.ACCEPTED] * 2
    assert line.counts() == {users(2)[1]: 1}


def test_many_threads_share_one_carrier(line: LineControl) -> None:
    carrier = LineCarrier(BEARER, base_url=line.origin, timeout_s=20)
    batches = [line_batch(users(20, first=20 * number)) for number in range(16)]
    with ThreadPoolExecutor(8) as threads:
        handed = list(threads.map(carrier.hand_over, batches))
    carrier.close()
    assert {fate for each in handed for fate in fates(each)} == {Fate.ACCEPTED}
    assert line.counts() == dict.fromkeys(users(320), 1)


def test_without_a_limit_there_is_no_quota(carrier: LineCarrier) -> None:
    assert carrier.left() is None


def test_the_month_and_the_second_have_an_end() -> None:
    with line_server("--fast", "--quota", "3", "--rate", "2") as line:
        carrier = LineCarrier(BEARER, base_url=line.origin)
        assert carrier.hand_over(line_batch(users(2)))[0].fate is Fate.ACCEPTED
        assert carrier.left() == 1
        assert carrier.hand_over(line_batch(users(2)))[0].wait_s == MONTHLY_S
        assert carrier.hand_over(line_batch(users(1)))[0].wait_s == RATE_S
        carrier.close()


def test_a_quota_that_nobody_tells_is_an_error(line: LineControl, carrier: LineCarrier) -> None:
    line.behave("off")
    with pytest.raises(NoAnswer, match="LINE"):
        carrier.left()
    line.behave("ok")
