"""What carriers that speak HTTP have in common: a client that reaches no further than it may."""

from collections.abc import Mapping
from typing import Final

import httpx

from alerts.channels.port import Fate, Handed, check_reachable

NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""No connection, so nothing of the request left. After any other error it may have arrived."""

AGAIN_S: Final = 1.0
"""Before a carrier that stumbled is asked again."""

REFUSES_US_S: Final = 60.0
"""Before a carrier that refuses our credential, or knows no such request, is asked again."""

LONGEST_WAIT_S: Final = 3600.0


def client(
    base_url: str,
    *,
    timeout_s: float,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> httpx.Client:
    """A client of one carrier, for many threads; raises `NotLive` for a host beyond reach.

    It follows no redirection and asks no proxy of the environment: either could lead out.
    """
    url = httpx.URL(base_url)
    check_reachable(url.host)
    return httpx.Client(
        base_url=url,
        timeout=timeout_s,
        trust_env=False,
        follow_redirects=False,
        headers=headers,
        auth=auth,
    )


def without_answer(error: httpx.HTTPError) -> Handed:
    """What became of a request to which no answer came."""
    why = type(error).__name__
    if isinstance(error, NEVER_SENT):
        return Handed(Fate.NOT_TAKEN, why=why, wait_s=AGAIN_S, for_all=True)
    return Handed(Fate.UNKNOWN, why=why, wait_s=AGAIN_S, for_all=True)


def failed(answer: httpx.Response) -> Handed:
    """A server that failed (5xx) may have taken the request before it did."""
    why = f"HTTP {answer.status_code}"
    return Handed(Fate.UNKNOWN, why=why, wait_s=wait_s(answer, AGAIN_S), for_all=True)


def refuses_us(answer: httpx.Response) -> Handed:
    """An answer that says nothing of the letter: a wrong credential, a wrong address of ours.

    The letter is kept: what is wrong can be set right, and nobody was told.
    """
    why = f"HTTP {answer.status_code}: 接続設定を確かめてください (check the credential)"
    return Handed(Fate.NOT_TAKEN, why=why, wait_s=REFUSES_US_S, for_all=True)


def wait_s(answer: httpx.Response, otherwise: float) -> float:
    """Seconds of `Retry-After`, at most `LONGEST_WAIT_S`; its form as a date is not read."""
    said = answer.headers.get("retry-after", "")
    return min(float(said), LONGEST_WAIT_S) if said.isascii() and said.isdigit() else otherwise
