"""避難情報 as open data: every order in force, with or without an alert, and what is not known."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from alerts.feed import Feed, FeedEntry
from alerts.kinds import Language, Status, Step
from operations.opendata.fields import NOTICE
from operations.opendata.orders import orders
from tests.integration.small_city import write_small_city
from tests.unit.alerts.told import APPROVED, ORDER, TEXTS, ZONE, changed
from tests.unit.api.served import Served, TestClient
from tests.unit.api.served import order as whole_city
from tests.unit.web.ground import order, version

NOW = APPROVED + timedelta(minutes=6)
EARLY = APPROVED - timedelta(minutes=1)


def feed(*entries: FeedEntry, read_at: datetime = NOW) -> Feed:
    return Feed("https://city.example", "99901", "浅瀬市", ZONE, Status.ACTUAL, entries, read_at)


def entry(*told: int, **said: Any) -> FeedEntry:
    text = TEXTS[Language.JAPANESE]
    made = FeedEntry(40, ORDER, text, APPROVED, None, orders=frozenset(told))
    return replace(made, **said)


def told(list_of_alerts: Feed | None) -> tuple[str, int | None]:
    plan = version(replace(order(4), issued_at=EARLY))
    (line,) = orders(plan, list_of_alerts, NOW)
    return line.values["told"], line.values["alert"]


def test_an_order_without_an_alert_is_there_and_says_so() -> None:
    assert told(feed()) == ("no", None)
    assert told(feed(entry(2))) == ("no", None)


def test_an_order_names_the_alert_that_tells_of_it() -> None:
    assert told(feed(entry(1))) == ("yes", 40)
    assert told(feed(entry(1, stopped_at=NOW))) == ("yes", 40)


def test_an_alert_that_was_cancelled_tells_of_no_order() -> None:
    cancelled = changed(step=Step.CANCEL)
    assert told(feed(entry(1, alert=cancelled, ended_at=APPROVED))) == ("no", None)


def test_rule_19_without_a_list_of_alerts_nobody_says_that_none_was_sent() -> None:
    assert told(None) == ("unknown", None)
    assert told(feed(read_at=EARLY - timedelta(seconds=1))) == ("unknown", None)


def test_the_highest_level_stands_first_with_its_words_areas_and_outline() -> None:
    five = replace(order(5), id=2)
    city = replace(order(3), id=3, area=None, area_names=())
    found = orders(version(city, order(4), five), None, NOW)
    said = [(one.values["level"], one.values["word"], one.values["whole_city"]) for one in found]
    assert said == [(5, "緊急安全確保", ""), (4, "避難指示", ""), (3, "高齢者等避難", "1")]
    first, last = found[0], found[-1]
    assert first.values["area_names"] == "下浅瀬二丁目"
    assert first.place is not None
    west, south, east, north = shapely.bounds(first.place).tolist()
    assert 100 < west < east < 180
    assert 20 < south < north < 50
    assert last.place is None


def test_an_area_that_was_drawn_is_not_an_empty_cell() -> None:
    (line,) = orders(version(replace(order(4), area_names=())), None, NOW)
    assert "地図に描いた区域" in line.words["area_names"]
    assert line.place is not None


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return Served(write_small_city(tmp_path / "city"), tmp_path / "state")


@pytest.fixture
def client(served: Served) -> Iterator[TestClient]:
    served.publish(whole_city(3), whole_city(4))
    with served.client() as made:
        yield made


def rows(client: TestClient) -> list[dict[str, str]]:
    text = client.get("/open/orders.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_orders_are_there_with_the_database_away(client: TestClient) -> None:
    said = client.get("/open/orders.geojson").json()
    found = [one["properties"] for one in said["features"]]
    assert [(one["level"], one["told"]) for one in found] == [(4, "unknown"), (3, "unknown")]
    assert [one["geometry"] for one in said["features"]] == [None, None]
    assert [(one["避難情報"], one["災害"], one["配信"]) for one in rows(client)] == [
        ("避難指示", "洪水", "不明"),
        ("高齢者等避難", "洪水", "不明"),
    ]


def test_rule_19_old_orders_say_that_they_are_old_and_none_is_not_calm(
    served: Served, client: TestClient
) -> None:
    served.checked(datetime.now(UTC) - timedelta(minutes=20))
    answer = client.get("/open/orders.csv")
    assert answer.headers["nigemichi-stale"] == "1"
    assert {one["新しい情報を確認できていない"] for one in rows(client)} == {"1"}
    served.publish()
    served.checked(datetime.now(UTC) - timedelta(minutes=20))
    with served.client() as again:
        assert NOTICE in again.get("/open/orders.csv").text
        assert again.get("/open/orders.geojson").json()["stale"] is True


def test_the_page_says_that_orders_without_an_alert_stand_in_orders(client: TestClient) -> None:
    page = client.get("/open").text
    alerts = page.partition('id="alerts"')[2].partition("</section>")[0]
    assert "まだ配信のない発令は、ここにはありません" in alerts
    assert 'href="#orders"' in alerts
    assert "Orders of which no alert was sent yet are not here" in client.get("/open?lang=en").text
