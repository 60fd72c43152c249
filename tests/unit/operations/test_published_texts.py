"""What is published of an alert is what was rendered of it and approved, in both directions."""

from typing import Any

import pytest
from lxml import etree

from alerts.alert import Alert
from alerts.atom import atom_document
from alerts.cap import cap_document
from alerts.feed import Feed, FeedEntry
from alerts.kinds import Language, Status, Step
from alerts.wording.gazetteer import Gazetteer
from alerts.wording.reading.proposals import Word
from alerts.wording.rendering import render
from alerts.wording.settings import Links, WordingSettings
from alerts.wording.standard import standard_templates
from alerts.wording.template import adopted
from city.reading import Reading
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import ORDERED
from operations.alerts.published import texts_of
from tests.unit.alerts.capschema import NEEDS_XSD, schema
from tests.unit.alerts.told import APPROVED, AREA, ORDER, SENDER, ZONE, changed, revised

GAZETTEER = Gazetteer(
    (
        Reading("浅瀬市（架空）", "あさせし", confirmed=True),
        Reading("下浅瀬一丁目", "しもあさせいっちょうめ", confirmed=True),
        Reading("川岸町", "かわぎしちょう", confirmed=True),
    )
)


def rendered(alert: Alert = ORDER) -> dict[str, Any]:
    """The alert as it is stored when it is approved, of templates that the city reviewed."""
    templates = [adopted(one, "防災課", APPROVED) for one in standard_templates()]
    links = Links("https://city.example/", "https://city.example/areas")
    settings = WordingSettings(ZONE)
    return render(alert, templates, GAZETTEER, links, settings, said).to_dict()


def said(text: str) -> tuple[Word, ...]:
    """An engine that reads everything alike."""
    return (Word(text, "よみ", is_name=False),)


def test_every_language_that_was_rendered_is_published() -> None:
    texts = texts_of(rendered())
    assert set(texts) == set(Language)
    japanese = texts[Language.JAPANESE]
    assert japanese.headline == "警戒レベル4 避難指示（洪水）"
    assert "下浅瀬一丁目" in japanese.description
    assert japanese.instruction
    assert japanese.instruction in japanese.description


def test_a_language_that_was_not_rendered_is_not_published() -> None:
    stored = rendered()
    del stored["messages"]["web"]["en"]
    assert set(texts_of(stored)) == {Language.JAPANESE, Language.EASY_JAPANESE}


@pytest.mark.parametrize("level", ORDERED)
def test_what_to_do_is_told_once_in_cap_and_once_in_the_feed(level: AlertLevel) -> None:
    alert = changed(level=level)
    texts = texts_of(rendered(alert))
    action = texts[Language.JAPANESE].instruction.split("\n")[0]
    document = cap_document(alert, texts, [AREA], SENDER).decode()
    assert document.count(action) == 1
    entry = FeedEntry(1, alert, texts[Language.JAPANESE], APPROVED, None)
    feed = Feed("https://c.example", "1", "市", ZONE, Status.ACTUAL, (entry,), APPROVED)
    assert atom_document(feed, APPROVED).decode().count(action) == 1


def test_a_drill_is_marked_once_at_head_and_tail() -> None:
    drill = changed(status=Status.EXERCISE)
    texts = texts_of(rendered(drill))
    document = cap_document(drill, texts, [AREA], SENDER).decode()
    assert "【訓練】【訓練】" not in document
    assert document.count("<headline>【訓練】") == len(texts)


@NEEDS_XSD
@pytest.mark.parametrize("status", sorted(Status))
@pytest.mark.parametrize("step", sorted(Step))
@pytest.mark.parametrize("level", ORDERED)
@pytest.mark.parametrize("hazard", sorted(HazardKind))
def test_all_that_is_rendered_makes_a_valid_message(
    hazard: HazardKind, level: AlertLevel, step: Step, status: Status
) -> None:
    first = changed(hazard=hazard, level=level, status=status)
    alert = first if step is Step.ISSUE else revised(step, before=first)
    earlier = [] if step is Step.ISSUE else [first]
    document = cap_document(alert, texts_of(rendered(alert)), [AREA], SENDER, earlier)
    schema().assertValid(etree.fromstring(document))
    assert "避難勧告" not in document.decode()
