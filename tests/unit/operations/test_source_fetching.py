"""Sources are fetched from real peers over TLS, which send on, drip, swell, break and lie."""

import logging
import ssl
from codecs import BOM_UTF8
from collections.abc import Iterator

import pytest

from hazards.information import Shape
from operations.information.addresses import Bounds
from operations.information.fetching import Fetcher, Known, NotFetched
from tests.peers.sourceserver import EMPTY, Publisher, packed, publisher
from tests.unit.alerts.channels.certificate import write_certificate

JSON = Shape.GEOJSON


def here(*_: object) -> list[str]:
    """Every name is this machine, as the city's resolver could be made to say."""
    return ["127.0.0.1"]


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publisher]:
    certificate = write_certificate(tmp_path_factory.mktemp("tls") / "peer.pem")
    with publisher(certificate, "127.0.0.1") as made:
        yield made


@pytest.fixture
def fetcher(peer: Publisher) -> Fetcher:
    """One of a test: it may reach this machine, and trusts the peer."""
    peer.asked.clear()
    return Fetcher(Bounds(loopback=True), peer.trust, here, most_bytes=100_000, most_s=5)


def refused(fetcher: Fetcher, url: str, shape: Shape = JSON) -> str:
    with pytest.raises(NotFetched) as why:
        fetcher.fetch(url, shape)
    return str(why.value)


def test_a_source_is_fetched_with_its_certificate_checked(
    peer: Publisher, fetcher: Fetcher
) -> None:
    url = peer.says("/a", EMPTY)
    assert fetcher.fetch(url, JSON).body == EMPTY
    other = url.replace("127.0.0.1", "elsewhere.example")
    assert "証明書" in refused(fetcher, other)
    stranger = Fetcher(fetcher.bounds, ssl.create_default_context(), here)
    assert "証明書" in refused(stranger, url)


def test_nothing_that_runs_for_a_city_reaches_this_machine(peer: Publisher) -> None:
    url = peer.says("/a", EMPTY)
    peer.asked.clear()
    assert "内部" in refused(Fetcher(trust=peer.trust), url)
    assert peer.asked == []


def test_a_copy_that_is_known_is_not_sent_again(peer: Publisher, fetcher: Fetcher) -> None:
    url = peer.says("/tagged", EMPTY, etag='"1"')
    known = fetcher.fetch(url, JSON).known
    assert fetcher.fetch(url, JSON, known).body is None
    assert peer.asked[-1][1]["if-none-match"] == '"1"'


def test_each_hop_is_checked(peer: Publisher, fetcher: Fetcher) -> None:
    peer.says("/there", EMPTY)
    assert fetcher.fetch(peer.sends_on("/on", "/there"), JSON).body == EMPTY
    for to, why in (
        ("http://127.0.0.1/x", "暗号化"),
        ("file:///etc/passwd", "https://"),
        ("https://u:p@127.0.0.1/", "パスワード"),
        ("https://127.0.0.1:25/", "ポート"),
    ):
        assert why in refused(fetcher, peer.sends_on("/away", to))
    assert "転送" in refused(fetcher, peer.sends_on("/round", "/round"))


def test_a_hop_to_a_private_address_is_not_followed(peer: Publisher, fetcher: Fetcher) -> None:
    def resolve(host: str, _: int) -> list[str]:
        return ["169.254.169.254"] if host == "metadata.example" else ["127.0.0.1"]

    sly = Fetcher(fetcher.bounds, fetcher.trust, resolve, most_s=5)
    assert "内部" in refused(sly, peer.sends_on("/sly", "https://metadata.example/latest"))


def test_a_name_that_changes_its_address_after_it_was_checked_leads_nowhere(
    peer: Publisher,
) -> None:
    told: list[str] = []

    def rebinding(host: str, _: int) -> list[str]:
        told.append(host)
        return ["127.0.0.1"] if len(told) == 1 else ["10.0.0.1"]

    url = peer.says("/a", EMPTY)
    sly = Fetcher(Bounds(loopback=True), peer.trust, rebinding, most_s=5)
    assert sly.fetch(url, JSON).body == EMPTY
    assert told == ["127.0.0.1"]  # once: the connection is to what was checked


