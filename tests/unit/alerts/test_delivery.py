"""Which answers say "too fast", and which say that a carrier fails."""

import httpx
import pytest
from smpplib import consts

from alerts.channels import line_answers, smpp_status
from alerts.channels.port import Fate, Handed, Letter
from alerts.channels.smpp_sending import of_letter
from alerts.channels.smpp_session import Answered
from alerts.delivery import PATIENCE, shut_after


@pytest.mark.parametrize(
    ("message", "throttled"),
    [
        ("The API rate limit has been exceeded. Try again later.", True),
        ("Too many concurrent requests", True),
        ("You have reached your monthly limit.", False),
    ],
)
def test_of_lines_limits_only_the_monthly_one_is_a_failure(message: str, throttled: bool) -> None:
    answer = httpx.Response(429, json={"message": message})
    (handed,) = line_answers.fates(answer, [Letter(1, "U" + "0" * 32)])
    assert (handed.fate, handed.for_all, handed.throttled) == (Fate.NOT_TAKEN, True, throttled)


@pytest.mark.parametrize(
    ("status", "throttled"),
    [
        (consts.SMPP_ESME_RTHROTTLED, True),
        (consts.SMPP_ESME_RMSGQFUL, True),
        (consts.SMPP_ESME_RSYSERR, False),
        (consts.SMPP_ESME_RINVBNDSTS, False),
    ],
)
def test_a_message_centre_says_when_it_is_asked_too_fast(status: int, throttled: bool) -> None:
    assert smpp_status.handed(Answered(status, "")).throttled is throttled


def test_a_letter_of_which_a_part_was_throttled_says_so() -> None:
    part = smpp_status.handed(Answered(consts.SMPP_ESME_RTHROTTLED, ""))
    letter = of_letter([Handed(Fate.ACCEPTED), part])
    assert (letter.fate, letter.throttled) == (Fate.UNKNOWN, True)


def test_a_carrier_is_let_be_after_failures_in_a_row_alone() -> None:
    assert [shut_after(times, 1.0) is None for times in range(PATIENCE + 1)] == [
        *[True] * PATIENCE,
        False,
    ]
