"""Sources in their turn: asked one after the other, by one process, and whatever they answer."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine

from api.permissions import ALLOWED
from city.staff import CONSOLE, Caller, CallerKind, Role
from data.errors import NotThere
from hazards.information import Shape, Theme, Way
from operations.errors import NotAllowed
from operations.information import deciding, folders, telegrams
from operations.information.addresses import Bounds
from operations.information.fetching import Fetcher
from operations.information.listing import listed
from operations.information.registering import GivenSource, add, put_off, stop
from operations.information.running import SOURCES_LOCK, ask_those_due, run
from operations.information.shown import Informed
from operations.information.turns import Turns
from tests.integration.databases import Database, plain
from tests.integration.sourced import (
    MINUTE,
    NOW,
    closures,
    decisions,
    dropped,
    hand,
    rows,
)
from tests.peers.sourceserver import Publisher, publisher
from tests.unit.alerts.channels.certificate import write_certificate
from tests.unit.data.jmatelegrams import a_kind, a_telegram

LANDSLIDE = a_telegram(
    a_kind("レベル４土砂災害危険警報"), title="気象警報・注意報（Ｒ０６）（土砂）"
)
OFFICER = Caller(CallerKind.STAFF, 3, "officer", frozenset({Role.OPERATOR}))


@pytest.fixture(scope="session")
def template(with_small_city: str) -> str:
    return with_small_city


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publisher]:
    certificate = write_certificate(tmp_path_factory.mktemp("tls") / "peer.pem")
    with publisher(certificate, "127.0.0.1") as made:
        yield made


def by_url(engine: Engine, url: str, **said: Any) -> int:
    given = {"theme": Theme.TRAFFIC, "shape": Shape.GEOJSON, "way": Way.URL, **said}
    return add(engine, OFFICER, GivenSource("道路", location=url, **given), NOW, loopback=True)


def turns(engine: Engine, peer: Publisher) -> Turns:
    return Turns(engine, Fetcher(Bounds(loopback=True), peer.trust, most_s=5))


def test_a_broken_copy_leaves_the_last_good_one_and_asks_at_once(
    engine: Engine, peer: Publisher
) -> None:
    number = by_url(engine, peer.says("/roads", closures(5)))
    asks = turns(engine, peer)
    assert asks.take_turn(number, NOW) == "5件"
    peer.says("/roads", b'{"type"')
    assert "壊れています" in asks.take_turn(number, NOW + 5 * MINUTE)
    row = rows(engine)[str(number)]
    assert (row["items"], row["as_of"]) == (5, "2026-09-01T11:30:00+00:00")
    assert row["failing_since"] == "2026-09-01T11:35:00+00:00"
    (asked,) = decisions(engine, NOW + 5 * MINUTE).values()
    assert asked["acts"][0]["word"] == "もう一度取りに行く"


def test_a_source_that_is_away_waits_for_a_person_once_it_is_away_for_long(
    engine: Engine, peer: Publisher
) -> None:
    number = by_url(engine, peer.url + "/away")
    turns(engine, peer).take_turn(number, NOW)
    assert decisions(engine, NOW + 29 * MINUTE) == {}
    (asked,) = decisions(engine, NOW + 30 * MINUTE).values()
    assert "HTTP 404" in asked["what"]
    put_off(engine, OFFICER, number, "県の工事と聞いた", NOW + 31 * MINUTE)
    assert decisions(engine, NOW + 60 * MINUTE) == {}
    assert decisions(engine, NOW + 31 * MINUTE + timedelta(hours=6))


def test_what_is_unchanged_is_known_to_be_of_now(engine: Engine, peer: Publisher) -> None:
    number = by_url(engine, peer.says("/same", closures(4), etag='"7"'))
    asks = turns(engine, peer)
    asks.take_turn(number, NOW)
    assert asks.take_turn(number, NOW + 5 * MINUTE) == "変わりありません"
    assert rows(engine)[str(number)]["as_of"] == "2026-09-01T11:35:00+00:00"


def test_only_sources_whose_turn_has_come_are_asked(engine: Engine, peer: Publisher) -> None:
    first = by_url(engine, peer.says("/first", closures(1)))
    by_url(engine, peer.says("/second", closures(1)))
    asks = turns(engine, peer)
    asks.take_turn(first, NOW)
    assert first not in asks.due(NOW + 4 * MINUTE)
    assert asks.due(NOW + 5 * MINUTE)[-1] == first


def test_one_source_that_fails_stops_no_other(engine: Engine, peer: Publisher) -> None:
    by_url(engine, "https://127.0.0.1:1025/nobody")
    well = by_url(engine, peer.says("/well", closures(2)))
    assert ask_those_due(turns(engine, peer), Event()) == 2
    assert rows(engine)[str(well)]["items"] == 2


def test_the_first_copy_that_people_would_see_is_looked_at(engine: Engine, peer: Publisher) -> None:
    said = {"public": True, "licence": "CC BY 4.0", "attribution": "架空県"}
    number = by_url(engine, peer.says("/new", closures(3)), **said)
    assert "はじめて届いた内容" in turns(engine, peer).take_turn(number, NOW)
    (one,) = listed(engine, NOW)
    deciding.accept(engine, OFFICER, number, "見た", NOW, digest=one["held"]["digest"])
    assert turns(engine, peer).take_turn(number, NOW + MINUTE) == "変わりありません"
    peer.says("/new", closures(4))
    assert turns(engine, peer).take_turn(number, NOW + MINUTE) == "4件"


def test_a_slow_source_and_one_that_breaks_us_hold_up_no_other(
    engine: Engine, peer: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, odd = by_url(engine, peer.url + "/slow"), by_url(engine, peer.url + "/odd")
    well = by_url(engine, peer.says("/well", closures(2)))
    others = Event()
    whole = Turns.take_turn

    def take_turn(self: Turns, number: int, now: datetime, by: Caller = CONSOLE) -> str:
        if number == odd:
            raise ZeroDivisionError
        if number == slow:
            assert others.wait(10)
            return ""
        found = whole(self, number, now, by)
        others.set()
        return found

    monkeypatch.setattr(Turns, "take_turn", take_turn)
    assert ask_those_due(turns(engine, peer), Event()) == 3
    assert rows(engine)[str(well)]["items"] == 2
    (asked,) = decisions(engine, datetime.now(UTC)).values()
    assert "思いがけない誤り" in asked["what"]


def test_rule_19_a_folder_that_nobody_writes_into_grows_old_and_is_asked_about(
    engine: Engine, peer: Publisher, tmp_path: Path
) -> None:
    file = tmp_path / "roads.geojson"
    file.write_bytes(closures(3))
    os.utime(file, (1, NOW.timestamp()))
    given = GivenSource(
        "道路", Theme.TRAFFIC, Shape.GEOJSON, Way.FOLDER, str(tmp_path), "CC0", "県", public=True
    )
    number = add(engine, CONSOLE, given, NOW)
    for minutes in (0, 1, 59):
        turns(engine, peer).take_turn(number, NOW + minutes * MINUTE)
    later = NOW + 60 * MINUTE
    reading = Informed(engine).reading(later)
    assert reading is not None
    assert (reading.sources[0].as_of, reading.sources[0].is_old(later)) == (NOW, True)
    (asked,) = decisions(engine, later).values()
    assert asked["what"] == "フォルダーに新しいファイルが来ていません"
    put_off(engine, OFFICER, number, "県に電話した", later)
    turns(engine, peer).take_turn(number, later)
    assert decisions(engine, later) == {}
    os.utime(file, (1, later.timestamp()))
    turns(engine, peer).take_turn(number, later)
    assert rows(engine)[str(number)]["as_of"] == "2026-09-01T12:30:00+00:00"


def test_rule_19_a_folder_of_telegrams_is_as_old_as_its_newest_and_nothing_without_one(
    engine: Engine, peer: Publisher, tmp_path: Path
) -> None:
    given = GivenSource("気象庁", Theme.STATE, Shape.JMA, Way.FOLDER, str(tmp_path))
    number = add(engine, CONSOLE, given, NOW)
    assert "ファイルがありません" in turns(engine, peer).take_turn(number, NOW)
    assert rows(engine)[str(number)]["as_of"] is None
    file = tmp_path / "a.xml"
    file.write_bytes(LANDSLIDE)
    os.utime(file, (1, NOW.timestamp()))
    asks = turns(engine, peer)
    assert asks.take_turn(number, NOW + 9 * 60 * MINUTE) == "電文 1通"
    assert rows(engine)[str(number)]["as_of"] == "2026-09-01T11:30:00+00:00"


def test_a_broken_telegram_keeps_no_other_out_and_is_read_once(
    engine: Engine, peer: Publisher, tmp_path: Path
) -> None:
    given = GivenSource("気象庁", Theme.STATE, Shape.JMA, Way.FOLDER, str(tmp_path))
    number = add(engine, CONSOLE, given, NOW)
    (tmp_path / "a.xml").write_bytes(b"<Report/>")
    (tmp_path / "b.xml").write_bytes(LANDSLIDE)
    for name in ("a.xml", "b.xml"):
        os.utime(tmp_path / name, (1, NOW.timestamp()))
    asks, later = turns(engine, peer), NOW + 5 * MINUTE
    assert asks.take_turn(number, NOW) == "電文 1通（使えないもの 1通）"
    (asked,) = decisions(engine).values()
    assert "使えない電文が 1通" in asked["what"]
    assert asks.take_turn(number, later) == "電文 0通"
    assert decisions(engine, later) != {}  # what it said is still not known
    (tmp_path / "a.xml").write_bytes(LANDSLIDE)
    os.utime(tmp_path / "a.xml", (1, later.timestamp()))
    assert asks.take_turn(number, later) == "電文 1通"
    assert decisions(engine, later) == {}


def test_of_a_full_folder_the_newest_are_read_and_none_that_came_before(
    engine: Engine, peer: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        (tmp_path / f"{n}.xml").write_bytes(LANDSLIDE)
        os.utime(tmp_path / f"{n}.xml", (1, NOW.timestamp() - n))
    monkeypatch.setattr(folders, "MOST_FILES", 3)
    opened: list[str] = []
    read = telegrams.read_file

    def read_file(folder: Path, name: str) -> folders.Read | None:
        opened.append(name)
        return read(folder, name)

    monkeypatch.setattr(telegrams, "read_file", read_file)
    given = GivenSource("気象庁", Theme.STATE, Shape.JMA, Way.FOLDER, str(tmp_path))
    number = add(engine, CONSOLE, given, NOW)
    assert turns(engine, peer).take_turn(number, NOW) == "電文 3通"
    turns(engine, peer).take_turn(number, NOW)
    assert opened == ["2.xml", "1.xml", "0.xml"]


def test_rule_19_a_feed_that_goes_on_saying_the_same_is_of_when_it_says(
    engine: Engine, peer: Publisher
) -> None:
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"><updated>2026-09-01T{}+09:00</updated></feed>'
    xml = {"content_type": "application/atom+xml"}
    url = peer.says("/dead", feed.format("18:00:00").encode(), **xml)
    number = by_url(engine, url, shape=Shape.ATOM_CAP)
    turns(engine, peer).take_turn(number, NOW)
    assert rows(engine)[str(number)]["as_of"] == "2026-09-01T09:00:00+00:00"
    peer.says("/dead", feed.format("20:29:00").encode(), **xml)
    turns(engine, peer).take_turn(number, NOW)
    assert rows(engine)[str(number)]["as_of"] == "2026-09-01T11:29:00+00:00"


def test_a_turn_of_many_telegrams_ends(engine: Engine, peer: Publisher) -> None:
    ticks = iter(range(0, 10_000, 10))
    fetcher = Fetcher(Bounds(loopback=True), peer.trust, clock=lambda: next(ticks), most_s=30)
    entry = '<entry><id>{0}</id><title>{0}</title><link href="{1}"/></entry>'
    xml = {"content_type": "application/xml"}
    entries = "".join(entry.format(n, f"{peer.url}/no{n}") for n in range(30))
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    number = by_url(engine, peer.says("/many", feed.encode(), **xml), shape=Shape.JMA)
    peer.asked.clear()
    assert "時間内" in Turns(engine, fetcher).take_turn(number, NOW)
    assert len(peer.asked) <= 1


def test_a_folder_gives_its_newest_file_and_nothing_outside_it(
    engine: Engine, peer: Publisher, tmp_path: Path
) -> None:
    folder, secret = tmp_path / "in", tmp_path / "secret.geojson"
    folder.mkdir()
    secret.write_bytes(closures(9))
    (folder / "old.geojson").write_bytes(closures(1))
    os.utime(folder / "old.geojson", (1, NOW.timestamp() - 60))
    (folder / "new.geojson").write_bytes(closures(3))
    os.utime(folder / "new.geojson", (1, NOW.timestamp()))
    (folder / "z.geojson").symlink_to(secret)
    given = GivenSource("道路", Theme.TRAFFIC, Shape.GEOJSON, Way.FOLDER, str(folder))
    with pytest.raises(NotAllowed):
        add(engine, OFFICER, given, NOW)
    number = add(engine, CONSOLE, given, NOW)
    assert turns(engine, peer).take_turn(number, NOW) == "3件"
    assert listed(engine, NOW)[0]["place"] == "in"


def test_telegrams_of_a_feed_go_the_way_of_bulletins(
    engine: Engine, database: Database, peer: Publisher
) -> None:
    telegram = a_telegram(
        a_kind("レベル４土砂災害危険警報"), title="気象警報・注意報（Ｒ０６）（土砂）"
    )
    entry = '<entry><id>{0}</id><title>{0}</title><link href="{1}"/></entry>'
    xml = {"content_type": "application/xml"}
    ours = entry.format("宇宙地方気象台", peer.says("/telegram", telegram, **xml))
    other = entry.format("稚内地方気象台", peer.url + "/other")
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{ours}{other}</feed>'
    url = peer.says("/feed", feed.encode(), **xml)
    number = by_url(engine, url, theme=Theme.STATE, shape=Shape.JMA, only="宇宙")
    asks = turns(engine, peer)
    assert asks.take_turn(number, NOW) == "電文 1通"
    assert database.one("SELECT count(*) FROM bulletin") == 1
    assert rows(engine)[str(number)]["items"] == 1
    assert asks.take_turn(number, NOW + 5 * MINUTE) == "電文 0通"
    assert "/other" not in [path for path, _ in peer.asked]


def test_a_telegram_that_is_gone_keeps_no_other_out(engine: Engine, peer: Publisher) -> None:
    telegram = a_telegram(
        a_kind("レベル４土砂災害危険警報"), title="気象警報・注意報（Ｒ０６）（土砂）"
    )
    xml = {"content_type": "application/xml"}
    entry = '<entry><id>{0}</id><title>{0}</title><link href="{1}"/></entry>'
    there = entry.format("there", peer.says("/there", telegram, **xml))
    gone = entry.format("gone", f"{peer.url}/gone")
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{there}{gone}</feed>'
    url = peer.says("/gaps", feed.encode(), etag='"g"', **xml)
    number = by_url(engine, url, theme=Theme.STATE, shape=Shape.JMA)
    asks = turns(engine, peer)
    assert asks.take_turn(number, NOW).startswith("電文 1通。取りに行けない電文が 1通あります")
    (asked,) = decisions(engine).values()  # at once: it may be the one that warns
    assert "HTTP 404" in asked["what"]
    asks.take_turn(number, NOW + MINUTE)
    assert rows(engine)[str(number)]["as_of"] == "2026-09-01T11:30:00+00:00"
    peer.says("/gone", telegram, **xml)
    assert asks.take_turn(number, NOW + 5 * MINUTE) == "電文 1通"
    assert decisions(engine, NOW + 5 * MINUTE) == {}
    assert asks.take_turn(number, NOW + 10 * MINUTE) == "電文 0通"
    assert rows(engine)[str(number)]["as_of"] == "2026-09-01T11:40:00+00:00"


def test_a_telegram_that_left_its_feed_unread_is_told_of_until_another_comes(
    engine: Engine, peer: Publisher
) -> None:
    xml = {"content_type": "application/xml"}
    feed = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'
    entry = '<entry><id>{0}</id><title>{0}</title><link href="{1}"/></entry>'
    lost = entry.format("lost", f"{peer.url}/lost")
    url = peer.says("/rolls", feed.format(lost).encode(), **xml)
    number = by_url(engine, url, theme=Theme.STATE, shape=Shape.JMA)
    asks = turns(engine, peer)
    asks.take_turn(number, NOW)
    peer.says("/rolls", feed.format("").encode(), **xml)
    asks.take_turn(number, NOW + 5 * MINUTE)
    assert "取りに行けない電文" in rows(engine)[str(number)]["failure"]
    there = entry.format("there", peer.says("/there", LANDSLIDE, **xml))
    peer.says("/rolls", feed.format(there).encode(), **xml)
    asks.take_turn(number, NOW + 10 * MINUTE)
    assert rows(engine)[str(number)]["failure"] == ""


def test_what_is_withdrawn_does_not_stand_though_it_could_be_fetched_only_afterwards(
    engine: Engine, peer: Publisher
) -> None:
    xml = {"content_type": "application/xml"}
    title = "気象警報・注意報（Ｒ０６）（土砂）"
    withdraws = a_telegram(title=title, issue="取消", reported="2026-09-01T20:20:00+09:00")
    entry = '<entry><id>{0}</id><title>{0}</title><link href="{1}"/></entry>'
    entries = entry.format("withdraws", peer.says("/withdraws", withdraws, **xml))
    entries += entry.format("warns", f"{peer.url}/warns")
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    number = by_url(engine, peer.says("/both", feed.encode(), **xml), shape=Shape.JMA)
    asks = turns(engine, peer)
    assert asks.take_turn(number, NOW).startswith("電文 1通。取りに行けない電文が 1通")
    peer.says("/warns", LANDSLIDE, **xml)
    assert asks.take_turn(number, NOW + 5 * MINUTE) == "電文 1通"
    assert rows(engine)[str(number)]["items"] == 0


def test_rule_19_a_backlog_is_read_on_at_once_and_is_not_of_now_meanwhile(
    engine: Engine, peer: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegrams, "MOST_AT_ONCE", 2)
    xml = {"content_type": "application/xml"}
    calm = a_telegram(a_kind("大雨注意報"), reported="2026-09-01T19:00:00+09:00")
    newest, old = peer.says("/newest", LANDSLIDE, **xml), peer.says("/calm", calm, **xml)
    entry = '<entry><id>{0}</id><title>{0}</title><link href="{1}"/></entry>'
    entries = entry.format("new", newest) + "".join(entry.format(n, old) for n in range(2))
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    url = peer.says("/long", feed.encode(), etag='"l"', **xml)
    said = {"public": True, "licence": "CC0", "attribution": "架空"}
    number = by_url(engine, url, theme=Theme.STATE, shape=Shape.JMA, **said)
    asks, later = turns(engine, peer), NOW + MINUTE
    assert asks.take_turn(number, NOW) == "電文 2通。まだ読んでいない電文が 1通あります"
    reading = Informed(engine).reading(NOW)
    assert reading is not None
    (source,) = reading.sources
    assert "レベル４" in "".join(item.title for item in source.items)
    assert source.is_old(NOW)
    assert (number in asks.due(NOW), decisions(engine)) == (True, {})
    assert asks.take_turn(number, later) == "電文 1通"
    row = rows(engine)[str(number)]
    assert (row["failure"], row["as_of"]) == ("", "2026-09-01T11:31:00+00:00")
    assert number not in asks.due(later)


def test_a_stopped_source_is_forgotten(engine: Engine, database: Database, peer: Publisher) -> None:
    number = by_url(engine, peer.says("/a", closures(1)))
    turns(engine, peer).take_turn(number, NOW)
    stop(engine, OFFICER, number, "別の情報源に替えた", NOW)
    assert rows(engine) == {}
    assert database.one("SELECT count(*) FROM info_copy") == 0
    assert database.one("SELECT location FROM info_source") == ""
    with pytest.raises(NotThere):
        stop(engine, OFFICER, number, "もう一度", NOW)


def test_an_address_with_a_key_is_in_no_list_and_no_log(
    engine: Engine, database: Database, peer: Publisher
) -> None:
    number = by_url(engine, peer.url + "/away?key=SECRET")
    turns(engine, peer).take_turn(number, NOW)
    assert "SECRET" not in str(listed(engine, NOW)) + str(rows(engine))
    assert database.one("SELECT count(*) FROM audit_entry WHERE details::text LIKE '%SECRET%'") == 0


class Beats(Event):
    """Told to stop after so many rests, none of which takes any time."""

    def __init__(self, rests: int) -> None:
        super().__init__()
        self.rests = rests

    def wait(self, timeout: float | None = None) -> bool:
        self.rests -= 1
        if self.rests <= 0:
            self.set()
        return self.is_set()


def test_of_several_that_run_one_asks(engine: Engine, database: Database, peer: Publisher) -> None:
    by_url(engine, peer.says("/once", closures(1)))
    peer.asked.clear()
    with psycopg.connect(plain(database.url), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (SOURCES_LOCK,))
        run(engine, turns(engine, peer), Beats(3))
        assert peer.asked == []
    run(engine, turns(engine, peer), Beats(2))
    assert [path for path, _ in peer.asked] == ["/once"]


def test_nothing_is_asked_and_nothing_said_while_there_is_no_source(
    engine: Engine, peer: Publisher, caplog: pytest.LogCaptureFixture
) -> None:
    run(engine, turns(engine, peer), Beats(3))
    assert caplog.text == ""


def test_what_the_board_offers_can_be_called(engine: Engine, peer: Publisher) -> None:
    number = dropped(engine)
    hand(engine, number, closures(8))
    hand(engine, number, closures(0))
    turns(engine, peer).take_turn(by_url(engine, f"{peer.url}/away"), NOW)
    asked = decisions(engine, NOW + 60 * MINUTE)
    acts = [act for one in asked.values() for act in one["acts"]]
    assert len(acts) == 5
    for act in acts:
        path = re.sub(r"/\d+/", "/{number}/", act["path"])
        assert Role.OPERATOR in ALLOWED[act["method"], path]
