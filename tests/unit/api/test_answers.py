"""Headers of every answer, the public lists, health, metrics, and the OpenAPI document."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import api.public
from api.answers import CityAnswer, GuidanceAnswer, SitesAnswer
from api.caching import SHARED
from tests.integration.small_city import box
from tests.unit.api.served import NORTH, SOUTH, Served, TestClient, order

OF_ALL = ("/", "/map.svg", "/api/v1/sites", "/api/v1/city")
PATHS = (
    *("/way", "/api/v1/guidance"),
    *("/healthz", "/readyz", "/metrics", "/api/v1/openapi.json", "/nothing", "/api/v1/nothing"),
)
GUIDED = ("/way", "/api/v1/guidance")


def get(client: TestClient, path: str, **more: Any) -> Any:
    return client.get(path, params=(NORTH if path in GUIDED else {}) | more)


def is_private(answer: Any, kept: str = "no-store") -> bool:
    headers = answer.headers
    return (
        headers["cache-control"] == kept
        and headers["referrer-policy"] in ("no-referrer", "same-origin")
        and headers["x-content-type-options"] == "nosniff"
    )


@pytest.mark.parametrize("path", PATHS)
def test_no_answer_is_stored_or_told_to_others(client: TestClient, path: str) -> None:
    assert is_private(get(client, path))
    assert is_private(client.post(path))


@pytest.mark.parametrize("path", OF_ALL)
def test_what_is_of_the_whole_city_is_stored_and_not_told_to_others(
    client: TestClient, path: str
) -> None:
    assert is_private(get(client, path), SHARED)
    assert is_private(client.post(path))


@pytest.fixture
def unforeseen(monkeypatch: pytest.MonkeyPatch, served: Served) -> TestClient:
    """A client of an app that breaks at every door, with the door in the error's own words."""

    def broken(version: object, question: Any) -> None:
        raise KeyError(f"no street near {question.position}")

    monkeypatch.setattr(api.public, "guide", broken)
    return served.client(raise_server_exceptions=False)


@pytest.mark.parametrize("path", GUIDED)
def test_an_unforeseen_error_says_what_to_do_without_us(unforeseen: TestClient, path: str) -> None:
    with unforeseen as client:
        answer = get(client, path)
    assert answer.status_code == 500
    assert "119" in answer.text
    assert str(NORTH["lat"]) not in answer.text


@pytest.mark.parametrize("path", GUIDED)
def test_an_unforeseen_error_is_private_too(unforeseen: TestClient, path: str) -> None:
    with unforeseen as client:
        assert is_private(get(client, path))


def test_pages_carry_a_policy_against_strangers_scripts(client: TestClient) -> None:
    for path in ("/", "/way"):
        policy = get(client, path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy


def test_a_browser_that_asks_for_an_icon_logs_no_failure(client: TestClient) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.content) == (204, b"")
    assert is_private(answer)


def test_sites_are_valid_geojson(client: TestClient, served: Served) -> None:
    answer = client.get("/api/v1/sites")
    assert answer.headers["content-type"] == "application/geo+json"
    table = answer.json()
    assert table["type"] == "FeatureCollection"
    kinds = [row["properties"]["kind"] for row in table["features"]]
    assert (kinds.count("指定緊急避難場所"), kinds.count("指定避難所")) == (4, 1)
    for row in table["features"]:
        assert row["type"] == "Feature"
        assert row["geometry"]["type"] == "Point"
        lon, lat = row["geometry"]["coordinates"]
        assert (lon, lat) == pytest.approx((135.4, 29.6), abs=0.02)
    opening = {r["id"]: r["properties"].get("opening") for r in table["features"]}
    assert opening == {"E1": "open", "S1": None} | dict.fromkeys(("E2", "E3", "E4"), "unconfirmed")


def test_city_says_what_is_loaded_and_in_force(client: TestClient, served: Served) -> None:
    served.publish(order(4))
    client.app.state.service.current.refresh()  # type: ignore[attr-defined]
    table = client.get("/api/v1/city").json()
    wanted = {"name", "code", "fictional", "bbox", "crs", "counts", "in_force", "pockets"}
    assert wanted | {"plan_version", "as_of"} <= set(table)
    assert (table["name"], table["fictional"]) == ("小浜町（架空）", True)
    assert table["bbox"] == pytest.approx([135.4, 29.6, 135.407, 29.607])
    counts = table["counts"]
    assert (counts["junctions"], counts["streets"], counts["sites"]) == (64, 112, 4)
    (standing,) = table["in_force"]["orders"]
    assert (standing["hazard"], standing["level"], standing["areas"]) == ("flood", 4, [])
    assert table["plan_version"] == served.number


def test_ready_says_the_plan_and_its_age(client: TestClient, served: Served) -> None:
    table = client.get("/readyz").json()
    assert (table["ready"], table["plan_version"], table["stale"]) == (True, served.number, False)


