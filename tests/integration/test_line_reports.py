"""A report by LINE: picture and place, two questions, 未確認 with its picture, and how it ended."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from alerts.channels.line import LineCarrier
from alerts.channels.line_webhook import LineEvent, Located, Pictured, Tapped, Wrote
from data.linereports import MOST_TRIES
from hazards.observation import ObservationState
from operations.observing.deciding import decide
from operations.registering.from_line import hear
from operations.registering.keys import drop_old, rotate
from operations.residents.erasing import KEPT_FOR, erase_old
from operations.residents.sending import Residents
from operations.residents.talking import EACH_HOUR
from tests.integration.observed import OFFICER
from tests.integration.registered import NOW, USER, Office
from tests.integration.small_city import position
from tests.peers.controls import LineControl
from tests.peers.line_server import BEARER
from tests.peers.running import line_server
from tests.pictures import a_photo, exif

HERE = (6.5, 3.0)
OTHER = "Uffffffffffffffffffffffffffffffff"
SEEN = (
    "SELECT kind, source_kind, state, depth, note, photo, link FROM observation ORDER BY kind DESC"
)


@pytest.fixture(scope="module")
def line() -> Iterator[LineControl]:
    """LINE, as strict as its contract."""
    with line_server() as control:
        yield control


@dataclass
class Talk:
    """Somebody who speaks with the city by LINE, and the worker that answers."""

    office: Office
    line: LineControl
    worker: Residents
    heard: int = field(default=0)

    def say(self, kind: type[LineEvent], user: str = USER, **said: Any) -> None:
        """An event of theirs."""
        self.heard += 1
        event = kind(f"e{self.heard}", self.office.now, user, redelivered=False, **said)
        hear(self.office.engine, self.office.sealer, event, self.office.now)

    def picture(self, number: str = "101", user: str = USER) -> None:
        """They send a picture."""
        self.say(Pictured, user, picture=number)

    def place(self, user: str = USER, at: tuple[float, float] = HERE) -> None:
        """They send a place."""
        lat, lon = position(*at)
        self.say(Located, user, lat=lat, lon=lon)

    def tap(self, label: str, user: str = USER) -> None:
        """They tap a button of the last message."""
        (data,) = [one["data"] for one in self.buttons() if one["label"] == label]
        self.say(Tapped, user, reply_token="", data=data)

    def work(self) -> list[str]:
        """Let the worker do what is due; returns the texts that LINE took meanwhile."""
        before = len(self.line.messages())
        while self.worker(self.office.now):
            pass
        return [one["messages"][0]["text"] for one in self.line.messages()[before:]]

    def buttons(self) -> list[dict[str, str]]:
        """The buttons of the last message."""
        last = self.line.messages()[-1]["messages"][0]
        return [one["action"] for one in last.get("quickReply", {}).get("items", [])]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        return self.office.database.rows(query)

    def report(self, kind: str = "がけくずれ・土砂", answer: str = "いない") -> str:
        """A place and both answers; returns the last words of LINE."""
        self.place()
        self.work()
        self.tap(kind)
        self.work()
        self.tap(answer)
        return self.work()[-1]


@pytest.fixture
def talk(office: Office, line: LineControl) -> Iterator[Talk]:
    line.reset()
    line.have({})
    carrier = LineCarrier(BEARER, base_url=line.origin)
    yield Talk(office, line, Residents(office.engine, carrier, lambda: office.sealer))
    carrier.close()


def test_a_picture_and_a_place_become_a_report_after_two_questions(talk: Talk) -> None:
    talk.line.have({"101": a_photo(1200, 900, exif=exif())})
    talk.picture()
    (asked,) = talk.work()
    assert "どこですか" in asked
    assert talk.buttons() == [{"type": "location", "label": "場所を送る"}]
    talk.office.later(minutes=14)
    talk.place()
    (asked,) = talk.work()
    assert "何がありましたか" in asked
    assert "119" in asked
    assert len(talk.buttons()) == 8
    talk.tap("道が水につかっている")
    (asked,) = talk.work()
    assert "測りに行かないで" in asked
    assert talk.rows("SELECT count(*) FROM observation") == [(0,)]
    talk.tap("ひざくらい")
    (told,) = talk.work()
    assert "これだけで道は止まりません" in told
    assert talk.rows(SEEN) == [
        ("road_flooded", "public", "reported", "knee", "", True, ""),
    ]
    ((size, held),) = talk.rows("SELECT bytes, held FROM photo")
    assert size <= 30_000
    assert b"Exif" not in bytes(held)
    assert talk.rows("SELECT count(*) FROM closure") == [(0,)]
    assert talk.work() == []


def test_the_outcome_is_told_once_and_to_nobody_else(talk: Talk) -> None:
    talk.report()
    ((number,),) = talk.rows("SELECT id FROM observation")
    decide(talk.office.engine, OFFICER, number, ObservationState.CONFIRMED, now=talk.office.now)
    assert talk.work() == []
    said = "土砂を片づけました"
    state = ObservationState.RESOLVED
    decide(talk.office.engine, OFFICER, number, state, now=talk.office.now, outcome=said)
    (told,) = talk.work()
    assert "解消しました" in told
    assert said in told
    assert "避難の案内で確かめてください" in told
    assert talk.line.messages()[-1]["to"] == [USER]
    for state in (ObservationState.CONFIRMED, ObservationState.REFUTED):
        decide(talk.office.engine, OFFICER, number, state, now=talk.office.now)
    talk.office.later(minutes=1)
    assert talk.work() == []


def test_who_says_that_somebody_is_in_danger_is_sent_to_119_and_a_call_for_help_is_kept(
    talk: Talk,
) -> None:
    assert "すぐ 119" in talk.report(answer="助けがいる人がいる")
    assert [row[0] for row in talk.rows(SEEN)] == ["slide", "rescue"]


def test_who_falls_silent_is_reported_after_a_quarter_of_an_hour(talk: Talk) -> None:
    talk.line.have({"101": a_photo()})
    talk.place()
    talk.picture()
    talk.work()
    assert talk.rows(SEEN) == []
    talk.office.later(minutes=16)
    assert "未確認の報告として本部に届きました" in talk.work()[-1]
    assert [row[:3] for row in talk.rows(SEEN)] == [("other", "public", "reported")]


def test_words_of_an_open_report_go_with_it_and_other_words_do_not(talk: Talk) -> None:
    talk.say(Wrote, reply_token="", text="変更したい")
    talk.place()
    talk.work()
    talk.office.later(seconds=20)
    talk.say(Wrote, reply_token="", text="らんかんが\n落ちた\x00")
    assert "そこで何がありましたか" in talk.work()[-1]
    talk.tap("橋がこわれている")
    talk.work()
    talk.tap("いない")
    talk.work()
    assert [row[4] for row in talk.rows(SEEN)] == [
        "けが人も助けがいる人もいない（LINE での答え）　らんかんが 落ちた"
    ]
    assert talk.rows("SELECT count(*) FROM address_check") == [(1,)]


def test_a_picture_that_comes_after_the_answers_is_added(talk: Talk) -> None:
    talk.report()
    talk.line.have({"7": a_photo()})
    talk.picture("7")
    assert talk.work() == ["写真を報告に足しました。"]
    assert talk.rows("SELECT count(*) FROM observation_photo") == [(1,)]
    assert talk.rows("SELECT count(*) FROM observation") == [(1,)]


def test_a_picture_that_line_does_not_give_costs_no_report(talk: Talk) -> None:
    talk.picture("404")
    talk.report()
    assert talk.rows("SELECT picture_due FROM line_report") == [(None,)]
    talk.office.later(minutes=20)
    talk.line.have({}, status=500)
    talk.picture("8")
    talk.report()
    for _ in range(MOST_TRIES):
        talk.office.later(minutes=2)
        talk.work()
    assert talk.rows("SELECT picture_due FROM line_report") == [(None,), (None,)]
    assert talk.rows("SELECT count(*), bool_or(photo) FROM observation") == [(2, False)]


def test_nobody_answers_for_somebody_else_and_old_questions_say_so(talk: Talk) -> None:
    talk.place()
    talk.work()
    talk.tap("がけくずれ・土砂", OTHER)
    assert talk.work() == []
    for data in ("report=x", f"report={'0' * 32}&kind=slide", "report=&kind=slide&answer=1"):
        talk.say(Tapped, reply_token="", data=data)
    talk.office.later(hours=3)
    talk.tap("がけくずれ・土砂")
    assert "もう一度、場所を送ってください" in talk.work()[-1]
    assert talk.rows(SEEN) == []


def test_one_user_corroborates_nothing_and_is_told_when_it_is_too_often(talk: Talk) -> None:
    for _ in range(EACH_HOUR):
        talk.report()
        talk.office.later(minutes=1)
    ((source,),) = talk.rows("SELECT DISTINCT source FROM observation")
    assert source.startswith("line:")
    talk.place()
    assert "しばらく受け付けられません" in talk.work()[-1]


def test_the_user_stands_nowhere_in_the_database_and_is_forgotten(talk: Talk) -> None:
    talk.report()
    found = talk.rows(
        "SELECT r::text FROM line_report r UNION ALL SELECT o::text FROM observation o"
        " UNION ALL SELECT a::text FROM audit_entry a"
    )
    assert found
    assert USER not in str(found)
    assert USER.encode().hex() not in str(found)
    assert erase_old(talk.office.engine, NOW + KEPT_FOR + timedelta(minutes=5)) == 1
    assert len(talk.rows(SEEN)) == 1


def test_who_reported_before_the_keys_were_renewed_hears_of_it_all_the_same(talk: Talk) -> None:
    talk.report()
    office = talk.office
    rotate(office.engine, office.sealer.path, lambda _: None)
    assert list(drop_old(office.engine, office.sealer.path)) == [1]
    ((number,),) = talk.rows("SELECT id FROM observation")
    decide(office.engine, OFFICER, number, ObservationState.REFUTED, now=office.now)
    assert "いまはないと分かりました" in talk.work()[-1]
