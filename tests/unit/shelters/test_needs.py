"""What may become of a need."""

from itertools import product

import pytest

from shelters.errors import NotAStep
from shelters.needs import ANSWERS, NEED_STATE_WORDS, NEED_WORDS, NeedKind, NeedState, check_answer

ALLOWED = {
    "sent": "accepted done refused",
    "accepted": "accepted done refused",
    "done": "",
    "refused": "",
}


@pytest.mark.parametrize(("before", "after"), list(product(NeedState, NeedState)))
def test_a_need_is_taken_on_done_or_refused_and_then_over(
    before: NeedState, after: NeedState
) -> None:
    if after in ALLOWED[before].split():
        check_answer(before, after)
    else:
        with pytest.raises(NotAStep, match=NEED_STATE_WORDS[before]):
            check_answer(before, after)


def test_everything_has_its_words() -> None:
    assert set(NEED_WORDS) == set(NeedKind)
    assert set(NEED_STATE_WORDS) == set(ANSWERS) == set(NeedState)
