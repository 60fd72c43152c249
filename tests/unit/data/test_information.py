"""Files of information of others: whatever their columns are called, and what is not taken."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import BrokenSource
from data.readers.information import read_information
from data.readers.informationrow import Near, link_of
from hazards.errors import HazardError
from hazards.information import Item, Shape, Way, item_of, known_for, plain
from hazards.informationcopy import Copy, Known, changed, doubts
from hazards.informationsettings import open_licence, plain_hosts

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 9, 1, 11, 30, tzinfo=UTC)
NEAR = Near((139.0, 35.5, 139.6, 35.8))
SHARED = Path(__file__).parents[4] / "shared" / "data"
CAP = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>a-1</identifier>
<sender>x</sender><sent>2026-09-01T20:00:00+09:00</sent><status>{status}</status>
<msgType>{type}</msgType><scope>Public</scope>
<info><language>en</language><event>flood</event><headline>Flood</headline></info>
<info><language>ja-JP</language><event>洪水</event><headline>浸水のおそれ</headline>
<description>川の水位が上がっています。</description><expires>2026-09-01T23:00:00+09:00</expires>
<area><areaDesc>川沿い</areaDesc>
<polygon>35.6,139.3 35.7,139.3 35.7,139.4 35.6,139.3</polygon></area>
</info></alert>"""


LINKS = (
    "javascript:alert(1)",
    "https://u:p@a.jp/",
    "//a.jp/x",
    "a.jp",
    "https://evil.example\\.bousai.go.jp",
    "https://evil.example\\@bousai.go.jp/",
    "https://evil.example:8a.bousai.go.jp/",
    "https://bousai.go.jp\u2044.evil.example/",
)


def read(shape: Shape, text: str | bytes) -> Copy:
    body = text.encode() if isinstance(text, str) else text
    return read_information(shape, "file", body, NEAR, TOKYO, NOW)


def cap(status: str = "Actual", kind: str = "Alert") -> str:
    return CAP.format(status=status, type=kind)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_table_is_read_in_every_encoding_of_an_office(encoding: str) -> None:
    text = "路線名,状況,緯度,経度,更新日時\r\n県道1号,通行止め,35.65,139.33,2026/9/1 20:10\r\n"
    (one,) = read(Shape.CSV, text.encode(encoding)).items
    assert (one.title, one.text, one.point) == ("県道1号", "通行止め", (139.33, 35.65))
    assert one.at == datetime(2026, 9, 1, 11, 10, tzinfo=UTC)


def test_a_table_without_places_concerns_everybody() -> None:
    (one,) = read(Shape.CSV, "件名,内容\n断水,給水車が来ます\n").items
    assert one.reach is None


