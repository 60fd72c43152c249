"""The chronology: what people enter is never changed, what the system does enters by itself."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

from city.staff import CONSOLE
from data.database import transaction
from data.people import audit
from operations.places.needs import report_need
from operations.serving import utc_now
from shelters.needs import GivenNeed, NeedKind
from tests.integration.alerted import AREA, Headquarters
from tests.integration.staffed import Signed

CHRONOLOGY = "/api/v1/headquarters/chronology"


def write(hq: Headquarters, content: str, by: Signed | None = None, **more: Any) -> Any:
    """What the API answers to a line."""
    body = {"key": str(uuid4()), "from": "土木", "to": "統括", "content": content, **more}
    return hq.ask(by or hq.writer, CHRONOLOGY, body)


def read(hq: Headquarters, query: str = "") -> Any:
    return hq.get(f"{CHRONOLOGY}{query}")


def test_a_line_stands_as_it_was_entered_once(hq: Headquarters) -> None:
    key = str(uuid4())
    first = hq.well(write(hq, "中瀬橋の水位、桁下 1.2 m", key=key))
    assert hq.well(write(hq, "中瀬橋の水位、桁下 1.2 m", key=key)) == first
    edited = write(hq, "別の文", key=key)
    assert (edited.status_code, "訂正として" in edited.text) == (409, True)
    (line,) = [one for one in read(hq)["entries"] if not one["by_system"]]
    assert line == first
    assert (line["from"], line["to"], line["state"]) == ("土木", "統括", "open")
    assert line["entered_by"] == "本部 担当"
    assert line["signed"] == f"本部 担当 {hq.writer.caller.name}"
    assert {one["signed"] for one in read(hq)["entries"] if one["by_system"]} <= {""}
    taken = write(hq, "他人の番号", by=hq.approver, key=key)
    assert taken.status_code == 409


def test_a_correction_is_a_line_of_its_own(hq: Headquarters) -> None:
    wrong = hq.well(write(hq, "渡場1〜4丁目"))
    right = hq.well(write(hq, "渡場1〜3丁目", by=hq.approver, corrects=wrong["ref"]))
    lines = {one["ref"]: one for one in read(hq)["entries"]}
    assert right["corrects"] == wrong["ref"]
    assert lines[wrong["ref"]]["corrected_by"] == right["ref"]
    assert lines[wrong["ref"]]["content"] == "渡場1〜4丁目"


def test_of_two_corrections_of_one_line_the_second_is_told_of_the_first(hq: Headquarters) -> None:
    wrong = hq.well(write(hq, "渡場1〜4丁目"))
    key = str(uuid4())
    first = hq.well(write(hq, "渡場1〜3丁目", corrects=wrong["ref"], key=key))
    assert hq.well(write(hq, "渡場1〜3丁目", corrects=wrong["ref"], key=key)) == first
    other = write(hq, "渡場1〜2丁目", by=hq.approver, corrects=wrong["ref"])
    assert (other.status_code, other.json()["title"]) == (409, "もう訂正されています")
    assert first["ref"] in other.json()["detail"]
    assert other.json()["newer"] == first
    second = hq.well(write(hq, "渡場1〜2丁目", by=hq.approver, corrects=first["ref"]))
    again = write(hq, "渡場1丁目", corrects=wrong["ref"])
    assert again.json()["newer"] == second


def test_what_cannot_be_a_line_is_refused_in_words(hq: Headquarters) -> None:
    later = (utc_now() + timedelta(minutes=5)).isoformat()
    audit = next(one for one in sent(hq) if one["ref"].startswith("audit:"))
    for status, words, more in (
        (409, "内容を一行で", {"content": "  "}),
        (422, "400字まで", {"content": "あ" * 401}),
        (409, "時刻が今より後", {"content": "来た", "at": later}),
        (409, "自動で入った行", {"content": "訂正", "corrects": audit["ref"]}),
        (404, "entry:99", {"content": "訂正", "corrects": "entry:99"}),
        (409, "番号がわかりません", {"content": "訂正", "corrects": "99"}),
    ):
        answer = write(hq, **more)
        assert (answer.status_code, words in answer.text) == (status, True), answer.text


def sent(hq: Headquarters) -> list[dict[str, Any]]:
    hq.send(hq.draft())
    found: list[dict[str, Any]] = read(hq)["entries"]
    return found


def test_what_the_system_does_enters_by_itself(hq: Headquarters) -> None:
    lines = sent(hq)
    contents = [one["content"] for one in lines]
    assert f"避難情報を発令：避難指示（洪水） {AREA}" in contents
    assert "配信を承認して送信：警戒レベル4 避難指示・洪水（第1版）" in contents
    assert all(one["by_system"] and one["state"] == "done" for one in lines)
    assert lines[0]["from"] == "本部 承認者"


def test_pages_go_on_from_the_last_line(hq: Headquarters) -> None:
    begun = read(hq)
    refs = [hq.well(write(hq, f"{number}件目"))["ref"] for number in range(5)][::-1]
    new = read(hq, f"?after={begun['newest']}")
    assert [one["ref"] for one in new["entries"]] == refs
    assert read(hq, f"?after={new['newest']}")["entries"] == []
    first = read(hq, f"?after={begun['newest']}&limit=2")
    assert [one["ref"] for one in first["entries"]] == refs[3:]
    assert first["more"]
    then = read(hq, f"?after={first['newest']}")
    assert [one["ref"] for one in then["entries"]] == refs[:3]
    page = read(hq, "?limit=3")
    rest = read(hq, f"?before={page['entries'][-1]['ref']}")
    assert [one["ref"] for one in page["entries"] + rest["entries"]][:5] == refs
    assert read(hq, f"?after={refs[2]}")["entries"][-1]["ref"] == refs[1]


def test_how_far_it_is_is_said_of_any_line(hq: Headquarters) -> None:
    line = hq.well(write(hq, "橋を見る"))
    path = f"{CHRONOLOGY}/{line['ref']}/state"
    said = hq.well(hq.ask(hq.approver, path, {"state": "working", "owner": "土木班"}))
    assert (said["state"], said["owner"]) == ("working", "土木班")
    said = hq.well(hq.ask(hq.approver, path, {"state": "done"}))
    assert (said["state"], said["owner"]) == ("done", "土木班")
    said = hq.well(hq.ask(hq.approver, path, {"state": "done", "owner": ""}))
    assert said["owner"] == ""
    audit = sent(hq)[0]["ref"]
    said = hq.well(hq.ask(hq.writer, f"{CHRONOLOGY}/{audit}/state", {"state": "open"}))
    assert (said["state"], said["by_system"]) == ("open", True)
    query = "SELECT max(number) FROM audit_entry WHERE action = 'chronology.stated'"
    for ref in ("version:99", f"audit:{hq.database.one(query)}"):
        none = hq.ask(hq.writer, f"{CHRONOLOGY}/{ref}/state", {"state": "done"})
        assert none.status_code == 404


def test_what_a_place_asks_for_is_open_until_it_is_answered(hq: Headquarters) -> None:
    site = hq.get("/api/v1/headquarters")["sites"][0]
    need = GivenNeed(uuid4(), NeedKind.SUPPLIES, "毛布", utc_now())
    report_need(hq.engine, CONSOLE, site["id"], need, utc_now())

    def state() -> str:
        content = f"要請を送信：{site['name']} 物資"
        (found,) = [one["state"] for one in read(hq)["entries"] if one["content"] == content]
        return str(found)

    assert state() == "open"
    for answer, becomes in (("accepted", "working"), ("done", "done")):
        path = f"/api/v1/headquarters/needs/{need.id}"
        hq.well(hq.ask(hq.writer, path, {"state": answer}))
        assert state() == becomes


def test_nothing_of_a_person_enters_by_itself(hq: Headquarters) -> None:
    site = hq.get("/api/v1/headquarters")["sites"][0]["id"]
    contact = {"phone": "042-555-0199", "key_holder": "架空山太郎"}
    hq.well(hq.ask(hq.writer, f"/api/v1/headquarters/sites/{site}/contact", contact))
    rescue = {"id": str(uuid4()), "place": "押し入れ", "condition": "祖母"}
    hq.well(hq.ask(hq.writer, "/api/v1/headquarters/rescues", rescue))
    sent(hq)
    text = json.dumps(read(hq), ensure_ascii=False)
    assert "要救助を受付：1番" in text
    secrets = ("架空山太郎", "0199", "押し入れ", "祖母", hq.writer.caller.name)
    assert not [secret for secret in secrets if secret in text]


def test_a_call_to_a_facility_enters_with_its_name_and_answer(hq: Headquarters) -> None:
    number, name = hq.database.rows("SELECT id, name FROM facility ORDER BY number LIMIT 1")[0]
    with transaction(hq.engine, latest=True) as connection:
        for action, more in (("care.called", {"answer": "no_answer"}), ("care.corrected", {})):
            audit.record(connection, CONSOLE, action, number, call=1, **more)
    contents = [one["content"] for one in read(hq)["entries"]]
    assert contents[:2] == [
        f"施設への電話の記録を取り消し：{name}",
        f"要配慮者利用施設に電話：{name} 出ない",
    ]