def test_a_server_that_drips_is_left(peer: Publisher, fetcher: Fetcher) -> None:
    quick = Fetcher(fetcher.bounds, fetcher.trust, here, most_s=0.3)
    assert "時間" in refused(quick, f"{peer.url}/drips")


def test_too_much_is_not_read_packed_or_not(peer: Publisher, fetcher: Fetcher) -> None:
    assert "大きすぎ" in refused(fetcher, peer.says("/huge", b" " * 200_000))
    bomb = packed(b" " * 30_000_000)
    assert len(bomb) < 100_000
    assert "大きすぎ" in refused(fetcher, peer.says("/bomb", bomb, content_encoding="gzip"))
    fine = peer.says("/fine", packed(EMPTY), content_encoding="gzip")
    assert fetcher.fetch(fine, JSON).body == EMPTY


def test_all_members_of_a_packed_body_are_read_within_the_limit(
    peer: Publisher, fetcher: Fetcher
) -> None:
    members = packed(EMPTY[:10]) + packed(EMPTY[10:])
    url = peer.says("/members", members, content_encoding="gzip")
    assert fetcher.fetch(url, JSON).body == EMPTY
    half = packed(EMPTY) + packed(EMPTY)[:-9]
    assert "途中" in refused(fetcher, peer.says("/torn", half, content_encoding="gzip"))
    bomb = packed(b" " * 60_000) * 2
    assert "大きすぎ" in refused(fetcher, peer.says("/bombs", bomb, content_encoding="gzip"))


def test_a_broken_or_an_unknown_packing_is_refused(peer: Publisher, fetcher: Fetcher) -> None:
    half = packed(b"{}" * 5000)[:40]
    assert "圧縮" in refused(fetcher, peer.says("/half", half, content_encoding="gzip"))
    assert "圧縮" in refused(fetcher, peer.says("/no", b"{}", content_encoding="gzip"))
    assert "圧縮" in refused(fetcher, peer.says("/br", b"{}", content_encoding="br"))


def test_a_table_that_ends_where_the_server_hangs_up_must_end_its_last_row(
    peer: Publisher, fetcher: Fetcher
) -> None:
    whole, half = "名称,内容\n橋,通行止め\n".encode(), "名称,内容\n橋,通行".encode()
    said = {"content_type": "text/csv", "connection": "close"}
    assert fetcher.fetch(peer.says("/whole", whole, **said), Shape.CSV).body == whole
    assert "途中" in refused(fetcher, peer.says("/half", half, **said), Shape.CSV)
    sized = peer.says("/sized", half, content_type="text/csv")
    assert fetcher.fetch(sized, Shape.CSV).body == half
    zipped = peer.says("/zipped", packed(half), content_encoding="gzip", **said)
    assert fetcher.fetch(zipped, Shape.CSV).body == half
    plain = peer.says("/plain", EMPTY, connection="close")
    assert fetcher.fetch(plain, Shape.GSI_SITES).body == EMPTY
    marked = peer.says("/marked", BOM_UTF8 + EMPTY, connection="close")
    assert fetcher.fetch(marked, Shape.GSI_SITES).body == BOM_UTF8 + EMPTY


def test_a_notice_in_html_is_no_data(peer: Publisher, fetcher: Fetcher) -> None:
    url = peer.says("/html", b"<html>", content_type="text/html; charset=utf-8")
    assert "別の種類" in refused(fetcher, url)
    assert "404" in refused(fetcher, f"{peer.url}/nothing")


def test_a_key_in_an_address_is_in_no_log_and_no_failure(
    peer: Publisher, fetcher: Fetcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "nigemichi")
    for path in ("/nothing?key=SECRET", "/drips?key=SECRET", "/html?key=SECRET"):
        assert "SECRET" not in refused(fetcher, peer.url + path)
    assert "SECRET" not in caplog.text


def test_a_refused_condition_is_no_answer(peer: Publisher, fetcher: Fetcher) -> None:
    url = peer.says("/odd", b"", 304)
    assert "304" in refused(fetcher, url)
    assert fetcher.fetch(url, JSON, Known('"1"')).body is None
