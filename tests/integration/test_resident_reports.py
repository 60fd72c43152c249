"""Residents report by a page without script: 未確認, whoever and however many they are."""

import re
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from api.gate.origins import LARGER
from city.staff import Role
from hazards.observation import ObservationState
from operations.observing.board import board
from operations.observing.deciding import decide
from operations.observing.merging import merge
from operations.serving import utc_now
from tests.integration.homed import slips
from tests.integration.observed import OFFICER
from tests.integration.registerhouse import House
from tests.integration.resident import HERE, Resident, checked, hidden
from tests.integration.small_city import position
from tests.integration.staffed import signed_in
from tests.pictures import a_large_photo, a_photo, exif


@pytest.fixture
def resident(house: House) -> Resident:
    """Somebody in the small city, where nobody reported yet."""
    with house.office.engine.begin() as connection:
        connection.exec_driver_sql(
            "TRUNCATE observation, closure, observation_photo, photo CASCADE"
        )
    app = house.client.app
    assert isinstance(app, FastAPI)
    app.state.report_limits = type(app.state.report_limits)()
    return Resident(house)


def test_a_report_without_script_arrives_unconfirmed_and_its_sender_reads_how_it_ended(
    resident: Resident,
) -> None:
    first = resident.get("/report")
    assert "命があぶないときは 119" in first
    assert 'value="rescue"' in first
    where = resident.get("/report?kind=slide&q=北町")
    assert "near=" in where
    closer = resident.post("/report/place", hidden(where) | {"tap.x": "144", "tap.y": "144"})
    assert "見えた場所を押してください" in closer or "大きくなります" in closer
    words = resident.placed()
    assert "未確認の報告として本部に届きます。これだけで道は止まりません。" in words
    form = hidden(words) | {"note": "木も\n倒れている", "link": "https://sns.example/post/1"}
    receipt = resident.post("/report", form)
    assert "未確認の報告として、本部に届きました。" in receipt
    ((kind, note, link, state, error_m),) = resident.rows(
        "SELECT source_kind, note, link, state, error_m FROM observation"
    )
    assert (kind, note, link, state) == (
        "public", "木も 倒れている", "https://sns.example/post/1", "reported",
    )  # fmt: skip
    assert error_m == 30
    resident.post("/report", form)
    assert resident.rows("SELECT count(*) FROM observation") == [(1,)]
    assert "受け付けました（未確認）" in resident.get("/report/mine")
    resident.say(ObservationState.CONFIRMED)
    assert "本部が確かめました" in resident.get("/report/mine")
    resident.say(ObservationState.RESOLVED, "土砂を片づけました")
    told = resident.get("/report/mine")
    assert "解消しました" in told
    assert "土砂を片づけました" in told
    assert "通れるかどうかは、避難の案内で" in told
    assert "Resolved" in resident.get("/report/mine?lang=en")


def test_only_the_secret_opens_a_report_and_it_stands_in_no_address_and_no_row(
    resident: Resident,
) -> None:
    receipt = resident.report()
    (code,) = set(re.findall(r"/report/mine#([\w-]{43})", receipt))
    rows = str(resident.rows("SELECT o::text FROM observation o UNION ALL SELECT a::text"
                             " FROM audit_entry a"))  # fmt: skip
    assert code not in rows
    resident.fresh()
    assert "がけくずれ" not in resident.get("/report/mine")
    assert "見られる報告はありません" in resident.post("/report/mine", {"code": "x" * 43}, 404)
    assert "がけくずれ" in resident.post("/report/mine", {"code": code})
    assert "がけくずれ" in resident.get("/report/mine")


def test_twenty_devices_with_the_same_nonsense_close_nothing(resident: Resident) -> None:
    for device in range(20):
        resident.fresh()
        receipt = resident.report("bridge")
        if device < 2:
            resident.photo(receipt, a_photo(seed=1))
    assert resident.rows("SELECT count(*) FROM closure") == [(0,)]
    found = board(resident.engine, utc_now())
    assert {row["state"] for row in found["reports"]} == {"corroborated"}
    assert {row["effect"] for row in found["reports"]} == {"doubted"}
    assert found["closures"] == []


def test_one_browser_and_one_home_corroborate_nothing_however_often_they_report(
    resident: Resident,
) -> None:
    resident.report()
    resident.report()
    (slip,) = slips(resident.engine, 3)
    resident.fresh()
    resident.post("/h", {"code": slip.token}, 303)
    answer = resident.house.client.get("/h/report")
    assert 'action="/report"' in checked(answer, 200)
    assert slip.token not in answer.headers["set-cookie"]
    resident.report("bridge")
    resident.report("bridge")
    sources = resident.rows("SELECT source, count(*) FROM observation GROUP BY 1 ORDER BY 1")
    assert [(source.split(":")[0], count) for source, count in sources] == [
        ("browser", 2),
        ("home", 2),
    ]
    states = {row["kind"]: row["state"] for row in board(resident.engine, utc_now())["reports"]}
    # Two sources, each twice: of one street.
    assert set(states.values()) == {"corroborated"}
    resident.rows("DELETE FROM observation_street WHERE observation IN (SELECT id FROM observation"
                  " WHERE kind = 'bridge') RETURNING 1")  # fmt: skip
    slides = [row for row in board(resident.engine, utc_now())["reports"] if row["kind"] == "slide"]
    assert {row["state"] for row in slides} == {"reported"}


