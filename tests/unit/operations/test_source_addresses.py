"""Where a source may be: the public internet, and nothing that stands behind our own walls."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.staff import CONSOLE
from hazards.information import Shape, Theme, Way
from operations.errors import Refused
from operations.information.addresses import (
    Bounds,
    Forbidden,
    checked,
    is_public,
    refuse_inside,
    resolved,
)
from operations.information.registering import GivenSource, _place

NEVER_4 = [
    ip_network(one)
    for one in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3"),
    )
]


@given(st.integers(0, 2**32 - 1))
def test_no_ipv4_address_of_a_network_of_ours_is_public(number: int) -> None:
    address = IPv4Address(number)
    if any(address in network for network in NEVER_4):
        assert not is_public(address)


@given(st.sampled_from(NEVER_4), st.integers(0, 2**32 - 1))
def test_no_address_inside_such_a_network_is_public(network, number: int) -> None:  # type: ignore[no-untyped-def]
    assert not is_public(network[number % network.num_addresses])


@given(st.integers(0, 2**32 - 1))
def test_no_ipv6_address_that_stands_for_an_ipv4_address_is_public(number: int) -> None:
    for base in ("::", "::ffff:0:0", "64:ff9b::", "::ffff:0:0:0"):
        assert not is_public(IPv6Address(int(IPv6Address(base)) | number))
    assert not is_public(IPv6Address((0x2002 << 112) | (number << 80)))


@given(st.integers(0, 2**128 - 1))
def test_an_ipv6_address_that_is_public_is_of_the_global_internet(number: int) -> None:
    if is_public(IPv6Address(number)):
        assert number >> 125 == 1


@pytest.mark.parametrize(
    "text",
    [
        *("127.0.0.1", "169.254.169.254", "fd00:ec2::254", "fe80::1", "::1", "::", "0.0.0.0"),  # noqa: S104
        *("224.0.0.1", "ff02::1", "fec0::1", "168.63.129.16", "255.255.255.255", "2001:db8::1"),
    ],
)
def test_what_a_cloud_or_a_machine_keeps_for_itself_is_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


def test_machines_of_the_internet_are_public() -> None:
    assert is_public(ip_address("93.184.215.14"))
    assert is_public(ip_address("2606:2800:21f:cb07:6820:80da:af6b:8b2c"))


def test_a_name_with_one_address_inside_is_refused_whole() -> None:
    with pytest.raises(Forbidden):
        resolved("x", 443, Bounds(), lambda *_: ["93.184.215.14", "10.0.0.1"])


@pytest.mark.parametrize(
    "url",
    [
        "http://www.example.jp/a",
        "ftp://www.example.jp/a",
        "file:///etc/passwd",
        "https://user:pw@www.example.jp/",
        "https://user@www.example.jp/",
        "https:///a",
        "https://www.example.jp:22/",
        "https://www.example.jp:99999/",
        "https://www.exämple.jp/",
        "https://www.example.jp/a b",
        "https://www.example.jp/\n",
        "//www.example.jp/",
        "https://[::1",
        "",
    ],
)
def test_an_address_of_no_web_page_is_refused(url: str) -> None:
    with pytest.raises(Forbidden):
        checked(url, Bounds())


def test_http_is_for_hosts_that_the_city_names() -> None:
    bounds = Bounds(frozenset({"www.example.jp"}))
    assert checked("http://www.example.jp/a", bounds).hostname == "www.example.jp"
    with pytest.raises(Forbidden):
        checked("http://www.example.jp.evil.example/a", bounds)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "LOCALHOST.", "a.localhost", "::1", "169.254.169.254"),
        *("0x7f.1", "2130706433", "0177.0.0.1", "127.1", "10.0.0.1.", "fe80::1%eth0", "0"),
    ],
)
def test_an_address_that_is_never_asked_is_refused_at_once_with_what_to_do(host: str) -> None:
    with pytest.raises(Forbidden, match="ファイルを渡す情報源"):
        refuse_inside(host, Bounds())


@pytest.mark.parametrize(
    "host", ["www.example.jp", "93.184.215.14", "roads", "localhost.example.jp"]
)
def test_names_are_looked_up_only_when_they_are_asked(host: str) -> None:
    refuse_inside(host, Bounds())


def test_a_peer_of_tests_may_be_on_this_machine() -> None:
    refuse_inside("127.0.0.1", Bounds(loopback=True))


def test_a_source_that_could_never_be_asked_is_not_added() -> None:
    given = GivenSource("x", Theme.TRAFFIC, Shape.GEOJSON, Way.URL, "https://[::1]:8443/a")
    with pytest.raises(Refused, match="公開されているアドレスにする"):
        _place(CONSOLE, given, Bounds())
    assert _place(CONSOLE, replace(given, location="https://a.example/"), Bounds()) == "a.example"
