"""Short messages by SMPP, against a message centre with a codec of its own."""

from concurrent.futures import ThreadPoolExecutor
from queue import Queue

import pytest

from alerts.channels.errors import WrongSetting
from alerts.channels.port import Fate
from alerts.channels.receipt import Receipt, ReceiptState
from alerts.channels.smpp import SmppCarrier
from alerts.channels.smpp_account import SmppAccount
from alerts.channels.smpp_pdu import relative_time
from tests.peers.controls import SmscControl
from tests.peers.smsc_conversation import SYSTEM_ID
from tests.unit.alerts.channels.letters import fates, numbers, sms_batch
from tests.unit.alerts.channels.smpp_side import LONG, an_account, digits


def test_letters_are_accepted_each_with_its_number(centre: SmscControl, smpp: SmppCarrier) -> None:
    batch = sms_batch(numbers(200))
    handed = smpp.hand_over(batch)
    assert set(fates(handed)) == {Fate.ACCEPTED}
    assert len({one.reference for one in handed}) == 200
    assert centre.counts() == dict.fromkeys(digits(200), 1)
    assert centre.texts()[digits(8)[7]] == f"避難してください\n{batch.letters[7].link}"
    assert centre.tally()["bound"] == 1


@pytest.mark.parametrize("payload", [False, True])
def test_a_long_letter_arrives_whole(centre: SmscControl, payload: bool) -> None:
    carrier = SmppCarrier(an_account(centre, payload=payload), print)
    batch = sms_batch(numbers(3), text=LONG)
    handed = carrier.hand_over(batch)
    carrier.close()
    assert fates(handed) == [Fate.ACCEPTED] * 3
    assert centre.counts() == dict.fromkeys(digits(3), 1)
    assert centre.texts()[digits(1)[0]] == f"{LONG}\n{batch.letters[0].link}"
    assert centre.tally()["packets"] == (3 if payload else 3 * 5)


def test_no_more_submits_wait_than_the_window_holds(centre: SmscControl) -> None:
    carrier = SmppCarrier(an_account(centre, window=7), print, timeout_s=20)
    centre.mood(latency_s=0.02)
    with ThreadPoolExecutor(4) as threads:
        handed = list(threads.map(carrier.hand_over, [sms_batch(numbers(15))] * 4))
    carrier.close()
    assert {fate for each in handed for fate in fates(each)} == {Fate.ACCEPTED}
    waiting = [int(name.split()[0]) for name in centre.tally() if name.endswith("waiting")]
    assert 1 < max(waiting) <= 7
    assert centre.tally()["bound"] == 1


def test_a_receipt_tells_how_the_letter_ended(
    centre: SmscControl, smpp: SmppCarrier, receipts: "Queue[Receipt]"
) -> None:
    ends = {
        "DELIVRD": ReceiptState.DELIVERED,
        "EXPIRED": ReceiptState.EXPIRED,
        "UNDELIV": ReceiptState.FAILED,
    }
    for said, state in ends.items():
        centre.mood(receipt=said)
        (handed,) = smpp.hand_over(sms_batch(numbers(1)))
        receipt = receipts.get(timeout=10)
        assert (receipt.reference, receipt.state) == (handed.reference, state)
        assert receipt.at is not None


def test_a_letter_in_parts_asks_for_one_receipt(
    centre: SmscControl, smpp: SmppCarrier, receipts: "Queue[Receipt]"
) -> None:
    centre.mood(receipt="DELIVRD")
    (handed,) = smpp.hand_over(sms_batch(numbers(1), text=LONG))
    assert receipts.get(timeout=10).reference == handed.reference
    smpp.hand_over(sms_batch(numbers(1)))
    receipts.get(timeout=10)
    assert receipts.empty()


def test_a_receipt_that_cannot_be_put_aside_is_asked_for_again(centre: SmscControl) -> None:
    def full(_: Receipt) -> None:
        raise OSError("disk full")

    centre.mood(receipt="DELIVRD")
    carrier = SmppCarrier(an_account(centre), full)
    assert fates(carrier.hand_over(sms_batch(numbers(2)))) == [Fate.ACCEPTED] * 2
    carrier.close()
    assert centre.tally()["receipt answered 100"] == 2


