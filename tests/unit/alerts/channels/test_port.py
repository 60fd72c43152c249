"""The port, and what stands behind it without a carrier."""

import uuid

import pytest

from alerts.channels.line import LineCarrier
from alerts.channels.links import leave_link, mail_text, sms_text
from alerts.channels.mail import MailCarrier
from alerts.channels.mail_server import MailServer
from alerts.channels.null import NullCarrier
from alerts.channels.port import PRODUCTION, Batch, Carrier, Fate, Letter, check_reachable
from alerts.channels.redaction import LONGEST, without_addresses
from alerts.channels.smpp import SmppCarrier
from alerts.channels.smpp_account import SmppAccount
from alerts.channels.twilio import TwilioAccount, TwilioCarrier
from alerts.errors import NotLive
from alerts.kinds import ChannelKind

PLANTED = "+819077777777"
OUTSIDE = ["line.example", "10.0.0.1", "8.8.8.8", "2001:db8::1", "localhost.example", "", "0.0.0.0"]  # noqa: S104


@pytest.fixture(autouse=True)
def _no_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PRODUCTION, raising=False)


def carrier_of(kind: str, host: str) -> Carrier:
    """Make a carrier that speaks with that host."""
    origin = f"http://[{host}]" if ":" in host else f"http://{host}"
    if kind == "line":
        return LineCarrier("x", base_url=origin)
    if kind == "twilio":
        return TwilioCarrier(TwilioAccount("AC", "x", "+8150", base_url=origin))
    if kind == "smpp":
        return SmppCarrier(SmppAccount(host, 2775, "x", "x", source="1"), print)
    return MailCarrier(MailServer(host, 25, "bousai@city.example"))


@pytest.mark.parametrize("host", OUTSIDE)
@pytest.mark.parametrize("kind", ["line", "mail", "smpp", "twilio"])
def test_no_carrier_reaches_beyond_this_machine_unless_it_is_production(
    kind: str, host: str
) -> None:
    with pytest.raises(NotLive):
        carrier_of(kind, host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
@pytest.mark.parametrize("kind", ["line", "mail", "smpp", "twilio"])
def test_every_carrier_reaches_this_machine(kind: str, host: str) -> None:
    carrier = carrier_of(kind, host)
    assert carrier.kind in ChannelKind
    assert carrier.at_once >= 1
    assert carrier.rate > 0
    carrier.close()


@pytest.mark.parametrize("kind", ["line", "mail", "smpp", "twilio"])
def test_in_production_a_carrier_may_be_elsewhere(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PRODUCTION, "1")
    carrier_of(kind, "carrier.example").close()


def test_line_and_twilio_themselves_are_out_of_reach_here() -> None:
    with pytest.raises(NotLive):
        LineCarrier("x")
    with pytest.raises(NotLive):
        TwilioCarrier(TwilioAccount("AC", "x", "+8150"))


def test_only_the_word_one_means_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PRODUCTION, "0")
    with pytest.raises(NotLive):
        check_reachable("line.example")


def test_a_letter_in_a_log_shows_neither_address_nor_way() -> None:
    letter = Letter(7, PLANTED, "https://nigemichi.example/w/secret")
    batch = Batch(uuid.uuid4(), {"text": "避難"}, (letter,))
    assert "recipient=7" in repr(batch)
    assert PLANTED not in repr(batch)
    assert "secret" not in repr(batch)


def test_secrets_in_a_setting_are_not_shown() -> None:
    for one in (
        SmppAccount("127.0.0.1", 1, "x", "hush", source="1"),
        TwilioAccount("AC", "hush", "+8150", callback_url="https://x.example/hush"),
        MailServer("127.0.0.1", 25, "bousai@city.example", login="x", password="hush"),  # noqa: S106
    ):
        assert "hush" not in repr(one)


@pytest.mark.parametrize("kind", list(ChannelKind))
def test_the_null_carrier_takes_everything(kind: ChannelKind) -> None:
    carrier = NullCarrier(kind)
    letters = tuple(Letter(number, PLANTED) for number in range(3))
    handed = carrier.hand_over(Batch(uuid.uuid4(), {}, letters))
    carrier.close()
    assert carrier.kind is kind
    assert [one.fate for one in handed] == [Fate.ACCEPTED] * 3


def test_the_links_are_the_readers_own() -> None:
    with_way, without = Letter(1, PLANTED, "https://x.example/w/1"), Letter(2, PLANTED)
    assert leave_link(with_way) == "https://x.example/w/1/leave"
    assert leave_link(without) == ""
    assert sms_text("避難", with_way) == "避難\nhttps://x.example/w/1"
    assert sms_text("避難", without) == "避難"
    drilled = sms_text("【訓練】避難\n【訓練】", with_way)
    assert drilled == "【訓練】避難\nhttps://x.example/w/1\n【訓練】"
    assert mail_text("【訓練】避難【訓練】", with_way).endswith("/leave\n【訓練】\n")
    assert "https://x.example/w/1/leave" in mail_text("避難", with_way)
    assert mail_text("避難", without) == "避難\n"


@pytest.mark.parametrize(
    "address",
    [
        PLANTED,
        "09077777777",
        "090-7777-7777",
        "+81 90 7777 7777",
        "(090) 7777 7777",
        "tanaka@home.example",
        '<"old..dots."@docomo.ne.jp>',
        "U" + "7" * 32,
        "U" + "aF" * 16,
    ],
)
def test_what_a_carrier_says_loses_its_addresses(address: str) -> None:
    said = without_addresses(f"no such user: {address}, sorry\r\n")
    assert said.startswith("no such user:")
    assert address not in said
    assert "7777" not in said
    assert "\n" not in said


def test_what_a_carrier_says_stays_readable_and_short() -> None:
    assert without_addresses("4.2.0 Greylisted 300 s, messages[0].text") == (
        "4.2.0 Greylisted 300 s, messages[0].text"
    )
    assert len(without_addresses("x" * 9_000)) == LONGEST
