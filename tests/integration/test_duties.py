"""The duties of the night: what is printed is the state, and what nobody knows is never 0."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from geoalchemy2.shape import to_shape
from sqlalchemy import Engine, select

from api.staff import dutiespage, headquarters, hqpage, information
from city.staff import CONSOLE, Role
from data import replay, tables
from data.database import transaction
from data.observing import closures
from data.places import headcounts
from data.rows import current_load
from hazards.closure import ClosureBasis
from hazards.kinds import AlertLevel, HazardKind
from operations import changes
from operations.board.state import board_state, state_hash
from operations.duties.deciding import decision_table
from operations.duties.districts import districts
from operations.duties.entries import Form, enter
from operations.duties.firstreport import first_report
from operations.duties.handingover import changes as changes_of
from operations.duties.printing import PrintKind
from operations.duties.seen import Seen, seen
from operations.duties.situation import situation
from operations.household.revoking import end_event
from operations.load_city import load_city
from operations.places.counts import GivenCount, record_counts
from operations.places.openings import change_opening
from operations.serving import utc_now
from shelters.counting import CountKind
from shelters.place import Opening
from tests.integration.alerted import AREA, OTHER, Headquarters
from tests.integration.bulletined import EARLIER, L4, NOW, SLIDE, taken
from tests.integration.small_city import write_small_city
from tests.integration.staffed import signed_in
from tests.unit.web.sheeted import texts
from web.dutysheets.counted import head_count

HQ = "/api/v1/headquarters"
MINUTE = timedelta(minutes=1)


@contextmanager
def looked(engine: Engine, now: datetime | None = None) -> Iterator[Seen]:
    """The state as a print has it."""
    with transaction(engine) as connection:
        yield seen(connection, now or utc_now())


def printed(hq: Headquarters, name: PrintKind, query: str = "") -> str:
    """The words of a print, without white space."""
    answer = hq.ask(hq.writer, f"{HQ}/prints/{name}.pdf{query}", method="GET")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return "".join(texts(answer.content))


def entered(hq: Headquarters, field: str, value: str | None, **more: Any) -> Any:
    """What the API answers to a field of 第4号様式."""
    known = hq.get(f"{HQ}/duties")["entered"]["report4"].get(field, {"entry": 0})
    body = {"key": str(uuid4()), "value": value, "seen": known["entry"], **more}
    return hq.ask(hq.writer, f"{HQ}/duties/report4/{field}", body)


def facility(hq: Headquarters, name: str) -> dict[str, Any]:
    """A facility on the call list."""
    found: dict[str, Any] = next(
        one for one in hq.get(f"{HQ}/facilities")["facilities"] if one["name"] == name
    )
    return found


def call(hq: Headquarters, name: str, **said: Any) -> Any:
    """What the API answers to a call."""
    body = {"key": str(uuid4()), "answer": "leaving", "level": 4} | said
    path = f"{HQ}/facilities/{facility(hq, name)['id']}/calls"
    return hq.ask(hq.writer, path, body)


def order(
    hq: Headquarters, level: AlertLevel, *areas: str, hazard: HazardKind = HazardKind.FLOOD
) -> None:
    changes.set_level(hq.engine, hazard, level, areas=areas)


def shut(hq: Headquarters, basis: ClosureBasis, street: int, reason: str) -> None:
    """A street that water shut, by its place among the city's."""
    table = tables.street
    with transaction(hq.engine) as connection:
        query = select(table.c.geom).order_by(table.c.number).offset(street).limit(1)
        line = to_shape(connection.execute(query).scalar_one())
        code = current_load(connection).code
        key = f"x{street}"
        closures.add(
            connection, code, street=key, reason=reason, line=line, by_water=True, basis=basis
        )


def test_rule_05_a_street_that_water_shut_is_on_every_print(hq: Headquarters) -> None:
    assert "通行止めはない" in printed(hq, PrintKind.HANDOVER)
    shut(hq, ClosureBasis.CONFIRMED, 3, "冠水")
    shut(hq, ClosureBasis.SUSPENDED, 9, "道の冠水")
    paper = printed(hq, PrintKind.HANDOVER)
    assert "通行止めはない" not in paper
    assert "冠水による通行止め" in paper
    assert "冠水により一時停止（未確認）" in paper
    with looked(hq.engine) as found:
        said = {one["text"]: one["confirmed"] for one in first_report(found)["measures"]}
        drawn = [(one.sure, one.by_water) for one in situation(found).shut]
    assert said["冠水による通行止め 1か所"]
    assert said["報告により一時停止している道（冠水） 1か所"] is False
    assert drawn == [(False, True), (True, True)]
    assert "冠水による通行止め" in printed(hq, PrintKind.SITUATION)


