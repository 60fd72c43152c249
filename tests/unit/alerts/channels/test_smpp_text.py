"""Texts as short messages carry them, and receipts as centres write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels.receipt import Receipt, ReceiptState
from alerts.channels.smpp_receipt import receipt
from alerts.channels.smpp_text import PART, WHOLE, octets, parts

JST = ZoneInfo("Asia/Tokyo")
IS_RECEIPT = 0x04


def test_seventy_letters_go_whole_and_one_more_in_two_parts() -> None:
    assert parts("あ" * WHOLE, 7) == [octets("あ" * WHOLE)]
    assert [len(part) for part in parts("あ" * 71, 7)] == [6 + 2 * PART, 6 + 2 * 4]


def test_each_part_says_to_what_it_belongs() -> None:
    assert [part[:6] for part in parts("あ" * 140, 0xA7)] == [
        bytes((5, 0, 3, 0xA7, 3, number)) for number in (1, 2, 3)
    ]


def test_a_text_of_more_than_255_parts_is_an_error() -> None:
    assert len(parts("あ" * 255 * PART, 0)) == 255
    with pytest.raises(ValueError, match="255"):
        parts("あ" * (255 * PART + 1), 0)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_parts_are_short_and_joined_they_are_the_text(text: str) -> None:
    made = parts(text, 1)
    whole = len(made) == 1
    assert all(len(part) <= 2 * WHOLE for part in made)
    # decoding each alone fails where a letter was cut in two
    assert "".join(part[0 if whole else 6 :].decode("utf-16-be") for part in made) == text


def told(text: str, *, esm_class: int = IS_RECEIPT, state: int | None = None) -> Receipt | None:
    """A receipt without TLVs, or with the one of the state."""
    return receipt(esm_class, text.encode(), None, state)


USUAL = "id:{} sub:001 dlvrd:001 submit date:2610111800 done date:{} stat:{} err:000 text:避難"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("DELIVRD", ReceiptState.DELIVERED),
        ("EXPIRED", ReceiptState.EXPIRED),
        ("UNDELIV", ReceiptState.FAILED),
        ("REJECTD", ReceiptState.FAILED),
        ("DELETED", ReceiptState.FAILED),
        ("delivrd", ReceiptState.DELIVERED),
    ],
)
def test_the_usual_text_is_read(said: str, state: ReceiptState) -> None:
    at = datetime(2026, 10, 11, 18, 5, tzinfo=JST)
    assert told(USUAL.format("7F01", "2610111805", said)) == Receipt("7F01", state, at)


def test_seconds_are_read_where_they_are_told() -> None:
    found = told(USUAL.format("7", "261011180559", "DELIVRD"))
    assert found is not None
    assert found.at == datetime(2026, 10, 11, 18, 5, 59, tzinfo=JST)


@pytest.mark.parametrize("date", ["", "0000000000", "soon", "26101118"])
def test_a_date_that_is_none_is_left_out(date: str) -> None:
    assert told(USUAL.format("7", date, "DELIVRD")) == Receipt("7", ReceiptState.DELIVERED, None)


@pytest.mark.parametrize("said", ["ENROUTE", "ACCEPTD", "UNKNOWN", "", "tomorrow's"])
def test_what_is_on_its_way_is_no_receipt(said: str) -> None:
    assert told(USUAL.format("7", "2610111805", said)) is None


def test_what_a_resident_sends_is_no_receipt() -> None:
    assert told(USUAL.format("7", "2610111805", "DELIVRD"), esm_class=0) is None


def test_the_tlvs_count_before_the_text() -> None:
    text = USUAL.format("7", "2610111805", "UNDELIV").encode()
    found = receipt(IS_RECEIPT, text, b"7F01", 2)
    assert found is not None
    assert (found.reference, found.state) == ("7F01", ReceiptState.DELIVERED)


def test_a_receipt_of_nothing_is_none() -> None:
    assert told("stat:DELIVRD") is None
    assert told("") is None
    assert receipt(IS_RECEIPT, b"\xff\xfe", b"7", 99) is None


def test_a_number_that_no_database_takes_is_none() -> None:
    """It would take the others of its transaction with it."""
    assert receipt(IS_RECEIPT, b"", b"7\x00F", 2) is None
    assert told(USUAL.format("7\x00F", "2610111805", "DELIVRD")) is None
