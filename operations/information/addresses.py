"""Which addresses a source may be at: the public internet's, and nothing behind our own walls."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a name, as texts."""

_NOT_OURS: Final = tuple(
    ip_network(one)
    for one in (
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "198.18.0.0/15",  # benchmarks
        "168.63.129.16/32",  # a cloud's own services, at a public address
        "100.100.100.200/32",
    )
)
_HIDES_IPV4: Final = tuple(
    IPv6Network(one)
    for one in (
        "::/96",
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
    )
)
"""Networks whose addresses stand for an IPv4 address: mapped, translated, Teredo, 6to4."""
_GLOBAL_IPV6: Final = IPv6Network("2000::/3")
LONGEST_URL: Final = 1_000
_PORTS: Final = {"https": 443, "http": 80}
_LOCAL: Final = "localhost"
_LOWEST_FREE: Final = 1024
"""Below it ports belong to other services than the web."""


class Forbidden(Exception):
    """An address that is not asked: the message says why, and repeats nothing of the address."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a request may go. `plain` are hosts that the city lets be asked without TLS.

    `loopback` is for peers of tests; nothing that runs for a city sets it.
    """

    plain: frozenset[str] = frozenset()
    loopback: bool = False

    def admits(self, address: Address) -> bool:
        """Whether that address may be connected to."""
        return is_public(address) or (self.loopback and address.is_loopback)


def is_public(address: Address) -> bool:
    """Whether an address is a machine of the public internet: no network of ours, no machine's own
    services, no group, and none that stands for another address.
    """
    return (
        (address.version == 4 or _is_plain_ipv6(address))
        and address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in one for one in _NOT_OURS if one.version == address.version)
    )


def _is_plain_ipv6(address: Address) -> bool:
    return address in _GLOBAL_IPV6 and not any(address in one for one in _HIDES_IPV4)


def checked(url: str, bounds: Bounds) -> SplitResult:
    """An address of the web as parts; raises `Forbidden`."""
    if len(url) > LONGEST_URL or not url.isprintable() or not url.isascii() or " " in url:
        raise Forbidden("アドレスに使えない文字があるか、長すぎます")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Forbidden("アドレスが読めません") from None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in _PORTS or not host:
        raise Forbidden("https:// で始まるアドレスにしてください")
    if parts.username is not None or parts.password is not None:
        raise Forbidden("アドレスに名前やパスワードを入れないでください")
    if parts.scheme == "http" and host.lower() not in bounds.plain:
        raise Forbidden("暗号化されないアドレスです（http は、市の設定に名前のある所だけ）")
    if port is not None and port < _LOWEST_FREE and port != _PORTS[parts.scheme]:
        raise Forbidden("ウェブのものではないポートです")
    return parts


def refuse_inside(host: str, bounds: Bounds) -> None:
    """Refuse at once a host that could never be asked: this machine by its name, or an address in
    any notation that is not of the public internet. Names are looked up only when they are asked.
    Raises `Forbidden`.
    """
    name = host.rstrip(".").lower()
    address = _literal(name)
    here = name == _LOCAL or name.endswith(f".{_LOCAL}")
    if here or (address is not None and not bounds.admits(address)):
        raise Forbidden(
            "このサーバーや庁内のネットワークのアドレスで、取りに行くことはありません。"
            "公開されているアドレスにするか、ファイルを渡す情報源（アドレスなし）か、"
            "サーバーのフォルダーの情報源にしてください"
        )


def _literal(host: str) -> Address | None:
    """An address as libraries of the web read it (127.1, 0x7f.1, 2130706433); None for a name."""
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def resolved(host: str, port: int, bounds: Bounds, resolve: Resolve) -> Address:
    """The one address that is connected to; every address of the name must be allowed.

    Raises `Forbidden`, `OSError`.
    """
    found = [ip_address(one.partition("%")[0]) for one in resolve(host, port)]
    if not found:
        raise OSError("no address")
    if not all(bounds.admits(one) for one in found):
        raise Forbidden("内部のネットワークのアドレスです")
    # Where both are there IPv4 is the surer one from a town hall.
    return min(found, key=lambda one: one.version)


def by_dns(host: str, port: int) -> list[str]:
    """What the machine's resolver says."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))