@pytest.mark.parametrize("behaviour", ["throttle", "queue_full"])
def test_a_limit_stops_the_rest(centre: SmscControl, smpp: SmppCarrier, behaviour: str) -> None:
    centre.behave(behaviour)
    handed = smpp.hand_over(sms_batch(numbers(200)))
    assert set(fates(handed)) == {Fate.NOT_TAKEN}
    assert all(one.for_all and one.wait_s > 0 for one in handed)
    assert centre.counts() == {}


def test_a_throttled_letter_goes_later(centre: SmscControl, smpp: SmppCarrier) -> None:
    centre.behave("throttle", times=1)
    batch = sms_batch(numbers(1))
    assert fates(smpp.hand_over(batch)) == [Fate.NOT_TAKEN]
    assert fates(smpp.hand_over(batch)) == [Fate.ACCEPTED]


def test_a_number_that_is_not_there_is_refused_alone(
    centre: SmscControl, smpp: SmppCarrier
) -> None:
    centre.refuse(digits(3)[1:2])
    handed = smpp.hand_over(sms_batch(numbers(3)))
    assert fates(handed) == [Fate.ACCEPTED, Fate.REFUSED, Fate.ACCEPTED]
    assert not handed[1].for_all


@pytest.mark.parametrize("address", ["", "+8190" + "1" * 30, "090-1", "+81９０１２３４５６７"])
def test_a_number_that_does_not_fit_is_never_cut(
    centre: SmscControl, smpp: SmppCarrier, address: str
) -> None:
    assert fates(smpp.hand_over(sms_batch([address, *numbers(1)]))) == [
        Fate.REFUSED,
        Fate.ACCEPTED,
    ]
    assert centre.counts() == dict.fromkeys(digits(1), 1)


@pytest.mark.parametrize(
    ("status", "fate", "for_all"),
    [
        (0x01, Fate.REFUSED, False),
        (0x04, Fate.NOT_TAKEN, True),
        (0x08, Fate.NOT_TAKEN, False),
        (0x0A, Fate.NOT_TAKEN, True),
        (0x0B, Fate.REFUSED, False),
        (0x14, Fate.NOT_TAKEN, True),
        (0x45, Fate.NOT_TAKEN, False),
        (0x50, Fate.REFUSED, False),
        (0x58, Fate.NOT_TAKEN, True),
        (0x64, Fate.NOT_TAKEN, False),
        (0x65, Fate.REFUSED, False),
        (0x0401, Fate.NOT_TAKEN, False),
    ],
)
def test_every_status_has_its_fate(
    centre: SmscControl, smpp: SmppCarrier, status: int, fate: Fate, for_all: bool
) -> None:
    centre.behave("status", status=status)
    (handed,) = smpp.hand_over(sms_batch(numbers(1)))
    assert (handed.fate, handed.for_all) == (fate, for_all)


def test_a_letter_taken_in_part_may_not_go_out_again_unseen(
    centre: SmscControl, smpp: SmppCarrier
) -> None:
    centre.behave("throttle", times=1, every=2)
    assert fates(smpp.hand_over(sms_batch(numbers(1), text=LONG))) == [Fate.UNKNOWN]


def test_a_text_beyond_255_parts_sends_nothing(centre: SmscControl, smpp: SmppCarrier) -> None:
    with pytest.raises(ValueError, match="255"):
        smpp.hand_over(sms_batch(numbers(2), text="避難" * 10_000))
    assert centre.tally() == {}


def test_a_password_that_smpp_would_cut_is_refused() -> None:
    too_long = "nine letters"
    with pytest.raises(WrongSetting, match="password") as refused:
        SmppAccount("127.0.0.1", 1, SYSTEM_ID, too_long, source="81500")
    assert too_long not in str(refused.value)


def test_validity_is_told_in_smpps_relative_form() -> None:
    assert relative_time(93_784) == "000001020304000R"