def test_rule_16_each_page_with_the_bar_says_that_only_a_drill_is_under_way(
    hq: Headquarters, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (headquarters, hqpage, information, dutiespage):
        monkeypatch.setattr(module, "bar_mode", lambda *_: "drill")

    def mode(page: str) -> str:
        html = hq.ask(hq.writer, page, method="GET").text
        found = re.search(r'id="bar" data-mode="(\w+)"', html)
        assert found, page
        return found[1]

    pages = ("/hq/places", "/hq/information", "/hq/duties")
    assert [mode(page) for page in pages] == ["drill"] * 3
    assert hq.get(HQ)["mode"] == hq.get(f"{HQ}/sources")["mode"] == "drill"
    order(hq, AlertLevel.ALL_LEAVE, OTHER)
    assert mode("/hq/places") == hq.get(HQ)["mode"] == "live"


def test_a_facility_is_due_again_when_another_hazard_comes_at_the_same_level(
    hq: Headquarters,
) -> None:
    name = "下浅瀬やすらぎ苑"
    order(hq, AlertLevel.ALL_LEAVE, OTHER)
    assert call(hq, name).status_code == 200
    assert facility(hq, name)["told"]
    order(hq, AlertLevel.ALL_LEAVE, OTHER, hazard=HazardKind.LANDSLIDE)
    again = facility(hq, name)
    assert (again["due"], again["told"]) == (True, False)


def test_a_call_of_an_event_that_was_ended_counts_no_longer(hq: Headquarters) -> None:
    name = "下浅瀬やすらぎ苑"
    assert call(hq, name, level=0, answer="needs_help").status_code == 200
    assert hq.get(f"{HQ}/facilities")["counts"]["help"] == 1
    end_event(hq.engine, CONSOLE, now=utc_now())
    assert hq.get(f"{HQ}/facilities")["counts"]["help"] == 0
    assert facility(hq, name)["calls"] == []


def test_the_handover_counts_all_of_its_hours(hq: Headquarters) -> None:
    hq.database.rows(
        "INSERT INTO chronology_entry (key, city_code, at, entered_at, entered_by, sender,"
        " recipient, content, action, owner) SELECT gen_random_uuid(), code, t, t, 'console:x',"
        " '', '', '見回り', '', '' FROM city_load, (SELECT now() - n * interval '1 minute' AS t"
        " FROM generate_series(1, 290) n) moments WHERE current RETURNING id"
    )

    def more(hours: int) -> int:
        with looked(hq.engine) as found:
            shown, count = changes_of(found, hours)
        assert len(shown) >= 14
        return count

    assert more(5) - more(1) == 290 - 59


def test_what_is_entered_late_or_corrected_in_the_shift_is_handed_over(hq: Headquarters) -> None:
    path, early = f"{HQ}/chronology", (utc_now() - 9 * MINUTE * 60).isoformat()

    def wrote(content: str, **more: Any) -> str:
        body = {"key": str(uuid4()), "content": content, "at": early, **more}
        answer = hq.ask(hq.writer, path, body)
        assert answer.status_code == 200, answer.text
        number = hq.database.one("SELECT max(id) FROM chronology_entry")
        return f"entry:{number}"

    with looked(hq.engine) as found:
        _, before = changes_of(found)
    ref = wrote("堤防に水が染みている")
    hq.database.rows(
        "UPDATE chronology_entry SET entered_at = entered_at - interval '9 hours' RETURNING id"
    )
    wrote("堤防は無事だった", corrects=ref)
    wrote("橋の下に流木がある")
    with looked(hq.engine) as found:
        newest, count = changes_of(found)
    words = [one["words"] for one in newest]
    assert "橋の下に流木がある" in words[0]
    assert "記入）" in words[0]
    assert "堤防は無事だった" in words[1]
    assert "（訂正" in words[1]
    assert count == before + 2


def test_a_facility_is_due_until_it_is_told_and_again_when_more_is_ordered(
    hq: Headquarters,
) -> None:
    name = "下浅瀬やすらぎ苑"
    assert not facility(hq, name)["due"]
    order(hq, AlertLevel.ALL_LEAVE, OTHER)
    assert facility(hq, name)["due"]
    assert call(hq, name, answer="no_answer").status_code == 200
    assert facility(hq, name)["due"]
    assert call(hq, name, told="施設長", note="バス2台").status_code == 200
    told = facility(hq, name)
    assert (told["due"], told["told"], told["level"]) == (False, True, 4)
    assert [one["word"] for one in told["calls"]] == ["避難を始めた", "出ない"]
    order(hq, AlertLevel.SECURE_NOW, OTHER)
    assert facility(hq, name)["due"]
    paper = printed(hq, PrintKind.CALLS)
    assert "レベル4を伝えた。施設長。バス2台。" in paper


def test_a_call_is_noted_once_and_taken_back_beside_it(hq: Headquarters) -> None:
    order(hq, AlertLevel.ALL_LEAVE, OTHER)
    key, name = str(uuid4()), "下浅瀬やすらぎ苑"
    for _ in range(2):
        assert call(hq, name, key=key).status_code == 200
    (noted,) = facility(hq, name)["calls"]
    back = {"key": str(uuid4()), "why": "別の施設だった"}
    path = f"{HQ}/facilities/calls/{noted['number']}/corrected"
    for _ in range(2):
        assert hq.ask(hq.approver, path, back).status_code == 200
    assert hq.ask(hq.writer, path, back | {"key": str(uuid4())}).status_code == 409
    (gone,) = facility(hq, name)["calls"]
    assert not gone["stands"]
    assert facility(hq, name)["due"]
    assert hq.database.one("SELECT count(*) FROM facility_call") == 2


def test_nobody_is_noted_as_told_of_a_level_that_does_not_stand(hq: Headquarters) -> None:
    answer = call(hq, "下浅瀬やすらぎ苑", level=4)
    assert answer.status_code == 409
    assert "その警戒レベルは出ていません" in answer.text
    assert call(hq, "下浅瀬やすらぎ苑", level=0, answer="preparing").status_code == 200
    refused = "SELECT details->>'why' FROM audit_entry WHERE action = 'care.refused'"
    assert hq.database.one(refused) == "Refused"


def test_telephone_numbers_of_facilities_are_on_the_call_list_alone(hq: Headquarters) -> None:
    order(hq, AlertLevel.ALL_LEAVE, OTHER)
    phone = facility(hq, "下浅瀬やすらぎ苑")["phone"]
    assert phone.startswith("000-0000-")
    for path in ("/board", "/duties", ""):
        assert phone not in hq.ask(hq.writer, f"{HQ}{path}", method="GET").text
    desk = signed_in(hq.engine, Role.PHONE)
    assert phone in hq.ask(desk, f"{HQ}/facilities", method="GET").text
    field = signed_in(hq.engine, Role.FIELD)
    assert hq.ask(field, f"{HQ}/facilities", method="GET").status_code == 403


def test_what_nobody_entered_is_unknown_and_the_newest_entry_counts(hq: Headquarters) -> None:
    def dead() -> dict[str, Any]:
        report = hq.get(f"{HQ}/duties")["report"]
        found: dict[str, Any] = next(one for one in report["fields"] if one["key"] == "dead")
        return found

    assert (dead()["text"], dead()["confirmed"]) == (None, False)
    assert entered(hq, "dead", "3").status_code == 200
    assert (dead()["text"], dead()["confirmed"]) == ("3", False)
    assert "死者3人未確認" in printed(hq, PrintKind.REPORT)
    assert entered(hq, "dead", None, confirmed=True).status_code == 200
    assert (dead()["text"], dead()["confirmed"]) == (None, False)
    assert "死者未確認" in printed(hq, PrintKind.REPORT)
    for field, value in (("dead", "多数"), ("dead", "-1"), ("nobody", "1"), ("began_at", "昨日")):
        assert entered(hq, field, value).status_code == 409, (field, value)
    assert hq.database.one("SELECT count(*) FROM duty_entry") == 2


def test_the_first_report_is_due_thirty_minutes_after_it_was_known(hq: Headquarters) -> None:
    known = utc_now() - 10 * MINUTE
    assert entered(hq, "known_at", known.isoformat()).status_code == 200
    found = hq.get(f"{HQ}/duties")
    duty = next(one for one in found["duties"] if one["name"] == "report4")
    assert datetime.fromisoformat(duty["due"]) == known + 30 * MINUTE
    assert duty["presses"]
    assert entered(hq, "sent", utc_now().isoformat()).status_code == 200
    found = hq.get(f"{HQ}/duties")
    assert not next(one for one in found["duties"] if one["name"] == "report4")["presses"]
    assert found["report"]["report"] == 2
    assert "（第2報）" in printed(hq, PrintKind.REPORT)
    for _ in range(2):
        assert entered(hq, "sent", None).status_code == 200
    found = hq.get(f"{HQ}/duties")
    assert (found["report"]["report"], found["report"]["sent_at"]) == (1, None)
    assert next(one for one in found["duties"] if one["name"] == "report4")["presses"]
    end_event(hq.engine, CONSOLE, now=utc_now())
    over = hq.get(f"{HQ}/duties")["report"]
    assert (over["report"], over["known_at"]) == (1, None)


def test_of_two_officers_one_hears_that_the_other_was_first(hq: Headquarters) -> None:
    now, path = utc_now().isoformat(), f"{HQ}/duties/report4/sent"

    def pressed(value: str | None, seen: int, key: str = "") -> Any:
        body = {"key": key or str(uuid4()), "value": value, "seen": seen}
        return hq.ask(hq.approver, path, body)

    first = str(uuid4())
    one = pressed(now, 0, first).json()["entry"]
    assert pressed(now, 0, first).json()["entry"] == one
    assert pressed(now, 0).status_code == 409
    two = pressed(now, one).json()["entry"]
    assert pressed(None, two).status_code == 200
    late = pressed(None, two)
    assert late.status_code == 409
    assert "先に別の記入がありました" in late.text
    assert hq.get(f"{HQ}/duties")["report"]["report"] == 2
    assert entered(hq, "dead", "5").status_code == 200
    assert entered(hq, "dead", "3", seen=0).status_code == 409
    assert hq.get(f"{HQ}/duties")["entered"]["report4"]["dead"]["value"] == "5"


def test_the_head_count_of_the_report_is_that_of_the_event_log(hq: Headquarters) -> None:
    now = utc_now()
    ids = [one for (one,) in hq.database.rows("SELECT id FROM evacuation_site ORDER BY number")]
    assert "避難者数未確認" in printed(hq, PrintKind.REPORT)
    by = signed_in(hq.engine, Role.OPERATOR).caller
    for site, counts in (
        (ids[0], ((CountKind.TOTAL, 120), (CountKind.CHANGE, 5))),
        (ids[1], ((CountKind.TOTAL, 30),)),
    ):
        change_opening(hq.engine, by, site, Opening.OPEN, now=now - 5 * MINUTE)
        for minute, (kind, inside) in enumerate(counts):
            at = now - (4 - minute) * MINUTE
            one = GivenCount(id=str(uuid4()), kind=kind, persons=inside, at=at, confirmed=True)
            record_counts(hq.engine, by, site, [one], sent_at=at, now=at)
    logged: list[int | None]
    with looked(hq.engine) as found:
        logged = [
            headcounts.replay(found.connection, found.load.code, site, None).persons for site in ids
        ]
        persons, counted, unknown = head_count(found.state["sites"])
        report = first_report(found)
    assert persons == sum(one for one in logged if one is not None) == 155
    assert (counted, unknown) == (2, len(ids) - 2)
    assert "避難者 155人（数えた 2か所）" in [one["text"] for one in report["measures"]]
    paper = printed(hq, PrintKind.REPORT)
    assert "避難者155人（数えた2か所）" in paper
    assert f"計画では開いている避難場所{len(ids) - 2}か所未確認" in paper
    assert "155人" in printed(hq, PrintKind.HANDOVER)
    assert "この3時間のこと" in printed(hq, PrintKind.HANDOVER, "?hours=3")


def test_every_print_is_traced_to_the_recorded_state_that_it_is_of(hq: Headquarters) -> None:
    code = hq.database.one("SELECT code FROM city_load")
    for name in PrintKind:
        with transaction(hq.engine, latest=True) as connection:
            state = board_state(connection, utc_now())
            frame = replay.add_frame(connection, code, state, replay.mark_now(connection), None)
        record = state_hash(state)
        assert f"記録{record[:8]}（{frame.id}番）" in printed(hq, name)
        logged = "SELECT details->>'record' FROM audit_entry WHERE action = 'duty.printed'"
        assert hq.database.one(f"{logged} ORDER BY number DESC LIMIT 1") == record


def test_a_print_does_not_change_the_state_that_it_is_of(hq: Headquarters) -> None:
    papers = [printed(hq, PrintKind.CALLS) for _ in range(2)]
    first, second = (re.search("記録([0-9a-f]{8})", paper) for paper in papers)
    assert first
    assert second
    assert first[1] == second[1]


def test_a_print_has_no_number_of_a_frame_that_is_not_the_newest(hq: Headquarters) -> None:
    code = hq.database.one("SELECT code FROM city_load")
    with transaction(hq.engine, latest=True) as connection:
        state = board_state(connection, utc_now())
        mark = replay.mark_now(connection)
        replay.add_frame(connection, code, state, mark, None)
        replay.add_frame(connection, code, state | {"sources": {"x": {}}}, mark, None)
    with looked(hq.engine) as found:
        assert found.record == state_hash(state)
        assert found.frame is None


def test_the_list_by_district_has_the_households_of_the_state_and_no_place_at_level_5(
    hq: Headquarters,
) -> None:
    order(hq, AlertLevel.ALL_LEAVE, AREA)
    order(hq, AlertLevel.SECURE_NOW, OTHER)
    with looked(hq.engine) as found:
        rows = districts(found)
        total = found.state["city"]["city"]["households"]
    by_area = {one["area"]: one for one in rows}
    assert sum(one["households"] for one in rows) == total
    assert (by_area[OTHER]["level"], by_area[OTHER]["whole"]) == (5, True)
    assert (by_area[AREA]["level"], by_area[AREA]["places"]) == (4, [])
    assert by_area[OTHER]["expected"] is None
    assert [one["level"] for one in rows[:2]] == [5, 4]
    paper = printed(hq, PrintKind.DISTRICTS)
    assert re.search(f"{OTHER}5緊急安全確保.*?直ちに安全確保", paper)


@pytest.fixture
def kohama(tmp_path: Path, engine: Engine) -> Engine:
    """The small city, over which a bulletin of level 4 for landslides stands."""
    load_city(engine, write_small_city(tmp_path / "small"), lambda _: None)
    taken(engine, EARLIER)
    return engine


def test_a_criterion_that_is_met_is_open_until_it_is_ordered(kohama: Engine) -> None:
    def slide() -> dict[str, Any]:
        with looked(kohama, NOW) as found:
            rows = decision_table(found)["criteria"]
        return next(one for one in rows if one["hazard"] == "土砂災害" and one["level"] == 4)

    assert (slide()["reached"], slide()["open"], slide()["ordered"]) == (True, True, "未発令")
    changes.set_level(kohama, SLIDE, L4)
    assert (slide()["reached"], slide()["open"], slide()["ordered"]) == (True, False, "発令ずみ")


def test_the_wind_that_an_officer_entered_gives_the_moment_to_order_by(kohama: Engine) -> None:
    afternoon = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)
    storm = afternoon + timedelta(hours=3)
    with looked(kohama, afternoon) as found:
        before = decision_table(found)["city_deadlines"]
    assert before["wind"] is None
    enter(
        kohama,
        CONSOLE,
        Form.WIND,
        "expected_at",
        storm.isoformat(),
        confirmed=False,
        key=uuid4(),
        seen=0,
        now=afternoon,
    )
    with looked(kohama, afternoon) as found:
        table = decision_table(found)
    needed = table["needed"]["whole_min"] * MINUTE
    wind, sunset = table["city_deadlines"]["wind"], table["city_deadlines"]["sunset"]
    assert datetime.fromisoformat(wind["at"]) == storm - needed
    sets = datetime.fromisoformat(table["sun"]["sunset"])
    assert datetime.fromisoformat(sunset["at"]) == sets - needed
    assert not table["needed"]["known"]
    with looked(kohama, NOW) as found:
        night = decision_table(found)
    assert (night["dark"], night["city_deadlines"]["sunset"]) == (True, None)
