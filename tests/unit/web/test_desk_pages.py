"""The desk's pages as text: nothing inline, no figure in what is kept offline, nobody's name."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from city.staff import Caller, CallerKind, Role
from shelters.capacity import Capacity
from tests.unit.web.ground import CARD, ground
from web import assets
from web.assets import find_asset
from web.checkin import MOST, checkin_page, checkin_text, persons_of
from web.staff.desk import KEPT, chooser_page, desk_page
from web.staff.tally import LINES, tally_page

TABLET = Caller(CallerKind.DEVICE, 5, "受付 1", frozenset({Role.DESK}), site_id="E1")
NOW = datetime(2026, 10, 10, 15, 30, tzinfo=UTC)
SITE = replace(ground().sites[0], capacity=Capacity(storm_indoor=220))


def pages() -> dict[str, str]:
    """Every page of staff here."""
    return {
        "desk": desk_page(CARD, SITE, caller=TABLET, csrf="token"),
        "choice": chooser_page(ground(), caller=TABLET, csrf="token"),
        "tally": tally_page(CARD, SITE, caller=TABLET, csrf="token", now=NOW),
    }


@pytest.mark.parametrize("name", pages())
def test_nothing_of_a_staff_page_is_inline(name: str) -> None:
    page = pages()[name]
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert re.findall(r"<script(?![^>]* src=)", page) == []


@pytest.mark.parametrize("name", pages())
def test_a_fictional_city_is_called_so(name: str) -> None:
    assert "架空" in pages()[name]


def test_what_is_kept_for_offline_holds_no_figure() -> None:
    page = pages()["desk"]
    assert "220" not in page
    assert re.search(r'<b id="persons">—</b>', page)


def test_full_refuses_nobody_on_screen_and_paper() -> None:
    assert "満員でも、来た人を断らない。" in pages()["desk"]
    assert "満員でも、来た人を断らない。" in pages()["tally"]


def test_the_sheet_has_its_lines_and_the_capacity_indoors() -> None:
    page = pages()["tally"]
    assert page.count("<tr><td") == LINES
    assert "220" in page
    assert "2026年10月11日 0:30" in page


def test_everything_that_the_worker_keeps_is_offered() -> None:
    found = re.search(r"^const SHELL = (.*);$", KEPT.script(), re.MULTILINE)
    assert found
    addresses = [one.split("?")[0].removeprefix("/static/") for one in json.loads(found[1])]
    assert [name for name in addresses if find_asset(name) is None] == []
    imported = set()
    for name in addresses:
        asset = find_asset(name)
        assert asset
        imported |= set(re.findall(r"from '\./([a-z]+\.js)'", asset.body.decode()))
        imported |= set(re.findall(r"import\('\./([a-z]+\.js)'\)", asset.body.decode()))
    assert imported - set(addresses) == set()


def test_only_one_script_knows_how_ids_are_made() -> None:
    scripts = (Path(assets.__file__).parent / "static").glob("*.js")
    assert [one.name for one in scripts if "randomUUID" in one.read_text("utf-8")] == ["staff.js"]


@pytest.mark.parametrize(
    ("said", "persons"),
    [("1", 1), ("7", 7), (str(MOST), MOST), (str(MOST + 1), 1), ("0", 1), ("-3", 1), ("三", 1)],
)
def test_a_code_is_for_a_sensible_number_of_persons(said: str, persons: int) -> None:
    assert persons_of(said) == persons


def test_a_code_says_an_id_and_a_number_and_nothing_else() -> None:
    assert checkin_text("0a1b", 3) == "nigemichi:in:0a1b:3"


def test_the_code_s_page_is_new_each_time_and_in_both_languages() -> None:
    first, second = checkin_page(CARD, "3", lang="ja"), checkin_page(CARD, "3", lang="ja")
    assert first != second
    english = checkin_page(CARD, "3", lang="en")
    assert "Check-in code" in english
    assert "not yet reviewed" in english
    assert "架空" in first
