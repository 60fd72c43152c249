"""CAP 1.2: whatever is told validates, says what it is, and cannot be mistaken for a drill."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta, tzinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from alerts.alert import Alert
from alerts.cap import LONGEST_HEADLINE, cap_document
from alerts.capareas import CapArea
from alerts.capnames import CapSender, identifier_of
from alerts.captext import CapText
from alerts.errors import NotFit
from alerts.kinds import AlertKind, Language, Status, Step
from hazards.kinds import AlertLevel, HazardKind
from hazards.order import ORDERED
from tests.unit.alerts.capschema import NEEDS_XSD, checked, said, schema
from tests.unit.alerts.told import AREA, ORDER, SENDER, TEXTS, changed, revised

NUMERIC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


def written(
    alert: Alert = ORDER,
    texts: Mapping[Language, CapText] = TEXTS,
    areas: Sequence[CapArea] = (AREA,),
    earlier: Sequence[Alert] = (),
    sender: CapSender = SENDER,
) -> etree._Element:
    """The document, read again, and valid where the schema is there."""
    return checked(cap_document(alert, texts, areas, sender, earlier))


def values(element: etree._Element, path: str) -> dict[str, str]:
    """Names and values of `parameter`s or `eventCode`s."""
    return dict(
        zip(said(element, f"{path}/valueName"), said(element, f"{path}/value"), strict=True)
    )


def earlier_of(alert: Alert) -> list[Alert]:
    """What an alert of that step must name."""
    return [] if alert.step is Step.ISSUE else [changed(alert, step=Step.ISSUE, revision=1)]


levels = st.sampled_from(ORDERED)
hazards = st.sampled_from(sorted(HazardKind))
texts = st.builds(CapText, st.text(max_size=300), st.text(max_size=300), st.text(max_size=100))
others = st.sampled_from(sorted(set(AlertKind) - {AlertKind.EVACUATION}))
statuses, steps = st.sampled_from(sorted(Status)), st.sampled_from(sorted(Step))


@st.composite
def alerts(draw: st.DrawFn) -> Alert:
    """Anything that can have been approved."""
    step = draw(steps)
    alert = changed(status=draw(statuses), step=step, revision=1 if step is Step.ISSUE else 2)
    if draw(st.booleans()):
        return replace(alert, hazard=draw(hazards), level=draw(levels))
    return replace(alert, kind=draw(others), hazard=None, level=None, subject="断水")


@NEEDS_XSD
@settings(deadline=None)
@given(
    alert=alerts(),
    told=st.dictionaries(st.sampled_from(sorted(Language)), texts, min_size=1),
    name=st.text(max_size=30).map("区域".__add__),
)
def test_whatever_is_told_validates_against_the_schema(
    alert: Alert, told: dict[Language, CapText], name: str
) -> None:
    areas = [AREA, CapArea(name)]
    document = cap_document(alert, told, areas, SENDER, earlier_of(alert))
    schema().assertValid(etree.fromstring(document))


@settings(deadline=None)
@given(alert=alerts(), text=texts)
def test_every_text_of_a_drill_has_its_mark_at_head_and_tail(alert: Alert, text: CapText) -> None:
    drill = replace(alert, status=Status.EXERCISE)
    made = written(drill, dict.fromkeys(Language, text), earlier=earlier_of(drill))
    assert said(made, "status") == ["Exercise"]
    assert "訓練" in said(made, "note")[0]
    for name in ("event", "headline", "description", "instruction"):
        for words in said(made, f"info/{name}"):
            assert words.startswith("【訓練】")
            assert words.endswith("【訓練】")
            assert len(words) > len("【訓練】")


def test_what_the_text_brings_of_a_drills_marks_is_not_doubled() -> None:
    drill, text = changed(status=Status.EXERCISE), CapText("【訓練】避難指示【訓練】", "本文")
    (headline,) = said(written(drill, {Language.JAPANESE: text}), "info/headline")
    assert headline == "【訓練】避難指示【訓練】"


def test_an_alert_has_nothing_of_a_drill() -> None:
    made = written()
    assert said(made, "status") == ["Actual"]
    assert said(made, "note") == []
    assert "訓練" not in etree.tostring(made, encoding="unicode")


def test_the_first_message_refers_to_nothing() -> None:
    made = written()
    assert said(made, "msgType") == ["Alert"]
    assert said(made, "references") == []
    assert said(made, "identifier") == ["99901-12-1-Actual"]
    assert said(made, "sender") == ["99901@city.example"]
    assert said(made, "scope") == ["Public"]


def test_each_change_refers_to_all_that_went_out_before_it() -> None:
    update = revised(Step.UPDATE)
    clear = revised(Step.ALL_CLEAR, revision=4, before=update)
    first = "99901@city.example,99901-12-1-Actual,2026-10-13T11:14:00+09:00"
    second = "99901@city.example,99901-12-2-Actual,2026-10-13T11:29:00+09:00"
    assert said(written(update, earlier=[ORDER]), "references") == [first]
    made = written(clear, earlier=[ORDER, update])
    assert said(made, "references") == [f"{first} {second}"]
    assert said(made, "sent") == ["2026-10-13T11:44:00+09:00"]


@pytest.mark.parametrize(
    ("step", "msg_type", "response"),
    [
        (Step.UPDATE, "Update", "Evacuate"),
        (Step.ALL_CLEAR, "Update", "AllClear"),
        (Step.CANCEL, "Cancel", "Monitor"),
    ],
)
def test_steps_are_updates_all_clears_and_cancels(step: Step, msg_type: str, response: str) -> None:
    made = written(revised(step), earlier=[ORDER])
    assert said(made, "msgType") == [msg_type]
    assert said(made, "info/responseType") == [response] * len(TEXTS)


@pytest.mark.parametrize("step", [Step.ALL_CLEAR, Step.CANCEL])
def test_what_is_over_has_no_level_and_does_not_say_that_it_is_safe(step: Step) -> None:
    made = written(revised(step), {Language.JAPANESE: TEXTS[Language.JAPANESE]}, earlier=[ORDER])
    assert values(made, "info/eventCode") == {}
    assert "alertLevel" not in values(made, "info/parameter")
    assert said(made, "info/urgency") == ["Past"]
    assert said(made, "info/severity") + said(made, "info/certainty") == ["Unknown", "Unknown"]


@pytest.mark.parametrize(
    ("level", "severity", "certainty", "responses"),
    [
        (AlertLevel.ELDERLY_LEAVE, "Moderate", "Possible", ["Evacuate", "Prepare"]),
        (AlertLevel.ALL_LEAVE, "Severe", "Likely", ["Evacuate"]),
        (AlertLevel.SECURE_NOW, "Extreme", "Likely", ["Shelter"]),
    ],
)
def test_each_level_has_its_codes(
    level: AlertLevel, severity: str, certainty: str, responses: list[str]
) -> None:
    made = written(changed(level=level), {Language.JAPANESE: TEXTS[Language.JAPANESE]})
    assert said(made, "info/urgency") == ["Immediate"]
    assert said(made, "info/severity") == [severity]
    assert said(made, "info/certainty") == [certainty]
    assert said(made, "info/responseType") == responses
    assert values(made, "info/eventCode") == {"警戒レベル": str(int(level))}
    assert values(made, "info/parameter")["alertLevel"] == str(int(level))


@pytest.mark.parametrize("hazard", sorted(HazardKind))
def test_level_5_never_asks_anybody_to_set_out(hazard: HazardKind) -> None:
    made = written(changed(level=AlertLevel.SECURE_NOW, hazard=hazard))
    assert set(said(made, "info/responseType")) == {"Shelter"}


def test_each_language_has_words_of_its_own_and_japanese_comes_first() -> None:
    made = written(texts=dict(reversed(TEXTS.items())))
    assert said(made, "info/language") == ["ja", "en"]
    assert said(made, "info/event") == [
        "警戒レベル4 避難指示 / 洪水",
        "Level 4 Evacuation Order / floods",
    ]
    assert said(made, "info/senderName") == ["浅瀬市（架空）", "Asase (fictional)"]
    assert said(made, "info/instruction") == ["今すぐ逃げること。", "Leave now."]


def test_an_order_outlives_its_message_and_says_so() -> None:
    assert values(written(), "info/parameter")["orderStands"] == "untilLifted"
    drill = written(changed(status=Status.EXERCISE))
    assert "orderStands" not in values(drill, "info/parameter")


@pytest.mark.parametrize("zone", [SENDER.zone, UTC])
def test_moments_have_a_numeric_offset_and_never_a_z(zone: tzinfo) -> None:
    made = written(sender=replace(SENDER, zone=zone))
    moments = [*said(made, "sent"), *said(made, "info/effective"), *said(made, "info/expires")]
    assert len(moments) == 1 + 2 * len(TEXTS)
    assert all(NUMERIC.fullmatch(one) for one in moments)


def test_markup_in_a_text_stays_text() -> None:
    typed = "川が <増水> & ]]> 危険 <!-- 👨‍👩‍👧 &amp; ' \""
    text = CapText(typed, typed)
    made = written(texts={Language.JAPANESE: text}, areas=[CapArea(typed)])
    found = [said(made, f"info/{one}") for one in ("headline", "description", "area/areaDesc")]
    assert found == [[typed]] * 3


def test_what_to_do_stands_in_the_instruction_and_not_a_second_time() -> None:
    text = CapText("避難指示", "発令しました。\n逃げること。\n続きます。", "逃げること。")
    made = written(texts={Language.JAPANESE: text})
    assert said(made, "info/description") == ["発令しました。\n続きます。"]
    assert said(made, "info/instruction") == ["逃げること。"]


def test_control_characters_are_left_out_and_the_words_stay() -> None:
    text = CapText("避難\x00指示\x1b[31m", "一行目\r\n二行目\x0b\ufffe\x85", "\u202e逆\u2066に")
    made = written(texts={Language.JAPANESE: text})
    assert said(made, "info/headline") == ["避難指示[31m"]
    assert said(made, "info/description") == ["一行目\n二行目"]
    assert said(made, "info/instruction") == ["逆に"]


def test_half_a_letter_is_left_out() -> None:
    made = written(texts={Language.JAPANESE: CapText("避難\ud83d指示", "")})
    assert said(made, "info/headline") == ["避難指示"]


@pytest.mark.parametrize("status", sorted(Status))
def test_a_long_headline_is_cut_and_stands_in_full_in_the_description(status: Status) -> None:
    long = "避難指示" * 60
    text = CapText(long, "本文")
    made = written(changed(status=status), {Language.JAPANESE: text})
    (headline,), (description,) = said(made, "info/headline"), said(made, "info/description")
    assert len(headline) == LONGEST_HEADLINE
    assert headline.startswith("【訓練】") == (status is Status.EXERCISE)
    assert headline.endswith("…【訓練】" if status is Status.EXERCISE else "…")
    assert f"{long}\n本文" in description


def test_without_a_headline_the_event_stands_in_for_it() -> None:
    made = written(texts={Language.JAPANESE: CapText(" \x01", "")})
    assert said(made, "info/headline") == said(made, "info/event")
    assert said(made, "info/description") == []


@pytest.mark.parametrize("kind", sorted(set(AlertKind) - {AlertKind.EVACUATION}))
def test_other_kinds_claim_no_threat(kind: AlertKind) -> None:
    notice = changed(kind=kind, hazard=None, level=None, subject="断水")
    made = written(notice)
    codes = ("urgency", "severity", "certainty")
    assert {one for code in codes for one in said(made, f"info/{code}")} == {"Unknown"}
    assert values(made, "info/eventCode") == {}


def test_identifiers_tell_revisions_and_drills_apart() -> None:
    every = [
        changed(number=number, revision=revision, status=status)
        for number in (1, 11)
        for revision in (1, 11)
        for status in Status
    ]
    assert len({identifier_of(one, SENDER) for one in every}) == len(every)


def test_what_is_not_approved_is_no_message() -> None:
    with pytest.raises(NotFit, match="承認されていない"):
        written(changed(approved_at=None))


@pytest.mark.parametrize(
    "earlier",
    [
        [changed(number=13)],
        [changed(status=Status.EXERCISE)],
        [revised(Step.UPDATE)],
        [],
    ],
    ids=["another alert", "a drill", "itself", "nothing"],
)
def test_a_change_of_what_never_went_out_is_refused(earlier: list[Alert]) -> None:
    with pytest.raises(NotFit):
        written(revised(Step.UPDATE), earlier=earlier)


def test_without_text_or_area_there_is_no_message() -> None:
    with pytest.raises(NotFit):
        written(texts={})
    with pytest.raises(NotFit):
        written(areas=[])
    with pytest.raises(NotFit):
        written(areas=[CapArea("\x07")])


def test_an_order_without_hazard_or_level_is_refused() -> None:
    for broken in (changed(hazard=None), changed(level=None), changed(level=AlertLevel.ADVISORY)):
        with pytest.raises(NotFit):
            written(broken)


@pytest.mark.parametrize(
    ("code", "address"),
    [("99 901", "a@b"), ("99,901", "a@b"), ("99901", "city.example"), ("99901", "a b@c")],
)
def test_a_sender_that_cap_does_not_take_is_refused(code: str, address: str) -> None:
    with pytest.raises(NotFit):
        replace(SENDER, code=code, address=address)


def test_a_message_that_expires_before_the_next_day_keeps_its_date() -> None:
    late = changed(expires_at=ORDER.expires_at + timedelta(hours=12))
    assert said(written(late), "info/expires") == ["2026-10-14T01:14:00+09:00"] * len(TEXTS)
