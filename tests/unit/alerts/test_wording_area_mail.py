"""The title of a 緊急速報メール: on a phone it stands alone above everything else."""

import pytest

from alerts.kinds import Language, Medium, Step
from alerts.wording.media.lengths import AREA_MAIL_TITLE_MOST
from hazards.kinds import HazardKind
from tests.unit.alerts.asase import an_alert, rendering

OVER = [(Step.ALL_CLEAR, "解除"), (Step.CANCEL, "取消")]


def title(**values: object) -> str:
    message = rendering(an_alert(**values)).messages[Medium.AREA_MAIL][Language.JAPANESE]
    return str(message["title"])


@pytest.mark.parametrize("level", [3, 4, 5])
@pytest.mark.parametrize("drill", [False, True])
@pytest.mark.parametrize(("step", "word"), OVER)
def test_what_is_over_never_reads_like_an_order_in_its_title(
    step: Step, word: str, drill: bool, level: int
) -> None:
    shown = title(step=step, drill=drill, level=level)
    assert shown.removeprefix("【訓練】").startswith(word)
    assert len(shown) <= AREA_MAIL_TITLE_MOST
    assert shown.endswith("【訓練】") == drill


def test_an_order_in_force_is_named_with_its_hazard_where_that_fits() -> None:
    assert title() == "避難指示（洪水）"
    assert title(step=Step.UPDATE) == "避難指示（洪水）"
    assert title(step=Step.ALL_CLEAR) == "解除 避難指示（洪水）"
    assert title(drill=True) == "【訓練】避難指示【訓練】"
    assert len(title(hazard=HazardKind.LANDSLIDE, level=3)) <= AREA_MAIL_TITLE_MOST
