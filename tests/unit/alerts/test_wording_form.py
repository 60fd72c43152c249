"""What no carrier takes, nobody can read or nobody takes in by ear is found."""

from dataclasses import replace

import pytest

from alerts.kinds import Medium
from tests.unit.alerts.asase import SETTINGS, a_notice, an_alert, findings, found, rendering
from tests.unit.alerts.planted import STOPS, planted


@pytest.mark.parametrize(
    ("medium", "old", "new"),
    [
        (Medium.SMS, "逃げること。", "逃げること。" + "。" * 600),
        (Medium.MAIL, "警戒レベル4", "警戒レベル4" + "　" * 100),
        (Medium.AREA_MAIL, "避難指示", "避難指示" * 3),
        (Medium.AREA_MAIL, "浅瀬川の", "浅瀬川の" * 100),
        (Medium.SOCIAL, "逃げること。", "逃げること。" + "。" * 100),
        (Medium.LINE, "逃げること。", "逃げること。" + "。" * 4000),
    ],
)
def test_what_no_carrier_takes_stops(medium: Medium, old: str, new: str) -> None:
    assert "length" in planted(an_alert(), medium, old, new)


@pytest.mark.parametrize(
    "garbled",
    [
        "\x00",
        "\x1b[0m",
        "\ufffd",
        "\u202e",
        "\u200b",
        "縺ｫ",
        "ã\x81\x82",
        "????",
        "\ue000",
        "《",
        "{area}",
    ],
)
def test_garbled_words_stop(garbled: str) -> None:
    assert "garbled" in planted(an_alert(), Medium.MAIL, "浅瀬川", f"浅瀬川{garbled}")


def test_ordinary_punctuation_is_not_garbled() -> None:
    alert = an_alert(reason="「浅瀬川」の水位：6.84ｍ（20時）……危険！？ Café, naïve。")
    assert "garbled" not in found(alert, rendering(alert), STOPS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("【浅瀬市（架空）】", "【浅瀬市（架空）】" + "お知らせ。" * 9),
        ("渡場一丁目〜四丁目", "ここ"),
    ],
)
def test_an_sms_that_does_not_begin_with_area_and_action_stops(old: str, new: str) -> None:
    assert "first_part" in planted(an_alert(), Medium.SMS, old, new)


def test_an_officers_long_first_sentence_is_stopped_before_it_is_sent() -> None:
    long = (
        "危険な場所にいる人は、いそいで必要なものだけを持って、近所の人と声をかけ合い、逃げること。"
    )
    alert = a_notice(action=long)
    assert "first_part" in found(alert, rendering(alert), STOPS)


def test_a_sentence_too_long_to_be_heard_stops() -> None:
    alert = an_alert(reason="あ" * 61 + "。")
    (finding,) = [one for one in findings(alert, rendering(alert)) if one.code == "heard"]
    assert (finding.severity, finding.medium) == (STOPS, Medium.LOUDSPEAKER)
    short = an_alert(reason="あ" * 60 + "。")
    assert "heard" not in found(short, rendering(short), STOPS)
    slower = replace(SETTINGS, longest_sentence_morae=90)
    assert "heard" not in found(alert, rendering(alert), STOPS, settings=slower)
