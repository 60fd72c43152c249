"""Homes on the small ground, and their sheets as they are typeset."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hazards.kinds import AlertLevel
from routing.guidance import Guidance
from tests.unit.web.ground import NOW, asks, version
from web.sheets.hansheets import han_sheets
from web.sheets.home import Home, Paper
from web.sheets.slips import slips
from web.sheets.typesetting import typeset

URL = "https://nigemichi.example.jp/h#"
ALL = AlertLevel.ALL_LEAVE


def a_home(guidance: Guidance | None, number: int = 1, *, han: int = 1) -> Home:
    """A home of 下浅瀬二丁目 whose code ends with its number."""
    label = f"K{han}-{number:02}"
    return Home(label, "下浅瀬二丁目", han, f"{URL}{number:043}", guidance)


def homes(count: int = 1, **more: Any) -> list[Home]:
    """Neighbours on a street, all told to leave."""
    plan = version()
    return [a_home(asks(plan, 600 + n, 130, level=ALL, **more), n) for n in range(1, count + 1)]


@dataclass(frozen=True)
class Pages:
    """A print: the PDF, and the text of each page without white space."""

    pdf: bytes
    texts: list[str]


def pages(
    of: Sequence[Home], *, sheets: bool = False, withdraw: str = "", phone: str = ""
) -> Pages:
    """The slips of these homes, or the sheets of their 班."""
    plan = next((one.guidance.version for one in of if one.guidance), version())
    paper = Paper(plan.ground.card, plan.number, NOW, NOW, phone)
    none: dict[str, Any] = {"faces": [], "slips": []}
    values = none if sheets else slips(plan, of, lambda _: None)
    pdf = typeset(paper, values, han_sheets(of) if sheets else [], withdraw)
    return Pages(pdf, texts(pdf))


def texts(pdf: bytes) -> list[str]:
    """The text of each page without white space."""
    words = ("pdftotext", "-raw", "-", "-")
    done = subprocess.run(words, input=pdf, check=True, capture_output=True)
    return ["".join(page.split()) for page in done.stdout.decode().split("\f")[:-1]]
