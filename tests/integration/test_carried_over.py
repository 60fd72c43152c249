"""A site that a person closed stays closed when a reload gives it another 共通ID."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine

from city.staff import CONSOLE, Caller, CallerKind, Role
from data.errors import NotThere
from operations import changes
from operations.errors import NotAllowed
from operations.load_city import load_city
from operations.places.counts import record_counts, take_counts
from operations.places.desk import desk_site
from operations.places.openings import change_opening
from operations.places.taking import GivenCount, Status
from shelters.counting import CountKind
from shelters.place import Opening
from tests.integration import loaded
from tests.integration.databases import Database, plain
from tests.integration.processes import wait_for
from tests.integration.small_city import position, rewrite, write_small_city

STANDING = "SELECT site_id, opening FROM site_opening WHERE ended_at IS NULL ORDER BY site_id"


def reload(engine: Engine, city_file: Path, **sites: dict[str, Any]) -> list[str]:
    """Load the city with other properties for some sites (None: without them); the remarks."""

    def change(table: dict[str, Any]) -> None:
        for feature in list(table["features"]):
            new = sites.get(feature["properties"]["共通ID"], {})
            if "at" in new:
                lat, lon = position(*new.pop("at"))
                feature["geometry"]["coordinates"] = [lon, lat]
            feature["properties"] |= {
                {"id": "共通ID", "name": "施設・場所名"}[k]: new[k] for k in new
            }

    rewrite(city_file.parent / "sites.geojson", change)
    report = load_city(engine, city_file, lambda _: None)
    assert report is not None
    return [remark for remark in report.remarks if " id " in remark or "among the sites" in remark]


def tablet(site: str) -> Caller:
    """The tablet that stands in a place."""
    return Caller(CallerKind.DEVICE, 5, "受付1", frozenset({Role.DESK}), site)


def a_count(kind: CountKind, persons: int) -> GivenCount:
    return GivenCount(str(uuid4()), kind, persons, datetime.now(UTC))


def persons(engine: Engine, site: str) -> int | None:
    """How many are in a place."""
    found = desk_site(engine, CONSOLE, site, datetime.now(UTC))["raw_persons"]
    return None if found is None else int(found)


def send(engine: Engine, by: Caller, site: str, *counts: GivenCount) -> list[Status]:
    """Send counts now; what became of them."""
    now = datetime.now(UTC)
    taken = asyncio.run(take_counts(engine, by, site, counts, sent_at=now, now=now))
    return [one.status for one in taken.results]


@pytest.fixture(scope="session")
def template(with_small_city: str) -> str:
    """Every test finds the small city loaded."""
    return with_small_city


@pytest.mark.parametrize(
    ("site", "new"),
    [
        ("E1", {"id": "N1"}),
        ("E1", {"id": "N1", "name": "北　小学校", "at": (3.0, 3.0)}),
        ("E1", {"id": "N1", "name": "北小学校体育館", "at": (1.3, 6.4)}),
        ("E4", {"id": "N4"}),
    ],
)
def test_a_closed_site_stays_closed_under_its_new_id(
    engine: Engine, database: Database, small_city: Path, site: str, new: dict[str, Any]
) -> None:
    changes.open_site(engine, site, Opening.CLOSED)
    (remark,) = reload(engine, small_city, **{site: dict(new)})
    assert f"has the id {new['id']}, no longer {site}: closed" in remark
    assert database.rows(STANDING) == [(new["id"], "closed")]
    assert len(loaded.changes(database)) == 3
    report = database.one("SELECT report FROM city_load WHERE current")
    assert remark in report["remarks"]


@pytest.mark.parametrize(
    ("site", "new"),
    [
        ("E1", {"id": "N1", "name": "南小学校", "at": (3.0, 3.0)}),
        # Its namesake E3 was there before: another site.
        ("E4", {"id": "N4", "name": "会館", "at": (3.0, 3.0)}),
    ],
)
def test_what_matches_no_site_is_kept_and_told(
    engine: Engine, database: Database, small_city: Path, site: str, new: dict[str, Any]
) -> None:
    name = changes.open_site(engine, site, Opening.CLOSED)
    (remark,) = reload(engine, small_city, **{site: dict(new)})
    assert remark.startswith(f"{name} ({site}) was said to be closed and is not among the sites")
    assert remark.endswith("nigemichi site close ID")
    assert database.rows(STANDING) == [(site, "closed")]
    reload(engine, small_city, **{new["id"]: {"id": site}})
    assert database.rows(STANDING) == [(site, "closed")]


def test_a_site_that_was_missing_from_one_load_is_known_again_by_its_name(
    engine: Engine, database: Database, small_city: Path
) -> None:
    changes.open_site(engine, "E1", Opening.CLOSED)
    reload(engine, small_city, E1={"id": "X1", "name": "南小学校", "at": (3.0, 3.0)})
    (remark,) = reload(engine, small_city, X1={"id": "N1", "name": "北小学校"})
    assert remark == "北小学校 has the id N1, no longer E1: closed"
    assert database.rows(STANDING) == [("N1", "closed")]


def test_an_id_that_names_another_place_takes_no_open_over(
    engine: Engine, database: Database, small_city: Path
) -> None:
    changes.open_site(engine, "E1", Opening.OPEN)
    (remark,) = reload(engine, small_city, E1={"name": "南小学校", "at": (3.0, 3.0)})
    assert remark.startswith("the id E1 names 南小学校 now, no longer 北小学校")
    assert database.rows(STANDING) == []


def test_a_new_row_that_shifts_the_ids_moves_what_was_said(
    engine: Engine, database: Database, small_city: Path
) -> None:
    """校舎 and 体育館 stand 30 m apart: each id names now what the one before named."""
    start = {"E1": {"name": "体育館"}, "E2": {"name": "校舎", "at": (1.2, 6.5)}}
    reload(engine, small_city, **start)
    changes.open_site(engine, "E1", Opening.CLOSED)
    changes.open_site(engine, "E2", Opening.OPEN)
    shifted = {"E1": {"name": "校舎", "at": (1.2, 6.5)}, "E2": {"name": "体育館", "at": (1.2, 6.2)}}
    remarks = reload(engine, small_city, **shifted)
    assert len(remarks) == 2
    assert database.rows(STANDING) == [("E1", "open"), ("E2", "closed")]


def test_two_namesakes_that_swap_their_ids_keep_what_was_said_of_each(
    engine: Engine, database: Database, small_city: Path
) -> None:
    changes.open_site(engine, "E3", Opening.CLOSED)
    reload(engine, small_city, E3={"at": (3.3, 5.2)}, E4={"at": (6.2, 6.4)})
    assert database.rows(STANDING) == [("E4", "closed")]


@pytest.mark.parametrize("opening", [Opening.OPEN, Opening.CLOSED])
def test_a_site_renamed_under_its_id_stays_closed_and_is_no_longer_said_to_be_open(
    engine: Engine, database: Database, small_city: Path, opening: Opening
) -> None:
    changes.open_site(engine, "E1", opening)
    (remark,) = reload(engine, small_city, E1={"name": "北小学校体育館"})
    assert remark.startswith("the id E1 names 北小学校体育館 now, no longer 北小学校")
    closed = opening is Opening.CLOSED
    assert database.rows(STANDING) == ([("E1", "closed")] if closed else [])


def test_an_id_that_names_another_place_stays_closed(
    engine: Engine, database: Database, small_city: Path
) -> None:
    changes.open_site(engine, "E1", Opening.CLOSED)
    (remark,) = reload(engine, small_city, E1={"name": "南小学校", "at": (3.0, 3.0)})
    assert "the id names 南小学校 now, which stays closed" in remark
    assert database.rows(STANDING) == [("E1", "closed")]


def test_two_sites_that_swap_their_ids_keep_what_was_said_of_each(
    engine: Engine, database: Database, small_city: Path
) -> None:
    changes.open_site(engine, "E1", Opening.CLOSED)
    changes.open_site(engine, "E2", Opening.OPEN)
    reload(
        engine,
        small_city,
        E1={"name": "南公園", "at": (5.3, 0.4)},
        E2={"name": "北小学校", "at": (1.2, 6.2)},
    )
    assert database.rows(STANDING) == [("E1", "open"), ("E2", "closed")]


def test_a_site_closed_while_a_load_is_writing_stays_closed_under_its_new_id(
    engine: Engine, database: Database, small_city: Path
) -> None:
    with ThreadPoolExecutor() as pool, psycopg.connect(plain(database.url)) as holder:
        holder.execute("LOCK TABLE waterway IN ACCESS EXCLUSIVE MODE")
        load = pool.submit(reload, engine, small_city, E1={"id": "N1"})
        wait_for("the load waits", lambda: loaded.waits_for_lock(database, "COPY", "waterway"))
        changes.open_site(engine, "E1", Opening.CLOSED)
        holder.rollback()
        (remark,) = load.result(timeout=30)
    assert remark == "北小学校 has the id N1, no longer E1: closed"
    assert database.rows(STANDING) == [("N1", "closed")]


def test_a_site_closed_while_a_load_carries_over_is_that_of_the_new_load(
    engine: Engine, database: Database, small_city: Path
) -> None:
    with ThreadPoolExecutor() as pool, psycopg.connect(plain(database.url)) as holder:
        holder.execute("LOCK TABLE change IN EXCLUSIVE MODE")
        load = pool.submit(reload, engine, small_city, E1={"id": "N1"})
        wait_for("the load waits", lambda: loaded.waits_for_lock(database, "INSERT INTO change"))
        closing = pool.submit(changes.open_site, engine, "北小学校", Opening.CLOSED)
        wait_for(
            "the closing waits", lambda: loaded.waits_for_lock(database, "LOCK TABLE site_opening")
        )
        holder.rollback()
        load.result(timeout=30)
        closing.result(timeout=30)
    assert database.rows(STANDING) == [("N1", "closed")]


def test_where_two_sites_become_one_the_closed_one_counts(
    engine: Engine, database: Database, small_city: Path
) -> None:
    changes.open_site(engine, "E1", Opening.OPEN)
    changes.open_site(engine, "E2", Opening.CLOSED)
    new = {"id": "N1", "name": "南公園"}
    reload(engine, small_city, E1=new, E2={"id": "N2", "name": "広場", "at": (3.0, 3.0)})
    assert database.rows(STANDING) == [("N1", "closed")]


def test_where_a_closed_site_may_have_become_one_that_is_open_it_stays_closed(
    engine: Engine, database: Database, small_city: Path
) -> None:
    """The closed hall beside the school is gone: the school under its new id may hold both."""
    reload(engine, small_city, E2={"at": (1.3, 6.4)})
    changes.open_site(engine, "E1", Opening.OPEN)
    changes.open_site(engine, "E2", Opening.CLOSED)
    far = {"id": "N2", "name": "広場", "at": (3.0, 3.0)}
    remarks = reload(engine, small_city, E1={"id": "N1"}, E2=far)
    assert [r for r in remarks if r.startswith("北小学校 has the id N1 and stays closed")]
    assert database.rows(STANDING) == [("N1", "closed")]


def test_another_city_takes_over_nothing(
    engine: Engine, database: Database, small_city: Path, tmp_path: Path
) -> None:
    changes.open_site(engine, "E1", Opening.CLOSED)
    other = write_small_city(tmp_path / "other", code="99903")
    assert reload(engine, other, E1={"id": "N1"}) == []
    assert database.rows(STANDING) == [("E1", "closed")]


@pytest.mark.parametrize(
    "new",
    [{"name": "北小学校体育館"}, {"at": (3.0, 3.0)}, {"name": "公民館", "at": (1.3, 6.4)}],
    ids=["renamed", "moved", "another near by"],
)
def test_open_goes_to_no_site_that_is_not_surely_the_same(
    engine: Engine, database: Database, small_city: Path, new: dict[str, Any]
) -> None:
    changes.open_site(engine, "E1", Opening.OPEN)
    (remark,) = reload(engine, small_city, E1={"id": "N1"} | new)
    assert remark.startswith("北小学校 (E1) was said to be open and is not among the sites")
    assert database.rows(STANDING) == []


def test_open_goes_to_the_same_site_under_its_new_id(
    engine: Engine, database: Database, small_city: Path
) -> None:
    changes.open_site(engine, "E1", Opening.OPEN)
    reload(engine, small_city, E1={"id": "N1"})
    assert database.rows(STANDING) == [("N1", "open")]


def test_who_is_inside_and_the_rooms_follow_a_place_to_its_new_id(
    engine: Engine, database: Database, small_city: Path
) -> None:
    now = datetime.now(UTC)
    count = GivenCount(str(uuid4()), CountKind.TOTAL, 41, now)
    record_counts(engine, CONSOLE, "E1", [count], sent_at=now, now=now)
    database.rows(
        "INSERT INTO site_room SELECT code, 'E1', 'gym', '体育館', 100, 'general', false, true"
        " FROM city_load WHERE current RETURNING 1"
    )
    reload(engine, small_city, E1={"id": "N1"})
    state = "SELECT state FROM live_state WHERE topic = 'headquarters' AND key = 'site:{}'"
    seen = database.one(state.format("N1"))
    assert (seen["raw_persons"], seen["rooms"][0]["name"]) == (41, "体育館")
    assert database.one(state.format("E1")) is None
    replayed = record_counts(engine, CONSOLE, "N1", [count], sent_at=now, now=now)
    assert replayed.results[0].status is Status.KNOWN
    assert replayed.site["raw_persons"] == 41


def test_more_who_left_than_came_are_unknown_under_the_new_id_too(
    engine: Engine, small_city: Path
) -> None:
    left = [a_count(CountKind.TOTAL, 5), a_count(CountKind.CHANGE, -9)]
    send(engine, tablet("E1"), "E1", *left)
    reload(engine, small_city, E1={"id": "N1"})
    state = desk_site(engine, CONSOLE, "N1", datetime.now(UTC))
    assert (state["below_zero"], state["persons"], state["raw_band"]) == (True, None, None)
    assert state["raw_counted_at"] is not None


def test_counts_that_arrive_while_a_load_moves_their_place_are_not_taken_under_the_old_id(
    engine: Engine, database: Database, small_city: Path
) -> None:
    send(engine, tablet("E1"), "E1", a_count(CountKind.TOTAL, 41))
    late = a_count(CountKind.CHANGE, 5)
    with ThreadPoolExecutor() as pool, psycopg.connect(plain(database.url)) as holder:
        holder.execute("LOCK TABLE change IN EXCLUSIVE MODE")
        load = pool.submit(reload, engine, small_city, E1={"id": "N1"})
        wait_for("the load waits", lambda: loaded.waits_for_lock(database, "INSERT INTO change"))
        sent = pool.submit(send, engine, tablet("E1"), "E1", late)
        wait_for(
            "the count waits", lambda: loaded.waits_for_lock(database, "LOCK TABLE site_opening")
        )
        holder.rollback()
        load.result(timeout=30)
        with pytest.raises(NotThere):
            sent.result(timeout=30)
    assert send(engine, tablet("N1"), "E1", late) == [Status.APPLIED]
    assert persons(engine, "N1") == 46


def test_a_tablet_goes_on_under_the_id_that_loads_took_from_its_place(
    engine: Engine, database: Database, small_city: Path
) -> None:
    known = a_count(CountKind.TOTAL, 41)
    send(engine, tablet("E1"), "E1", known)
    reload(engine, small_city, E1={"id": "M1"})
    reload(engine, small_city, M1={"id": "N1"})
    here, now = tablet("N1"), datetime.now(UTC)
    for old in ("E1", "M1"):
        assert send(engine, here, old, a_count(CountKind.CHANGE, 2)) == [Status.APPLIED]
    assert send(engine, here, "E1", known) == [Status.KNOWN]
    assert desk_site(engine, here, "E1", now)["id"] == "N1"
    change_opening(engine, here, "E1", Opening.FULL, now=now + timedelta(minutes=2))
    assert database.rows(STANDING) == [("N1", "full")]
    assert persons(engine, "N1") == 45


def test_an_old_id_is_nobody_elses_and_not_that_of_a_place_that_has_it_now(
    engine: Engine, small_city: Path
) -> None:
    reload(engine, small_city, E1={"id": "N1"})
    with pytest.raises(NotAllowed):
        send(engine, tablet("E2"), "E1", a_count(CountKind.CHANGE, 1))
    reload(engine, small_city, E3={"id": "E1"})
    with pytest.raises(NotAllowed):
        send(engine, tablet("N1"), "E1", a_count(CountKind.CHANGE, 1))
    assert send(engine, tablet("E1"), "E3", a_count(CountKind.CHANGE, 1)) == [Status.APPLIED]
    assert (persons(engine, "E1"), persons(engine, "N1")) == (1, None)
