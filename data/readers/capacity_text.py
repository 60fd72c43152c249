"""想定収容人数 as lists write it, from a bare number to 地震（屋外）3828人、風水害（屋内）2117人.

Only plain numbers of people count. 約500人, 二千人, 500人程度, or a number with words beside it
that are not known here is left out and listed: a guess would send people to a full place.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from data.report import SourceReport
from shelters.capacity import Capacity

Kind: TypeAlias = Literal["storm_indoor", "quake_outdoor", "quake_indoor", "unspecified"]

MOST_INDOORS: Final = 100_000
MOST_OUTDOORS: Final = 1_000_000
"""Persons; a river bank of Hachioji is published with 684,242."""
WITHOUT: Final = "taken without a capacity: it is no plain number of people"

_HALF_WIDTH: Final = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
"""Not NFKC, which makes a 1 of ① and m2 of ㎡."""
_LABEL: Final = re.compile(r"(?:想定|最大)?(?:収容|受入)(?:可能)?(?:人数|人員|者数):?")
_NUMBER: Final = r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
_BARE: Final = re.compile(rf":?({_NUMBER})(?:\.0+)?[人名]?")
_PERSONS: Final = re.compile(rf"({_NUMBER})[人名]")
_WORDS: Final = {
    "storm": re.compile(r"(?:風水害|水害|洪水|台風|大雨|豪雨)時?"),
    "quake": re.compile(r"(?:地震|震災)時?"),
    "indoor": re.compile(r"屋内|室内"),
    "outdoor": re.compile(r"屋外"),
}
_ANY_WORD: Final = re.compile("|".join(word.pattern for word in _WORDS.values()))
_AFTER: Final = re.compile(
    rf"$|/?(?:{_ANY_WORD.pattern})|[、,;。・)\]」]"
    r"|\((?!程度|以上|以下|以内|未満|前後|概算|目安|予定|約|最大)"
)
_BETWEEN: Final = re.compile(rf"[():・、,;/。「」\[\]]|{_LABEL.pattern}")
_KINDS: Final[dict[str, Kind]] = {
    "": "unspecified",
    "indoor": "unspecified",
    "storm": "storm_indoor",
    "storm+indoor": "storm_indoor",
    "quake+indoor": "quake_indoor",
    "quake+outdoor": "quake_outdoor",
}

Item: TypeAlias = tuple[Kind | None, int, str]


def capacity_of(text: str, report: SourceReport, *, row: int, alone: bool = True) -> Capacity:
    """The capacity that a cell or a note states; what is not understood is listed.

    Without `alone` the text is a note (備考): only what follows 想定収容人数 or the like counts.
    """
    text = "".join(text.translate(_HALF_WIDTH).split())
    if not alone:
        label = _LABEL.search(text)
        text = text[label.end() :] if label else ""
    items = _items(text)
    times = Counter(kind for kind, _, _ in items)
    found: dict[Kind, int] = {}
    for kind, persons, words in items:
        if kind is None or times[kind] > 1 or not 0 < persons <= _most(kind):
            report.repair(WITHOUT, row=f"row {row}: {words[:40]}")
        else:
            found[kind] = persons
    return Capacity(**found)


def _items(text: str) -> list[Item]:
    """(kind, persons, words) of every number of people; kind is None where it is in doubt."""
    if bare := _BARE.fullmatch(text):
        return [("unspecified", _int(bare[1]), text)]
    found: list[Item] = []
    end = 0
    for number in _PERSONS.finditer(text):
        before, end = text[end : number.start()], number.end()
        kind = _kind(before) if _AFTER.match(text, end) else None
        words = text[end - len(before + number[0]) : end + 2 * (kind is None)]
        found.append((kind, _int(number[1]), words.strip("、,;。")))
    if text and not _said_before(found, text[end:]):
        return [(None, 0, text)]
    if len(found) > 1:
        # A number without a word beside others with one: a part of them, or of something else.
        return [(None if k == "unspecified" else k, persons, words) for k, persons, words in found]
    return found


def _said_before(items: Sequence[Item], rest: str) -> bool:
    """Whether what each number is for stands before it: 200人（屋内） is not read."""
    if not items or _ANY_WORD.search(rest):
        return False
    return len(items) == 1 or _ANY_WORD.search(items[0][2]) is not None


def _kind(words: str) -> Kind | None:
    """What the words before a number say that it is for; None where they are not understood."""
    if _BETWEEN.sub("", _ANY_WORD.sub("", words)):
        return None
    said = "+".join(name for name, word in _WORDS.items() if word.search(words))
    return _KINDS.get(said)


def _most(kind: Kind) -> int:
    return MOST_OUTDOORS if kind == "quake_outdoor" else MOST_INDOORS


def _int(number: str) -> int:
    return int(number.replace(",", "")[:12])