def test_who_reports_more_often_than_anybody_sees_is_told_to_wait(resident: Resident) -> None:
    for _ in range(5):
        resident.report()
    form = hidden(resident.placed())
    found = resident.house.client.post("/report", data=form)
    assert found.status_code == 429
    assert int(found.headers["retry-after"]) <= 60
    app: Any = resident.house.client.app
    for _ in range(app.state.report_limits.addresses.most):
        app.state.report_limits.addresses.hit("testclient")
    resident.fresh()
    assert resident.house.client.post("/report", data=form).status_code == 429
    assert resident.rows("SELECT count(*) FROM observation") == [(5,)]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"note": "あ" * 201}, "200字まで"),
        ({"link": "http://sns.example/1"}, "https:// で始まる"),
        ({"link": "javascript:alert(1)"}, "https:// で始まる"),
        ({"link": "https://1.2.3.4.5"}, "https:// で始まる"),
        ({"trap": "buy"}, "空にして"),
        ({"kind": "aliens"}, "ひとつ選んでください"),
        ({"lat": "0", "lon": "0"}, "の外です"),
        ({"lat": "", "lon": ""}, "どこですか"),
    ],
    ids=range(8),
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    resident: Resident, wrong: dict[str, str], told: str
) -> None:
    found = resident.post("/report", hidden(resident.placed()) | wrong, 422)
    assert told in found
    assert resident.rows("SELECT count(*) FROM observation") == [(0,)]


def test_a_form_on_somebody_elses_page_reports_nothing(resident: Resident) -> None:
    form = hidden(resident.placed())
    found = resident.house.client.post(
        "/report", data=form, headers={"origin": "https://evil.example"}
    )
    assert found.status_code == 403
    assert resident.rows("SELECT count(*) FROM observation") == [(0,)]


def test_a_picture_as_it_was_taken_becomes_a_small_one_that_says_nothing_of_its_place(
    resident: Resident,
) -> None:
    receipt = resident.report()
    original = a_photo(2400, 1800, quality=97, exif=exif())
    assert b"Exif" in original
    assert len(original) > 30_000
    assert "写真を報告に足しました" in resident.photo(receipt, original)
    assert "もう届いています" in resident.photo(receipt, original)
    ((kept, size, photo),) = resident.rows(
        "SELECT p.held, p.bytes, o.photo FROM photo p, observation o"
    )
    assert size <= 30_000
    assert photo
    assert b"Exif" not in bytes(kept)
    assert "写真 1枚" in resident.get("/report/mine")
    for size in (10_000, 2_500_000):
        assert "写真を報告に足しました" in resident.photo(receipt, a_large_photo(size))
    assert "3枚まで" in resident.photo(receipt, a_photo(seed=3), 422)


def test_whatever_is_wrong_with_a_picture_the_report_stays(resident: Resident) -> None:
    receipt = resident.report()
    assert "その写真は開けません" in resident.photo(receipt, b"MZ\x90 program", 422)
    assert "選んでから" in resident.photo(receipt, b"", 422)
    large = resident.photo(receipt, b"\xff\xd8\xff" + bytes(LARGER["/report/photo"]), 413)
    assert "写真は 10 MB までです。小さくして送ってください。報告は、もう届いています。" in large
    assert "At most" not in large
    stranger = receipt.replace(hidden(receipt)["code"], "x" * 43)
    resident.fresh()
    resident.photo(stranger, a_photo(), 404)
    assert resident.rows("SELECT count(*) FROM observation_photo") == [(0,)]
    assert resident.rows("SELECT count(*) FROM observation") == [(1,)]


def test_whose_report_was_merged_reads_how_the_other_one_ended(resident: Resident) -> None:
    resident.report()
    ((first,),) = resident.rows("SELECT id FROM observation")
    resident.fresh()
    resident.report()
    ((other,),) = resident.rows(f"SELECT id FROM observation WHERE id <> '{first}'")  # noqa: S608
    merge(resident.engine, OFFICER, other, first, now=utc_now())
    decide(resident.engine, OFFICER, first, ObservationState.REFUTED, now=utc_now(),
           outcome="見回りましたが、ありません")  # fmt: skip
    assert "見回りましたが、ありません" in resident.get("/report/mine")


def test_officers_who_write_down_calls_and_pasted_links_answer_for_none_of_them(
    resident: Resident,
) -> None:
    lat, lon = position(*HERE)
    link = "https://sns.example/post/2"
    for role in (Role.OPERATOR, Role.APPROVER, Role.PHONE):
        given = {
            "id": str(uuid4()),
            "kind": "slide",
            "where": {"type": "Point", "coordinates": [lon, lat]},
            "error_m": 30,
            "note": "電話で聞いた",
            "link": link,
            "by_phone": True,
        }
        headers = signed_in(resident.engine, role).headers()
        found = resident.house.client.post("/api/v1/field/reports", json=given, headers=headers)
        assert found.json()["effect"] == "doubted"
    seen = resident.rows("SELECT DISTINCT source_kind, source, link FROM observation")
    assert seen == [("phone", "", link)]


def test_somewhere_in_a_town_names_no_street(resident: Resident) -> None:
    where = resident.get("/report?kind=slide&near=北町一丁目")
    assert "くわしい場所は分からない（北町一丁目のどこか）" in where
    words = resident.post("/report/place", {"kind": "slide", "rough": "北町一丁目"})
    resident.post("/report", hidden(words))
    assert resident.rows("SELECT count(*) FROM observation_street") == [(0,)]
    ((error_m,),) = resident.rows("SELECT error_m FROM observation")
    assert error_m > 100
