"""`nigemichi guide` says what the API says; every refusal is one line and status 2."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from operations.cli import main
from operations.commands.common import moment
from operations.commands.slips import _address
from operations.errors import Refused
from tests.integration.small_city import write_small_city
from tests.unit.api.served import NORTH, OUTSIDE, SOUTH, Served, order

ADDRESS_IS_SUCH_AS = "--address is such as https://nigemichi.example.jp, with no user, path, query"
PLACE = f"{SOUTH['lat']},{SOUTH['lon']}"


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    made = Served(write_small_city(tmp_path / "city"), tmp_path / "state")
    monkeypatch.setenv("NIGEMICHI_STATE", str(made.state))
    return made


def test_guide_says_what_the_api_says(served: Served) -> None:
    served.publish(order(4))
    words = ["guide", "--at-place", PLACE, "--profile", "slow", "--hazard", "landslide"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    query = SOUTH | {"profile": "slow", "hazard": "landslide"}
    with served.client() as client:
        answer = client.get("/api/v1/guidance", params=query).json()
    assert json.loads(done.stdout) == answer


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--at-place", "here"], "LAT,LON"),
        (["--at-place", "nan,135"], "finite"),
        (["--at-place", f"{NORTH['lon']},{NORTH['lat']}"], "lat と lon が逆"),
        (["--at-place", f"{OUTSIDE['lat']},{OUTSIDE['lon']}"], "どの道からも"),
        (["--at-place", PLACE, "--at", "tonight"], "ISO 8601"),
        (["--at-place", PLACE, "--at", "2026-10-10T20:42"], "offset"),
        (["--at-place", PLACE, "--at", "9999-12-31T23:59:59+09:00"], "more than a year away"),
        (["--at-place", PLACE, "--at", "0001-01-01T00:00:00+09:00"], "more than a year away"),
        (["--at-place", PLACE, "--floor", "0"], "floor"),
        (["--at-place", PLACE, "--dwelling", "bungalow", "--floor", "2"], "bungalow"),
        (["--at-place", PLACE, "--dwelling", "castle"], "castle"),
        (["--at-place", PLACE, "--level", "6"], "6"),
        ([], "--at-place"),
    ],
)
def test_guide_refuses_in_one_line(served: Served, words: list[str], told: str) -> None:
    done = CliRunner().invoke(main, ["guide", *words])
    assert done.exit_code == 2
    assert told in done.stderr.splitlines()[-1]


def test_a_moment_is_refused_by_the_name_of_what_was_typed() -> None:
    old = "2001-10-10T20:42+09:00"
    assert moment(old, "WHEN", farthest=None).isoformat() == "2001-10-10T20:42:00+09:00"
    for text in ("tonight", "2026-10-10T20:42", old):
        with pytest.raises(Refused, match=r"^WHEN "):
            moment(text, "WHEN")


def test_a_version_that_no_table_can_hold_is_refused() -> None:
    done = CliRunner().invoke(main, ["replay", "verify", "--version", "9" * 20])
    assert (done.exit_code, "is not in the range" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "address",
    [
        "https://u:p@city.example/?a#b",
        "https://u@city.example",
        "https://city.example/?a",
        "https://city.example?",
        "https://city.example/#b",
        "https://city.example/nigemichi",
        "https://city.example//",
        "https://city.example:99999",
        "https://city.example\\h",
        "https://[city",
        "https:///h",
        "city.example",
        "ftp://city.example",
    ],
)
def test_codes_on_paper_lead_to_a_plain_address(address: str, tmp_path: Path) -> None:
    out = tmp_path / "slips.pdf"
    words = ["slips", "--district", "北町", "--out", str(out), "--slips-only"]
    done = CliRunner().invoke(main, [*words, "--address", address])
    assert done.exit_code == 2
    assert ADDRESS_IS_SUCH_AS in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("address", ["https://city.example", "HTTP://city.example:8080/"])
def test_an_address_may_have_a_port_and_end_with_a_slash(address: str) -> None:
    assert _address(address, needed=True) == address
