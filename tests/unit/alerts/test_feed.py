"""Feeds: well-formed, drills apart; nothing that is over or old looks as if it were not."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from alerts.alert import Alert
from alerts.atom import NAMESPACE, atom_document
from alerts.captext import CapText
from alerts.errors import NotFit
from alerts.feed import KEPT, Feed, FeedEntry, Standing
from alerts.jsonfeed import VERSION, json_feed_document
from alerts.kinds import AlertKind, Language, Status, Step
from alerts.wording.vocabulary import VOCABULARIES
from tests.unit.alerts.told import APPROVED, ORDER, TEXTS, ZONE, changed, revised

NOW = APPROVED + timedelta(minutes=6)
OVER = ORDER.expires_at + timedelta(minutes=1)
TEXT = TEXTS[Language.JAPANESE]
NOTICE = changed(number=13, kind=AlertKind.LIFELINE, hazard=None, level=None, subject="断水")


def entry(
    alert: Alert = ORDER,
    *,
    number: int = 40,
    text: CapText = TEXT,
    ended_at: datetime | None = None,
) -> FeedEntry:
    return FeedEntry(number, alert, text, APPROVED, ended_at)


def test_a_stopped_text_says_since_when_until_its_order_ends() -> None:
    at = NOW - timedelta(minutes=2)
    stopped = replace(entry(), stopped_at=at)
    made = feed(stopped)
    assert stopped.standing(at - timedelta(seconds=1)) is Standing.IN_FORCE
    assert stopped.standing(NOW) is Standing.STOPPED
    assert stopped.standing(OVER) is Standing.STOPPED
    assert stopped.updated_at(NOW) == at
    assert made.entry_title(stopped, NOW).startswith("【送信停止・発令は継続中】")
    assert "送信を止めました" in made.entry_text(stopped, NOW)
    assert VOCABULARIES[Language.JAPANESE].stands in made.entry_text(stopped, NOW)
    lifted = replace(stopped, ended_at=NOW)
    assert lifted.standing(NOW) is Standing.ENDED
    assert "発令は続いて" not in made.entry_text(lifted, NOW)


def test_a_stopped_notice_has_no_order_that_stands() -> None:
    notice = replace(entry(NOTICE, ended_at=NOTICE.expires_at), stopped_at=APPROVED)
    made = feed(notice)
    assert made.entry_title(notice, NOW).startswith("【送信停止】")
    assert "発令" not in made.entry_text(notice, NOW).split("\n")[1]


def feed(*entries: FeedEntry, status: Status = Status.ACTUAL, read_at: datetime = NOW) -> Feed:
    return Feed("https://city.example", "99901", "浅瀬市（架空）", ZONE, status, entries, read_at)


def drills() -> Feed:
    drill = changed(number=14, status=Status.EXERCISE)
    return feed(entry(drill, ended_at=drill.expires_at), status=Status.EXERCISE)


def atom(made: Feed, now: datetime = NOW) -> etree._Element:
    return etree.fromstring(atom_document(made, now))


def said(element: etree._Element, path: str) -> list[str]:
    named = "/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/"))
    return [one.text or "" for one in element.findall(named)]


def links(element: etree._Element, path: str = "link") -> list[dict[str, str]]:
    named = "/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/"))
    return [{str(key): str(value) for key, value in one.items()} for one in element.findall(named)]


def json_feed(made: Feed, now: datetime = NOW) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json_feed_document(made, now))
    return found


def titles(made: Feed, now: datetime) -> Sequence[str]:
    """Of the entries, the same in both forms."""
    found = said(atom(made, now), "entry/title")
    assert found == [item["title"] for item in json_feed(made, now)["items"]]
    return found


def test_atom_has_all_that_it_must_have() -> None:
    made = atom(feed(entry()))
    for path in ("id", "title", "updated", "author/name", "entry/id", "entry/title"):
        assert said(made, path), path
        assert all(said(made, path)), path
    assert said(made, "id") == ["tag:city.example,2026:99901/alerts"]
    assert said(made, "entry/id") == ["tag:city.example,2026:99901/alerts/12"]
    assert said(made, "entry/updated") == said(made, "updated") == ["2026-10-13T11:14:00+09:00"]
    assert links(made)[0] == {
        "rel": "self",
        "type": "application/atom+xml",
        "href": "https://city.example/alerts.atom",
    }
    assert links(made, "entry/link") == [
        {
            "rel": "alternate",
            "type": "application/cap+xml",
            "href": "https://city.example/alerts/40.cap.xml",
        }
    ]


def test_json_feed_has_all_that_it_must_have() -> None:
    made = json_feed(feed(entry()))
    assert made["version"] == VERSION
    assert made["title"] == "浅瀬市（架空） 避難情報・お知らせ"
    assert made["feed_url"] == "https://city.example/alerts.json"
    (item,) = made["items"]
    assert item["id"] == "tag:city.example,2026:99901/alerts/12"
    assert item["content_text"].startswith("浅瀬川の水位が、上がっています。\n今すぐ逃げること。")
    assert item["attachments"] == [
        {"url": "https://city.example/alerts/40.cap.xml", "mime_type": "application/cap+xml"}
    ]
    own = item["_nigemichi"]
    assert (own["hazard"], own["level"], own["standing"]) == ("flood", 4, "in_force")
    assert own["area_names"] == ["下浅瀬一丁目", "川岸町"]


def test_a_feed_without_alerts_is_valid_and_says_when_it_was_read() -> None:
    made, read_at = feed(read_at=NOW.replace(second=7)), "2026-10-13T11:20:00+09:00"
    assert said(atom(made), "updated") == [read_at]
    assert said(atom(made), "entry") == []
    assert json_feed(made)["items"] == []
    assert json_feed(made)["_nigemichi"]["read_at"] == read_at
    assert said(atom(made), "subtitle") == ["2026年10月13日 11:20 現在。"]


def test_what_was_read_long_ago_is_not_shown_as_new() -> None:
    late = NOW + timedelta(minutes=5)
    made = feed(entry())
    assert "確認できていません" in said(atom(made, late), "subtitle")[0]
    assert json_feed(made, late)["description"].startswith("2026年10月13日 11:20 現在。")
    assert "確認できていません" not in json_feed(made, NOW)["description"]


def test_drills_are_marked_in_the_title_and_in_each_entry() -> None:
    made = drills()
    texts = [made.title, *titles(made, NOW), made.note(NOW), *said(atom(made), "entry/content")]
    assert len(texts) == 4
    for text in texts:
        assert text.startswith("【訓練】")
        assert text.endswith("【訓練】")
    assert json_feed(made)["items"][0]["_nigemichi"]["status"] == "Exercise"


def test_the_mark_of_a_drill_comes_before_what_became_of_it() -> None:
    made = drills()
    assert titles(made, OVER)[0].startswith("【訓練】【終了】警戒レベル4")


def test_drills_have_addresses_and_names_of_their_own() -> None:
    text = atom_document(drills(), NOW).decode() + json_feed_document(drills(), NOW).decode()
    assert "https://city.example/drills/40.cap.xml" in text
    assert "99901/drills/14" in text
    assert "alerts" not in text


@pytest.mark.parametrize("status", sorted(Status))
def test_a_feed_takes_no_entry_of_the_other_kind(status: Status) -> None:
    other = next(one for one in Status if one is not status)
    with pytest.raises(NotFit, match="訓練"):
        feed(entry(changed(status=other)), status=status)


def test_an_expired_message_is_marked_though_its_order_stands() -> None:
    made = feed(entry(), read_at=OVER)
    assert titles(made, NOW) == ["警戒レベル4 避難指示（洪水）"]
    (title,) = titles(made, OVER)
    assert title == "【文の期限切れ・発令は継続中】警戒レベル4 避難指示（洪水）"
    (text,) = said(atom(made, OVER), "entry/content")
    assert text.startswith("この文の期限は過ぎました。")
    assert "解除するまで続きます" in text
    assert said(atom(made, OVER), "entry/updated") == ["2026-10-13T13:14:00+09:00"]


def test_an_order_that_stands_for_days_stays_in_the_feed() -> None:
    late = APPROVED + timedelta(days=5)
    assert len(titles(feed(entry(), read_at=late), late)) == 1


def test_what_ended_is_marked_and_gone_after_a_day() -> None:
    lifted = APPROVED + timedelta(hours=1)
    stands = VOCABULARIES[Language.JAPANESE].stands
    text = CapText(TEXT.headline, f"{TEXT.description}\n{stands}")
    made = feed(entry(text=text, ended_at=lifted), read_at=OVER)
    assert titles(made, lifted - timedelta(seconds=1)) == ["警戒レベル4 避難指示（洪水）"]
    assert titles(made, lifted)[0].startswith("【終了】")
    (content,) = said(atom(made, lifted), "entry/content")
    assert content.startswith("2026年10月13日 12:14 に、解除されたか、別の発令に替わりました。")
    assert stands not in content
    assert len(titles(made, lifted + KEPT - timedelta(seconds=1))) == 1
    assert titles(made, lifted + KEPT) == []


def test_other_kinds_end_with_their_message() -> None:
    made = feed(entry(NOTICE, ended_at=NOTICE.expires_at))
    assert entry(NOTICE, ended_at=NOTICE.expires_at).standing(NOW) is Standing.IN_FORCE
    assert titles(made, OVER)[0].startswith("【終了】")
    assert "解除" not in said(atom(made, OVER), "entry/content")[0]


@pytest.mark.parametrize("step", [Step.ALL_CLEAR, Step.CANCEL])
def test_an_all_clear_is_listed_as_it_is(step: Step) -> None:
    clear = revised(step)
    made = feed(
        entry(clear, text=CapText("解除：避難指示", "解除しました。"), ended_at=clear.approved_at)
    )
    late = APPROVED + timedelta(hours=3)
    assert titles(made, late) == ["解除：避難指示"]
    assert said(atom(made, late), "entry/content") == ["解除しました。"]
    (item,) = json_feed(made, late)["items"]
    assert item["_nigemichi"]["standing"] == "ended"
    assert item["_nigemichi"]["ended_at"] == "2026-10-13T11:29:00+09:00"


def test_a_later_revision_keeps_the_name_of_the_entry() -> None:
    update = entry(revised(Step.UPDATE), number=41)
    assert feed(entry()).tag(entry()) == feed(update).tag(update)
    assert said(atom(feed(update), OVER), "entry/published") == ["2026-10-13T11:14:00+09:00"]


def test_what_changed_last_comes_first() -> None:
    update = revised(Step.UPDATE, before=changed(number=15))
    made = feed(entry(), entry(update, number=41))
    (first, second) = said(atom(made, NOW + timedelta(hours=1)), "entry/id")
    assert (first[-3:], second[-3:]) == ("/15", "/12")


def test_without_a_headline_the_event_stands_in_for_it() -> None:
    made = feed(entry(text=CapText("", "")))
    assert titles(made, NOW) == ["警戒レベル4 避難指示 / 洪水"]


@settings(deadline=None)
@given(
    headline=st.text(max_size=100),
    description=st.text(max_size=200),
    name=st.text(max_size=20),
    status=st.sampled_from(sorted(Status)),
)
def test_whatever_people_typed_stays_text(
    headline: str, description: str, name: str, status: Status
) -> None:
    alert = replace(ORDER, status=status, area_names=(name,), city=f"市{name}")
    made = feed(entry(alert, text=CapText(headline, description)), status=status)
    assert len(titles(replace(made, city=f"市{name}"), OVER)) == 1


def test_markup_and_control_characters_do_not_break_the_feed() -> None:
    typed = CapText("<b>川</b> & ]]>\x00\x1b", "👨‍👩‍👧 <script>\x07 &amp;")
    assert titles(feed(entry(text=typed)), NOW) == ["<b>川</b> & ]]>"]
    (text,) = said(atom(feed(entry(text=typed))), "entry/content")
    assert text.startswith("👨‍👩‍👧 <script> &amp;\n")
