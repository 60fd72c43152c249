"""Alerts as open data: what the feeds have, with its area; never a drill."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

import api.opendata
from alerts.kinds import Status
from api.app import create
from tests.integration.databases import Database
from tests.integration.toldrows import Told
from tests.unit.api.served import TestClient


@pytest.fixture
def told(town_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Told:
    """The fictional town; the route goes by its clock."""
    made = Told(town_engine)
    monkeypatch.setattr(api.opendata, "utc_now", made.clock)
    monkeypatch.setenv("NIGEMICHI_ADDRESS", "https://city.example")
    return made


@pytest.fixture
def client(
    told: Told, town_database: Database, with_plan: tuple[str, Path]
) -> Iterator[TestClient]:
    with TestClient(create(with_plan[1], town_database.url)) as made:
        yield made


def properties(client: TestClient) -> list[dict[str, Any]]:
    found = client.get("/open/alerts.geojson").json()["features"]
    return [one["properties"] for one in found]


def test_an_alert_is_there_with_its_standing_and_its_document(
    told: Told, client: TestClient
) -> None:
    alert = told.alert()
    told.order(alert)
    number = told.revision(alert)
    (one,) = properties(client)
    assert (one["number"], one["standing"], one["level"]) == (number, "in_force", 4)
    assert one["cap"] == f"https://city.example/alerts/{number}.cap.xml"
    (row,) = csv.DictReader(io.StringIO(client.get("/open/alerts.csv").text.removeprefix("\ufeff")))
    assert row["状態"] == "発令中"


def test_rule_16_a_drill_is_in_no_open_data(told: Told, client: TestClient) -> None:
    told.revision(told.alert(status=Status.EXERCISE))
    assert properties(client) == []


def test_an_alert_in_the_list_names_the_orders_that_stand_of_it(
    told: Told, client: TestClient
) -> None:
    alert = told.alert()
    first, second = told.order(alert), told.order(alert)
    told.revision(alert)
    told.lift(first)
    feeds = client.app.state.feeds  # type: ignore[attr-defined]
    (entry,) = feeds.feed(Status.ACTUAL, "https://city.example", told.clock()).entries
    assert entry.orders == {second}
