"""What a line of the chronology is called: `entry:N`, `audit:N`, `version:N`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from data.chronology import KINDS
from operations.errors import Refused

LARGEST: Final = 2**53
_REF: Final = re.compile(rf"({'|'.join(KINDS)}):([0-9]{{1,16}})")
WORDS: Final = "画面を開き直してください（entry:N, audit:N or version:N）"


@dataclass(frozen=True, slots=True)
class Ref:
    """One line."""

    kind: str
    number: int

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.kind}:{self.number}"


def read_ref(text: str) -> Ref:
    """A ref; raises `Refused` for anything else."""
    found = _REF.fullmatch(text.strip())
    if found is None or int(found[2]) > LARGEST:
        raise Refused(f"クロノロの行の番号がわかりません。{WORDS}")
    return Ref(found[1], int(found[2]))


def read_refs(text: str) -> dict[str, int]:
    """Several refs with commas between them, the number of each kind; raises `Refused`."""
    refs = [read_ref(one) for one in text.split(",")]
    return {one.kind: one.number for one in refs}


def mark(numbers: Mapping[str, int]) -> str:
    """The same back."""
    return ",".join(f"{kind}:{numbers[kind]}" for kind in KINDS)
