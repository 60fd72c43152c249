"""What went out, as anybody reads it: the feeds, and the CAP document of each revision."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from lxml import etree
from psycopg import sql
from shapely.geometry import box
from sqlalchemy import Engine

import api.alertfeed
from alerts.kinds import Status, Step
from api.app import create
from api.caching import SHARED
from data import inforce
from data.database import transaction
from data.rows import current_load
from operations.alerts.feeds import Feeds
from operations.alerts.published import list_entries
from tests.integration.databases import Database, Server, plain
from tests.integration.toldrows import AREA, INWARD, Told
from tests.unit.alerts.capschema import NEEDS_XSD, checked, said, schema
from tests.unit.api.served import TestClient

SITE = "https://city.example"
NOT_OUT = ("draft", "submitted", "rejected", "withdrawn")


@pytest.fixture
def told(town_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Told:
    """The fictional town; the routes go by its clock."""
    made = Told(town_engine)
    monkeypatch.setattr(api.alertfeed, "utc_now", made.clock)
    monkeypatch.setenv("NIGEMICHI_ADDRESS", SITE)
    return made


@pytest.fixture
def client(told: Told, town_database: Database, tmp_path: Path) -> Iterator[TestClient]:
    """The app over the town, without a plan: none is needed."""
    with TestClient(create(tmp_path / "state", town_database.url)) as made:
        yield made


def items(client: TestClient, folder: str = "alerts") -> list[dict[str, Any]]:
    answer = client.get(f"/{folder}.json")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def document(client: TestClient, number: int, folder: str = "alerts") -> etree._Element:
    answer = client.get(f"/{folder}/{number}.cap.xml")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/cap+xml"
    return checked(answer.content)


def a_chain(told: Told) -> list[int]:
    """An order that was issued, updated and lifted: the numbers of its revisions."""
    alert = told.alert()
    order = told.order(alert)
    numbers = [told.revision(alert, "発表")]
    told.pass_time(minutes=30)
    numbers.append(told.revision(alert, "更新", step=Step.UPDATE))
    told.pass_time(minutes=30)
    told.lift(order)
    numbers.append(told.revision(alert, "解除", step=Step.ALL_CLEAR))
    return numbers


def test_an_alert_is_in_the_feed_with_its_document(told: Told, client: TestClient) -> None:
    alert = told.alert()
    told.order(alert)
    number = told.revision(alert)
    (item,) = items(client)
    assert item["title"] == "避難指示"
    assert item["url"] == f"{SITE}/alerts/{number}.cap.xml"
    atom = client.get("/alerts.atom")
    assert atom.headers["content-type"] == "application/atom+xml"
    assert item["id"] in atom.text
    made = document(client, number)
    assert said(made, "sender") == ["99901@city.example"]
    assert said(made, "info/language") == ["ja", "en"]
    assert said(made, "info/instruction") == ["逃げること。", "Leave."]
    assert said(made, "info/area/areaDesc") == ["下浅瀬一丁目、川岸町"] * 2
    assert said(made, "info/area/polygon")[0].startswith("35.")


def test_each_revision_refers_to_those_before_it(told: Told, client: TestClient) -> None:
    made = [document(client, number) for number in a_chain(told)]
    named = [
        ",".join([*said(one, "sender"), *said(one, "identifier"), *said(one, "sent")])
        for one in made
    ]
    assert [said(one, "references") for one in made] == [[], [named[0]], [" ".join(named[:2])]]
    assert [said(one, "msgType")[0] for one in made] == ["Alert", "Update", "Update"]
    assert said(made[2], "info/responseType") == ["AllClear"] * 2


@NEEDS_XSD
def test_all_that_was_published_validates(told: Told, client: TestClient) -> None:
    alert = told.alert(Status.EXERCISE, "lifeline")
    numbers = [("alerts", number) for number in a_chain(told)]
    numbers.append(("alerts", told.revision(told.alert(), areas=())))
    numbers.append(("drills", told.revision(alert, hazard=None, level=None, subject="断水")))
    for folder, number in numbers:
        schema().assertValid(document(client, number, folder))


def test_the_feed_has_the_newest_revision_of_each_alert(told: Told, client: TestClient) -> None:
    numbers = a_chain(told)
    (item,) = items(client)
    assert item["title"] == "解除"
    assert item["url"].endswith(f"/{numbers[2]}.cap.xml")
    assert item["date_published"] == "2026-10-13T11:14:00+09:00"
    assert item["_nigemichi"]["standing"] == "ended"


def test_what_was_stopped_says_so_and_that_its_order_stands(told: Told, client: TestClient) -> None:
    alert = told.alert()
    order = told.order(alert)
    number = told.revision(alert)
    before = client.get("/alerts.json").headers["etag"]
    told.pass_time(minutes=3)
    told.stop(number)
    told.pass_time(minutes=1)
    (item,) = items(client)
    assert client.get("/alerts.json").headers["etag"] != before
    assert item["title"].startswith("【送信停止・発令は継続中】")
    assert item["_nigemichi"]["standing"] == "stopped"
    assert (
        "2026年10月13日 11:17 に、送信を止めました。\n発令は続いています。" in item["content_text"]
    )
    made = document(client, number)
    assert [one[:6] for one in said(made, "info/headline")] == ["【送信停止】", "[Stopp"]
    japanese, english = said(made, "info/description")
    assert "送信を止めました" in japanese
    assert "発令は続いています" in japanese
    assert "was stopped on 2026-10-13 11:17" in english
    told.lift(order)
    told.pass_time(minutes=1)
    (item,) = items(client)
    assert item["title"].startswith("【終了】")
    assert "発令は続いて" not in "".join(said(document(client, number), "info/description"))


def test_rule_04_what_is_lower_says_first_where_level_5_stands(
    told: Told, client: TestClient
) -> None:
    told.revision(told.alert(), "避難指示")
    told.revision(told.alert(Status.EXERCISE), "避難指示")
    before = items(client)[0]
    west, south, _, north = AREA.bounds
    with transaction(told.engine, latest=True) as connection:
        code = current_load(connection).code
        half = box(west, south, AREA.centroid.x, north)
        inforce.add_order(
            connection, code, hazard="landslide", level=5, area_names=["下浅瀬一丁目"], area=half
        )
    told.pass_time(seconds=3)
    now = items(client)[0]
    assert now["content_text"].startswith(
        "下浅瀬一丁目には警戒レベル5が出ています。そこでは、レベル5の知らせに従ってください。"
    )
    assert "警戒レベル5が出ています" not in before["content_text"]
    assert "警戒レベル5が出ています" not in items(client, "drills")[0]["content_text"]


def test_what_a_later_revision_replaced_is_not_called_stopped(
    told: Told, client: TestClient
) -> None:
    alert = told.alert()
    first = told.revision(alert)
    told.stop(first)
    told.revision(alert, "更新", step=Step.UPDATE)
    (item,) = items(client)
    assert item["title"] == "更新"
    assert "送信を止め" not in "".join(said(document(client, first), "info/description"))


@pytest.mark.parametrize("state", NOT_OUT)
def test_what_did_not_go_out_is_nowhere(told: Told, client: TestClient, state: str) -> None:
    number = told.revision(told.alert(), state=state)
    assert items(client) == []
    assert client.get(f"/alerts/{number}.cap.xml").status_code == 404


@pytest.mark.parametrize("state", ["approved", "sending", "sent"])
def test_a_next_revision_that_waits_hides_nothing(
    told: Told, client: TestClient, state: str
) -> None:
    alert = told.alert()
    told.revision(alert, "発表", state=state)
    told.revision(alert, "更新", step=Step.UPDATE, state="submitted")
    assert [item["title"] for item in items(client)] == ["発表"]


def test_drills_are_apart_in_feeds_and_documents(told: Told, client: TestClient) -> None:
    alert = told.revision(told.alert(), "本番")
    drill = told.revision(told.alert(Status.EXERCISE), "訓練の文")
    assert [item["title"] for item in items(client)] == ["本番"]
    (item,) = items(client, "drills")
    assert item["title"] == "【訓練】訓練の文【訓練】"
    assert item["url"] == f"{SITE}/drills/{drill}.cap.xml"
    assert client.get(f"/alerts/{drill}.cap.xml").status_code == 404
    assert client.get(f"/drills/{alert}.cap.xml").status_code == 404
    assert said(document(client, drill, "drills"), "status") == ["Exercise"]
    assert "訓練" not in client.get("/alerts.atom").text
    assert client.get("/drills.atom").text.count("【訓練】") == 8


def test_nothing_of_headquarters_is_published(told: Told, client: TestClient) -> None:
    number = told.revision(told.alert())
    for path in ("/alerts.json", "/alerts.atom", f"/alerts/{number}.cap.xml"):
        text = client.get(path).text
        assert "避難指示" in text
        assert INWARD not in text
        assert "4242" not in text


def test_a_message_expires_and_its_order_stands(told: Told, client: TestClient) -> None:
    alert = told.alert()
    order = told.order(alert)
    told.revision(alert)
    told.pass_time(hours=30)
    assert items(client)[0]["title"] == "【文の期限切れ・発令は継続中】避難指示"
    told.lift(order)
    told.pass_time(hours=1)
    assert items(client)[0]["title"] == "【終了】避難指示"
    told.pass_time(hours=24)
    assert items(client) == []


def test_an_alert_that_is_over_leaves_the_feed_and_keeps_its_document(
    told: Told, client: TestClient
) -> None:
    number = told.revision(told.alert(kind="general"), hazard=None, level=None, subject="断水")
    told.pass_time(hours=27)
    assert items(client) == []
    assert said(document(client, number), "info/event") == ["お知らせ", "Notice"]


def test_the_whole_city_needs_no_polygon(told: Told, client: TestClient) -> None:
    made = document(client, told.revision(told.alert(), areas=()))
    (name, _) = said(made, "info/area/areaDesc")
    assert name == "浅瀬市（架空） 市内全域 / Asase (fictional), the whole city"
    assert said(made, "info/area/polygon") == []


def test_without_a_text_for_the_web_the_officers_words_go_out(
    told: Told, client: TestClient
) -> None:
    values: dict[str, Any] = {"rendered": {"messages": {}}, "action": "すぐ逃げること。"}
    number = told.revision(told.alert(), **values)
    assert items(client)[0]["title"] == "警戒レベル4 避難指示 / 洪水"
    made = document(client, number)
    assert said(made, "info/description") == ["川の水位が、上がっています。"]
    assert said(made, "info/instruction") == ["すぐ逃げること。"]


def test_nothing_changed_needs_no_body(told: Told, client: TestClient) -> None:
    number = told.revision(told.alert())
    for path in ("/alerts.json", "/alerts.atom", f"/alerts/{number}.cap.xml"):
        first = client.get(path)
        again = client.get(path, headers={"if-none-match": f'"other", {first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == first.headers["cache-control"] == SHARED
    known = client.get("/alerts.json").headers["etag"]
    told.revision(told.alert())
    told.pass_time(seconds=3)
    assert client.get("/alerts.json", headers={"if-none-match": known}).status_code == 200


def test_without_an_address_of_the_city_nobody_keeps_anything(
    told: Told, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NIGEMICHI_ADDRESS")
    told.revision(told.alert())
    answer = client.get("/alerts.json")
    assert answer.json()["feed_url"] == "http://testserver/alerts.json"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/alerts.atom", "/drills.json", "/alerts/1.cap.xml"])
def test_without_a_database_it_says_so(told: Told, tmp_path: Path, path: str) -> None:
    with TestClient(create(tmp_path / "none")) as client:
        answer = client.get(path)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert "解除するまで続きます" in answer.json()["detail"]


def cut_off(server: Server, database: Database) -> None:
    """Let nobody in to a database any more, and throw out who is there."""
    url = server.url.render_as_string(hide_password=False)
    shut = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false")
    ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(shut.format(sql.Identifier(database.name)))
        connection.execute(ends, [database.name])


def test_with_the_database_away_the_last_list_goes_on_and_says_how_old_it_is(
    told: Told, client: TestClient, server: Server, town_database: Database
) -> None:
    told.order(alert := told.alert())
    told.revision(alert)
    assert "確認できていません" not in client.get("/alerts.json").text
    told.engine.dispose()
    cut_off(server, town_database)
    told.pass_time(hours=3)
    answer = client.get("/alerts.json")
    assert answer.status_code == 200
    assert answer.json()["description"].startswith("2026年10月13日 11:14 現在。その後の発令や")
    assert answer.json()["items"][0]["title"].startswith("【文の期限切れ")


def test_nobody_waits_for_a_list_that_is_being_read(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Feeds(told.engine)
    told.revision(told.alert())
    first = kept.feed(Status.ACTUAL, SITE, told.now)
    begun, go_on = threading.Event(), threading.Event()

    def slowly(*given: Any) -> Any:
        begun.set()
        assert go_on.wait(30)
        return list_entries(*given)

    monkeypatch.setattr("operations.alerts.feeds.list_entries", slowly)
    told.pass_time(seconds=5)
    reading = threading.Thread(target=kept.feed, args=(Status.ACTUAL, SITE, told.now))
    reading.start()
    assert begun.wait(30)
    try:
        assert kept.feed(Status.ACTUAL, SITE, told.now).read_at == first.read_at
    finally:
        go_on.set()
        reading.join(30)
    assert kept.feed(Status.ACTUAL, SITE, told.now).read_at == told.now