def test_an_alert_is_read_in_its_japanese_words_with_its_area_and_its_end() -> None:
    (one,) = read(Shape.ATOM_CAP, cap()).items
    assert (one.title, one.id) == ("浸水のおそれ", "a-1/0")
    assert "川の水位が上がっています。" in one.text
    assert one.reach == (139.3, 35.6, 139.4, 35.7)
    assert one.until == datetime(2026, 9, 1, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize("status", ["Exercise", "Test", "System", "Draft"])
def test_rule_16_a_drill_of_others_is_no_information(status: str) -> None:
    assert read(Shape.ATOM_CAP, cap(status)).items == ()
    assert read(Shape.ATOM_CAP, cap(kind="Cancel")).items == ()


def named(identifier: str, kind: str, refers_to: str = "", **said: str) -> str:
    words = {"status": "Actual", "sender": "x", **said}
    alert = cap(words["status"], kind).replace("a-1", identifier)
    alert = alert.replace("<sender>x<", f"<sender>{words['sender']}<")
    references = f"<references>{refers_to}</references><info>"
    return alert.replace("<info>", references, 1) if refers_to else alert


def feed_of(*alerts: str) -> str:
    entries = "".join(f"<entry><content>{one}</content></entry>" for one in alerts)
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'


@pytest.mark.parametrize(
    ("others", "left"),
    [
        ([named("b", "Update", "x,a,t")], ["b/0"]),
        ([named("b", "Cancel", "x,z,t x,a,t")], []),
        ([named("b", "Update", "x,a,t"), named("c", "Cancel", "x,b,t")], []),
        ([named("b", "Alert", "x,a,t")], ["a/0", "b/0"]),
        ([named("b", "Cancel", "x,a,t", status="Exercise")], ["a/0"]),
        ([named("b", "Cancel", "y,a,t", sender="y")], ["a/0"]),
        ([named("b", "Update", "x,b,t")], ["a/0", "b/0"]),
    ],
    ids=["update", "cancel", "both", "neither", "drill", "another sender", "itself"],
)
def test_an_alert_ends_with_the_one_that_replaces_or_withdraws_it(
    others: list[str], left: list[str]
) -> None:
    for alerts in ([named("a", "Alert"), *others], [*others, named("a", "Alert")]):
        found = read(Shape.ATOM_CAP, feed_of(*alerts)).items
        assert sorted(one.id for one in found) == left


BROKEN = named("b", "Update", "x,a,t").replace("35.6,139.3 35.7", "35.6,? 35.7")
FAR = re.sub("<polygon>.*</polygon>", "<circle>33,131 1</circle>", named("b", "Update", "x,a,t"))
ELSEWHERE = named("b", "Update", "x,a,t").replace("川沿い", "山沿い")
NEWER = named("c", "Update", "x,b,t")


@pytest.mark.parametrize(
    ("others", "left"),
    [
        ([BROKEN], ["a/0"]),
        ([FAR], ["a/0"]),
        ([ELSEWHERE], ["a/0"]),
        ([BROKEN, NEWER], ["c/0"]),
        ([BROKEN, named("c", "Cancel", "x,b,t")], []),
    ],
    ids=["broken", "far", "of no wanted word", "replaced itself", "withdrawn itself"],
)
def test_an_update_that_is_not_shown_takes_no_place(others: list[str], left: list[str]) -> None:
    for alerts in ([named("a", "Alert"), *others], [*others, named("a", "Alert")]):
        body = feed_of(*alerts).encode()
        found = read_information(Shape.ATOM_CAP, "x", body, NEAR, TOKYO, NOW, "川沿い")
        assert [one.id for one in found.items] == left


def test_a_broken_row_that_may_be_meant_counts_as_wrong() -> None:
    good = "名称,内容\n" + "".join(f"県道{n}号,架空町 通行止め\n" for n in range(3))
    broken = "国道,架空町 通行止め, 迂回あり\n"  # a comma that nobody quoted
    elsewhere = "国道,遠い町 通行止め, 迂回あり\n"
    unreadable = '国道,"架空町\n'
    body = (good + broken * 5 + elsewhere + unreadable).encode()
    found = read_information(Shape.CSV, "x", body, NEAR, TOKYO, NOW, "架空町")
    assert (len(found.items), found.read, found.wrong) == (3, 9, 6)
    assert doubts(found, None, NOW) != []


def test_a_feed_gives_its_entries_and_its_own_moment() -> None:
    entry = (
        "<entry><id>1</id><title>運転見合わせ</title><summary>強風のため</summary>"
        '<updated>2026-09-01T20:05:00+09:00</updated><link href="https://rail.example.jp/1"/>'
        '<point xmlns="http://www.georss.org/georss">35.65 139.33</point></entry>'
    )
    updated = "<updated>2026-09-01T20:06:00+09:00</updated>"
    inside = f"<entry><id>2</id><content>{cap()}</content></entry>"
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{updated}{entry}{inside}</feed>'
    found = read(Shape.ATOM_CAP, feed)
    assert [one.title for one in found.items] == ["運転見合わせ", "浸水のおそれ"]
    assert found.items[0].link == "https://rail.example.jp/1"
    assert found.said_at == datetime(2026, 9, 1, 11, 6, tzinfo=UTC)


def test_a_list_of_a_neighbour_is_read_as_the_gsi_publishes_it() -> None:
    file = SHARED / "hachioji" / "emergency_sites.geojson"
    if not file.is_file():
        pytest.skip("../shared is not there")
    found = read(Shape.GSI_SITES, file.read_bytes())
    assert len(found.items) == 150
    assert found.wrong == found.far == 0
    assert "対象：" in found.items[0].text


def test_the_word_that_the_law_gave_up_is_not_shown() -> None:
    old = "避難" + "勧告"
    (one,) = read(Shape.CSV, f"件名,内容\n{old}を発令,隣町\n").items
    assert one.title == "［避難指示］を発令"


@pytest.mark.parametrize("link", LINKS)
def test_a_link_that_a_page_may_not_lead_to_is_left_out(link: str) -> None:
    assert link_of(link) == ""


def test_a_link_is_taken_with_its_host_and_all_that_follows() -> None:
    for link in ("https://a.jp?x=.b.jp", "http://a.jp:8080/x#y", "https://a-b.example.jp/@x"):
        assert link_of(link) == link


def test_tags_and_long_words_of_strangers_do_not_come_through() -> None:
    (one,) = read(Shape.CSV, f"件名,内容\n<b>断水</b>,{'あ' * 5000}\n").items
    assert one.title == "断水"
    assert len(one.text) == 600


@given(st.binary(max_size=400), st.sampled_from([s for s in Shape if s is not Shape.JMA]))
def test_whatever_comes_is_read_or_refused(body: bytes, shape: Shape) -> None:
    with suppress(BrokenSource):
        assert read(shape, body).read >= 0


@given(
    st.builds(
        Item,
        id=st.text(min_size=1),
        title=st.text(),
        link=st.text(),
        until=st.none() | st.datetimes(timezones=st.just(UTC)),
        point=st.none() | st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
    )
)
def test_an_item_is_kept_as_it_was(item: Item) -> None:
    assert item_of(plain(item)) == item


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_copy_is_doubted_just_where_it_shrinks_to_less_than_half(before: int, after: int) -> None:
    items = tuple(Item(str(n), str(n)) for n in range(after))
    found = doubts(Copy(items, read=after), Known(before, None), NOW)
    assert bool(found) == (before >= 4 and after < before / 2)


def test_what_ended_by_its_own_word_is_not_missed() -> None:
    over = tuple(Item(str(n), "a", until=NOW - timedelta(minutes=1)) for n in range(8))
    assert Copy(over).in_force(NOW) == 0
    assert doubts(Copy(()), Known(0, None), NOW) == []


@pytest.mark.parametrize("before", [1, 2, 3])
def test_a_few_without_an_end_that_are_all_gone_are_asked_about(before: int) -> None:
    known = Known(before, None, endless=before)
    assert doubts(Copy(()), known, NOW) == [f"{before}件あったものが 0件に減りました"]
    assert doubts(Copy((Item("a", "a"),)), known, NOW) == []
    assert doubts(Copy(()), Known(before, None), NOW) == []


def test_a_copy_that_is_older_than_the_last_one_is_doubted() -> None:
    known = Known(0, NOW)
    assert doubts(Copy((), said_at=NOW - timedelta(minutes=1)), known, NOW) != []
    assert doubts(Copy((), said_at=NOW), known, NOW) == []


def test_a_file_counts_as_known_as_long_as_was_said_and_a_feed_for_two_turns() -> None:
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    assert known_for(Way.DROP, 6 * hour) == 6 * hour
    assert known_for(Way.URL, hour) == 2 * hour
    assert known_for(Way.FOLDER, minute) == 10 * minute


def test_what_came_and_what_went_is_told_by_ids() -> None:
    one, two, three = (Item(key, key) for key in "abc")
    assert changed([one, two], [two, three]) == ([three], [one])


def test_the_city_names_its_licence_and_the_hosts_without_tls() -> None:
    settings = {"open_data": {"licence": "CC BY 4.0"}, "information": {"http": ["a.example.jp"]}}
    assert open_licence(settings).licence == "CC BY 4.0"
    assert open_licence(settings).licence_url == ""
    assert "公共データ利用規約" in open_licence({}).licence
    assert plain_hosts(settings) == {"a.example.jp"}


@pytest.mark.parametrize(
    "settings",
    [
        {"information": {"http": "a.example.jp"}},
        {"information": {"http": ["http://a.example.jp"]}},
        {"information": {"https": []}},
        {"open_data": {"licence": ""}},
        {"open_data": {"licence_url": "http://a.jp"}},
        {"open_data": []},
    ],
)
def test_a_setting_that_is_not_understood_is_refused(settings: dict[str, object]) -> None:
    with pytest.raises(HazardError):
        _ = plain_hosts(settings), open_licence(settings)
