"""What is said at a door: what the telephone says, written words where nothing is read aloud."""

from dataclasses import replace

import pytest

from alerts.errors import NotFit
from alerts.kinds import Medium
from alerts.scripts.door import door_words
from alerts.scripts.voice import voice_script
from alerts.wording.ruby import plain
from tests.unit.alerts.asase import an_alert, rendering


@pytest.mark.parametrize("drill", [False, True], ids=["live", "drill"])
def test_a_door_hears_what_the_telephone_says(drill: bool) -> None:
    rendered = rendering(an_alert(drill=drill))
    assert door_words(rendered) == voice_script(rendered).lines


@pytest.mark.parametrize("drill", [False, True], ids=["live", "drill"])
def test_where_nothing_may_be_read_aloud_the_written_words_stand_alone(drill: bool) -> None:
    rendered = rendering(an_alert(drill=drill))
    messages = {Medium.WEB: rendered.messages[Medium.WEB]}
    lines = door_words(replace(rendered, messages=messages))
    said = [plain(line) for line in lines]
    assert "レベル4" in "".join(said)
    assert ("訓練" in said[0], "訓練" in said[-1]) == (drill, drill)
    assert not any(one.kana for line in lines for one in line)


def test_without_any_words_there_is_nothing_to_say() -> None:
    with pytest.raises(NotFit):
        door_words(replace(rendering(an_alert()), messages={}))