def test_what_nobody_checked_for_ten_seconds_is_stale_and_goes_on(
    client: TestClient, served: Served
) -> None:
    served.checked(datetime.now(UTC) - timedelta(seconds=8))
    assert get(client, "/api/v1/guidance").json()["stale"] is False
    fresh = get(client, "/way").text
    served.checked(datetime.now(UTC) - timedelta(seconds=11))
    for path in ("/api/v1/guidance", "/api/v1/sites", "/api/v1/city", "/readyz"):
        answer = get(client, path)
        assert (answer.status_code, answer.json()["stale"]) == (200, True)
    assert get(client, "/way").text != fresh


def test_metrics_count_verdicts_and_nothing_of_a_question(client: TestClient) -> None:
    for _ in range(3):
        client.get("/api/v1/guidance", params=SOUTH | {"dwelling": "sturdy", "floor": 7})
    text = client.get("/metrics").text
    assert 'nigemichi_guidance_total{verdict="watch"} 3.0' in text
    assert "nigemichi_plan_version 1.0" in text
    assert "sturdy" not in text
    assert not [word for word in (str(SOUTH["lat"]), str(SOUTH["lon"])) if word in text]


def shape(value: Any) -> Any:
    """The keys of a table, all the way down; of a list, those of its first row."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [shape(value[0])]
    return None


def example(client: TestClient, path: str) -> Any:
    table = client.get("/api/v1/openapi.json").json()
    content = table["paths"][path]["get"]["responses"]["200"]["content"]
    (found,) = [kind["example"] for kind in content.values() if "example" in kind]
    return found


def test_the_openapi_example_of_guidance_is_like_an_answer(
    client: TestClient, served: Served
) -> None:
    served.publish(order(4))
    client.app.state.service.current.refresh()  # type: ignore[attr-defined]
    given, answer = (
        shape(example(client, "/api/v1/guidance")),
        shape(client.get("/api/v1/guidance", params=SOUTH).json()),
    )
    for table in (given, answer):
        table["exposure"].pop("assumed")
        for place in (table["destination"], table["alternative"]["destination"]):
            # Null where nobody said so, and the document leaves nulls out.
            place.pop("opening_since", None)
    assert given == answer


def test_the_openapi_examples_name_only_what_is_answered(client: TestClient) -> None:
    city, answer = example(client, "/api/v1/city"), client.get("/api/v1/city").json()
    assert set(city) <= set(answer)
    assert set(city["counts"]) <= set(answer["counts"])
    sites, answer = example(client, "/api/v1/sites"), client.get("/api/v1/sites").json()
    assert set(sites) <= set(answer)
    mine, yours = sites["features"][0], answer["features"][0]
    assert set(mine["properties"]) <= set(yours["properties"])


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/api/v1/guidance", GuidanceAnswer),
        ("/api/v1/sites", SitesAnswer),
        ("/api/v1/city", CityAnswer),
    ],
)
@pytest.mark.parametrize("level", [None, 4, 5])
def test_the_openapi_schemas_are_of_the_answers(
    client: TestClient,
    served: Served,
    path: str,
    model: type[GuidanceAnswer | SitesAnswer | CityAnswer],
    level: int | None,
) -> None:
    """Read by its schema and written again, an answer is as it was: no field more, none less."""
    more = {"water": box(3, 3, 5, 5)} if level else {}
    served.publish(*([order(level)] if level else []), **more)
    client.app.state.service.current.refresh()  # type: ignore[attr-defined]
    answer = client.get(path, params=SOUTH if "guidance" in path else {}).json()
    read = model.model_validate(answer)
    assert read.model_dump(mode="json") == answer
    document = client.get("/api/v1/openapi.json").json()
    ((kind, content),) = document["paths"][path]["get"]["responses"]["200"]["content"].items()
    assert kind == client.get(path, params=SOUTH).headers["content-type"]
    assert content["schema"] == {"$ref": f"#/components/schemas/{model.__name__}"}
    assert set(document["components"]["schemas"][model.__name__]["properties"]) == set(answer)


def test_the_openapi_document_knows_every_parameter(client: TestClient) -> None:
    table = client.get("/api/v1/openapi.json").json()
    given = table["paths"]["/api/v1/guidance"]["get"]["parameters"]
    assert {row["name"] for row in given} == {
        *("lat", "lon", "hazard", "level", "profile", "dwelling", "floor", "floors"),
        *("supplies_h", "at", "to"),
    }
    assert {row["name"] for row in given if row["required"]} == {"lat", "lon"}
    for path in ("/api/v1/guidance", "/api/v1/sites", "/api/v1/city"):
        assert {"200", "422", "503"} <= set(table["paths"][path]["get"]["responses"])


def test_nothing_of_a_question_is_logged(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    for path in GUIDED:
        get(client, path)
        get(client, path, dwelling="castle")
    assert str(NORTH["lat"]) not in caplog.text
