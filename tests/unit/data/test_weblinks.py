"""A pasted link is one that a browser can open, or none."""

import pytest

from data.weblinks import can_open


@pytest.mark.parametrize(
    "link",
    [
        "https://a:99999/x",
        "https://[abc/",
        "https://%%/",
        "https://exa|mple.jp/",
        "https://1.2.3.4.5",
        "https://xn--a/",
        "https://?x",
        "no link",
        "",
    ],
)
def test_a_link_without_a_host_that_can_be_read_is_none(link: str) -> None:
    assert not can_open(link)


@pytest.mark.parametrize(
    "link",
    [
        "https://sns.example/post/1?t=3#now",
        "https://浅瀬.example/写真|1",
        "https://192.0.2.7:8443/live",
        "https://[2001:db8::1]/",
        "http://cam_1.example/stream",
    ],
)
def test_a_link_that_a_browser_opens_is_one(link: str) -> None:
    assert can_open(link)
