"""Mail by SMTP, against a mail server that keeps what it took."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest

from alerts.channels import mail_letter
from alerts.channels.mail import MailCarrier
from alerts.channels.mail_server import MailServer, Tls
from alerts.channels.port import Fate
from tests.peers.controls import SmtpControl
from tests.unit.alerts.channels.letters import WAY, a_batch, fates, mail_batch, mails

PATIENCE_S = 1.8
SENDER = "bousai@city.example"
NOW = datetime(2026, 10, 11, 18, 5, tzinfo=UTC)
KEY = UUID(int=7)


def a_server(mail_server: SmtpControl, *, connections: int = 4) -> MailServer:
    """The stand-in, as the city would name its own."""
    return MailServer(
        "127.0.0.1",
        mail_server.port,
        SENDER,
        "浅瀬市（架空）",
        tls=Tls.NONE,
        connections=connections,
    )


@pytest.fixture
def carrier(mail_server: SmtpControl) -> Iterator[MailCarrier]:
    made = MailCarrier(a_server(mail_server), timeout_s=60, clock=lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def hasty(mail_server: SmtpControl) -> Iterator[MailCarrier]:
    made = MailCarrier(a_server(mail_server), timeout_s=PATIENCE_S)
    yield made
    made.close()


def test_each_letter_is_a_mail_of_its_own(mail_server: SmtpControl, carrier: MailCarrier) -> None:
    handed = carrier.hand_over(mail_batch(mails(50)))
    assert set(fates(handed)) == {Fate.ACCEPTED}
    assert mail_server.counts() == dict.fromkeys(mails(50), 1)
    assert [one.reference for one in handed] == [one["message_id"] for one in mail_server.mails()]


def test_its_headers_say_who_sends_what_and_how_to_leave(
    mail_server: SmtpControl, carrier: MailCarrier
) -> None:
    subject = (
        "【警戒レベル4】避難指示　浅瀬川が氾濫するおそれがあります。いますぐ避難してください。"
    )
    way = "https://nigemichi.city.example/w/" + "x" * 90
    batch = a_batch(mails(1), {"subject": subject, "text": ".避難\n.\n..終わり"}, link=way)
    carrier.hand_over(batch)
    (mail,) = mail_server.mails()
    link, headers = batch.letters[0].link, mail["headers"]
    assert headers["From"] == f"浅瀬市（架空） <{SENDER}>"
    assert headers["To"] == mails(1)[0]
    assert headers["Subject"] == subject
    assert headers["Date"] == "Sun, 11 Oct 2026 18:05:00 +0000"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["List-Unsubscribe"] == f"<{link}/leave>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Content-Type"] == 'text/plain; charset="utf-8"'
    assert mail["text"].replace("\r\n", "\n") == (
        f".避難\n.\n..終わり\n\n{link}\n\n配信をやめる (unsubscribe):\n{link}/leave\n"
    )


def test_a_long_link_is_not_folded_into_encoded_words(mail_server: SmtpControl) -> None:
    way = "https://nigemichi.city.example/w/" + "x" * 90
    batch = a_batch(mails(1), {"subject": "避難" * 60, "text": "避難"}, link=way)
    octets = mail_letter.octets(batch, batch.letters[0], a_server(mail_server), now=NOW)
    assert f"\r\nList-Unsubscribe: <{way}0/leave>\r\n".encode() in octets
    assert octets.isascii()
    assert octets.endswith(b"\r\n.\r\n")
    assert not any(line.startswith(b".") for line in octets.split(b"\r\n")[:-2])


def test_a_letter_without_a_way_has_no_way_to_leave(
    mail_server: SmtpControl, carrier: MailCarrier
) -> None:
    carrier.hand_over(a_batch(mails(1), {"subject": "訓練", "text": "訓練です"}, link=""))
    (mail,) = mail_server.mails()
    assert "List-Unsubscribe" not in mail["headers"]
    assert mail["text"].strip() == "訓練です"


def test_a_duplicate_is_recognisable(mail_server: SmtpControl, carrier: MailCarrier) -> None:
    batch = mail_batch(mails(2), key=KEY)
    first, again = carrier.hand_over(batch), carrier.hand_over(batch)
    assert [one.reference for one in again] == [one.reference for one in first]
    assert first[0].reference != first[1].reference
    assert first[0].reference.endswith("@city.example>")
    assert mail_server.counts(first[0].reference) == {mails(1)[0]: 2}
    assert mail_server.summary()["repeated"] == 2


@pytest.mark.parametrize(
    ("behaviour", "fate"),
    [
        ("data_later", Fate.NOT_TAKEN),
        ("data_refused", Fate.REFUSED),
        ("rcpt_later", Fate.NOT_TAKEN),
        ("rcpt_refused", Fate.REFUSED),
    ],
)
def test_what_is_of_one_letter_leaves_the_others_alone(
    mail_server: SmtpControl, carrier: MailCarrier, behaviour: str, fate: Fate
) -> None:
    mail_server.behave(behaviour, times=1)
    handed = carrier.hand_over(mail_batch(mails(3)))
    assert fates(handed) == [fate, Fate.ACCEPTED, Fate.ACCEPTED]
    assert not handed[0].for_all
    assert handed[0].why[:3].isdigit()


def test_a_server_that_may_write_to_nobody_refuses_us_and_not_the_letters(
    mail_server: SmtpControl, carrier: MailCarrier
) -> None:
    mail_server.behave("rcpt_denied", times=3)
    batch = mail_batch(mails(3))
    handed = carrier.hand_over(batch)
    assert [(one.fate, one.for_all) for one in handed] == [(Fate.NOT_TAKEN, True)] * 3
    assert "Relay access denied" in handed[0].why
    assert "@" not in handed[0].why
    mail_server.behave("rcpt_denied", times=1)
    assert fates(carrier.hand_over(batch)) == [Fate.REFUSED, Fate.ACCEPTED, Fate.ACCEPTED]


@pytest.mark.parametrize("behaviour", ["closing", "sender_refused", "drop_before"])
def test_what_is_of_the_server_stops_the_rest(
    mail_server: SmtpControl, carrier: MailCarrier, behaviour: str
) -> None:
    mail_server.behave(behaviour, times=1)
    batch = mail_batch(mails(3))
    assert [(one.fate, one.for_all) for one in carrier.hand_over(batch)] == [
        (Fate.NOT_TAKEN, True)
    ] * 3
    assert mail_server.tally()["requests"] == 1
    assert fates(carrier.hand_over(batch)) == [Fate.ACCEPTED] * 3


@pytest.mark.parametrize("behaviour", ["drop_after", "hang", "late"])
def test_without_an_answer_after_the_text_a_letter_is_unknown(
    mail_server: SmtpControl, carrier: MailCarrier, hasty: MailCarrier, behaviour: str
) -> None:
    mail_server.behave(behaviour, times=1, seconds=4)
    handed = (carrier if behaviour == "drop_after" else hasty).hand_over(mail_batch(mails(3)))
    assert fates(handed) == [Fate.UNKNOWN, Fate.NOT_TAKEN, Fate.NOT_TAKEN]
    arrived = behaviour != "hang"
    assert mail_server.counts() == (dict.fromkeys(mails(1), 1) if arrived else {})
    assert fates(carrier.hand_over(mail_batch(mails(3)))) == [Fate.ACCEPTED] * 3


def test_nobody_there_means_not_taken(mail_server: SmtpControl, carrier: MailCarrier) -> None:
    batch = mail_batch(mails(2))
    mail_server.behave("off")
    assert fates(carrier.hand_over(batch)) == [Fate.NOT_TAKEN] * 2
    mail_server.behave("ok")
    assert fates(carrier.hand_over(batch)) == [Fate.ACCEPTED] * 2


def test_a_kept_conversation_that_broke_is_renewed(
    mail_server: SmtpControl, carrier: MailCarrier
) -> None:
    carrier.hand_over(mail_batch(mails(1)))
    mail_server.behave("off")
    mail_server.behave("ok")
    assert fates(carrier.hand_over(mail_batch(mails(2)))) == [Fate.ACCEPTED] * 2


def test_a_server_that_hangs_costs_the_time_out_and_no_more(
    mail_server: SmtpControl, hasty: MailCarrier
) -> None:
    mail_server.behave("hang", seconds=20)
    began = time.monotonic()
    hasty.hand_over(mail_batch(mails(50)))
    assert time.monotonic() - began < 10


def test_a_slow_server_gets_no_letter_after_half_of_the_time(
    mail_server: SmtpControl, hasty: MailCarrier
) -> None:
    mail_server.behave("late", seconds=PATIENCE_S / 6)
    handed = hasty.hand_over(mail_batch(mails(10)))
    begun = fates(handed).index(Fate.NOT_TAKEN)
    assert fates(handed) == [Fate.ACCEPTED] * begun + [Fate.NOT_TAKEN] * (10 - begun)
    assert not any(one.for_all for one in handed)
    assert mail_server.summary()["deliveries"] == begun


def test_where_all_conversations_are_busy_nothing_is_taken(mail_server: SmtpControl) -> None:
    carrier = MailCarrier(a_server(mail_server, connections=1), timeout_s=PATIENCE_S)
    mail_server.behave("hang", seconds=4)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(carrier.hand_over, mail_batch(mails(1)))
        while not mail_server.tally():
            time.sleep(0.01)
        assert fates(carrier.hand_over(mail_batch(mails(2)))) == [Fate.NOT_TAKEN] * 2
        assert fates(first.result()) == [Fate.UNKNOWN]
    carrier.close()


@pytest.mark.parametrize(
    "address",
    ["a@home.example\r\nRCPT TO:<b@home.example>", "a b@home.example", "名前@home.example", "\x00"],
)
def test_an_address_never_ends_a_line_of_the_conversation(
    mail_server: SmtpControl, carrier: MailCarrier, address: str
) -> None:
    assert fates(carrier.hand_over(mail_batch([address, *mails(1)]))) == [
        Fate.REFUSED,
        Fate.ACCEPTED,
    ]
    assert mail_server.counts() == dict.fromkeys(mails(1), 1)


def test_an_old_address_with_odd_dots_is_delivered(
    mail_server: SmtpControl, carrier: MailCarrier
) -> None:
    assert fates(carrier.hand_over(mail_batch(['"old..dots."@docomo.ne.jp']))) == [Fate.ACCEPTED]
    assert list(mail_server.counts()) == ["old..dots.@docomo.ne.jp"]


def test_many_threads_share_the_conversations(mail_server: SmtpControl) -> None:
    carrier = MailCarrier(a_server(mail_server, connections=2), timeout_s=60)
    batches = [mail_batch(mails(5, first=5 * number)) for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        handed = list(threads.map(carrier.hand_over, batches))
    carrier.close()
    assert {fate for each in handed for fate in fates(each)} == {Fate.ACCEPTED}
    assert mail_server.counts() == dict.fromkeys(mails(40), 1)


def test_the_way_is_the_readers_own(mail_server: SmtpControl, carrier: MailCarrier) -> None:
    carrier.hand_over(mail_batch(mails(3)))
    ways = [f"{WAY}{place}" for place in range(3)]
    for mail, way in zip(mail_server.mails(), ways, strict=True):
        assert [other for other in ways if f"{other}\r\n" in mail["text"]] == [way]
