"""Mail over TLS, with a login, to a server whose certificate is checked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from alerts.channels.errors import WrongSetting
from alerts.channels.mail import MailCarrier
from alerts.channels.mail_server import MailServer, Tls
from alerts.channels.port import Fate, Handed
from tests.peers.controls import SmtpControl
from tests.peers.running import smtp_server
from tests.peers.smtp_server import ENTERS_WITH, LOGIN
from tests.unit.alerts.channels.certificate import write_certificate
from tests.unit.alerts.channels.letters import fates, mail_batch, mails

ENCRYPTED = [Tls.STARTTLS, Tls.TLS]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("tls") / "server.pem")


@pytest.fixture(scope="module", params=ENCRYPTED)
def encrypted(
    request: pytest.FixtureRequest, certificate: Path
) -> Iterator[tuple[Tls, SmtpControl]]:
    tls: Tls = request.param
    with smtp_server("--tls", tls, "--certificate", str(certificate), "--login") as peer:
        yield tls, peer


@pytest.fixture
def server(encrypted: tuple[Tls, SmtpControl], certificate: Path) -> MailServer:
    tls, peer = encrypted
    peer.reset()
    return MailServer(
        "127.0.0.1",
        peer.port,
        "bousai@city.example",
        tls=tls,
        login=LOGIN.decode(),
        password=ENTERS_WITH.decode(),
        authorities=str(certificate),
    )


def handed_over(server: MailServer) -> list[Handed]:
    """What becomes of two letters."""
    carrier = MailCarrier(server, timeout_s=20)
    handed = list(carrier.hand_over(mail_batch(mails(2))))
    carrier.close()
    return handed


def test_letters_go_encrypted_and_with_a_login(
    server: MailServer, encrypted: tuple[Tls, SmtpControl]
) -> None:
    assert fates(handed_over(server)) == [Fate.ACCEPTED] * 2
    assert encrypted[1].counts() == dict.fromkeys(mails(2), 1)


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(server: MailServer) -> None:
    handed = handed_over(replace(server, authorities=""))
    assert [(one.fate, one.for_all) for one in handed] == [(Fate.NOT_TAKEN, True)] * 2
    assert handed[0].why == "SSLCertVerificationError"


def test_a_wrong_login_loses_no_letter(server: MailServer) -> None:
    handed = handed_over(replace(server, password=server.login))
    assert [(one.fate, one.for_all) for one in handed] == [(Fate.NOT_TAKEN, True)] * 2
    assert handed[0].why.startswith("535")


def test_a_server_without_starttls_gets_neither_login_nor_letter() -> None:
    with smtp_server() as plain:
        server = MailServer("127.0.0.1", plain.port, "bousai@city.example", tls=Tls.STARTTLS)
        assert fates(handed_over(server)) == [Fate.NOT_TAKEN] * 2
        assert plain.counts() == {}


def test_no_login_goes_in_the_clear() -> None:
    with pytest.raises(WrongSetting, match="TLS"):
        MailServer("127.0.0.1", 25, "bousai@city.example", tls=Tls.NONE, login="nigemichi")
