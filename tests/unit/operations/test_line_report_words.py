"""What LINE says to residents: it fits, and is Japanese where nothing else was reviewed."""

from dataclasses import replace
from uuid import uuid4

import pytest

from alerts.kinds import Language
from hazards.observation import ObservationKind, ObservationState
from operations.residents.words import KINDS, Says, Standing, message
from tests.unit.web.ground import CARD

LONGEST_LABEL, LONGEST_DATA, MOST_BUTTONS = 20, 300, 13
"""LINE's limits for quick replies and for postbacks."""
STANDING = Standing(
    ObservationKind.ROAD_FLOODED, "10/10 20:42", ObservationState.RESOLVED, "流れた"
)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", [ObservationKind.ROAD_FLOODED, ObservationKind.SLIDE])
@pytest.mark.parametrize("says", list(Says))
def test_every_message_fits_into_line(
    says: Says, kind: ObservationKind, language: Language
) -> None:
    (said,) = message(CARD, says, language, uuid4(), replace(STANDING, kind=kind))["messages"]
    assert 0 < len(said["text"]) < 500
    assert "{" not in said["text"]
    buttons = [one["action"] for one in said.get("quickReply", {}).get("items", [])]
    assert len(buttons) <= MOST_BUTTONS
    assert all(len(one["label"]) <= LONGEST_LABEL for one in buttons)
    assert all(len(one.get("data", "")) <= LONGEST_DATA for one in buttons)


def test_whoever_is_asked_what_it_is_chooses_among_eight() -> None:
    assert len(KINDS) == 8


def test_rule_17_nobody_is_asked_in_words_that_the_city_has_not_reviewed() -> None:
    real = replace(CARD, fictional=False)
    for says in Says:
        (said,) = message(real, says, Language.ENGLISH, uuid4(), STANDING)["messages"]
        (japanese,) = message(real, says, Language.JAPANESE, uuid4(), STANDING)["messages"]
        assert said["text"] == japanese["text"]
