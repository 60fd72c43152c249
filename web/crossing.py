"""Which streets an open page's way takes, and which closures it was made with: for its script.

The script holds both against what the stream tells: a closure that the way was not made with, or
that is another than then, is said if the way takes its street.
"""

import json

from hazards.observation import KIND_WORDS
from routing.guidance import Guidance
from web.language import SOURCE, translator

_OFFSET, _PRIME, _MASK = 0x811C9DC5, 0x01000193, 0xFFFFFFFF


def streets_taken(guidance: Guidance, salt: str = "") -> str:
    """Marks of the streets of the way. With a `salt` they are no street's number to whoever reads
    the page; they hide nothing from whoever tries all streets of a city.
    """
    if guidance.first is None:
        return ""
    taken = {stretch.street for stretch in guidance.first.way.stretches}
    return " ".join(mark(street, salt) for street in sorted(taken))


def closures_known(guidance: Guidance) -> str:
    """Number and length in metres of each closure that the way was made with."""
    known = guidance.version.picture.closures
    return " ".join(f"{one.id}:{one.line.length:.0f}" for one in known)


def kinds_said(lang: str) -> str:
    """What was seen, in a language, as JSON by its Japanese word; "" for Japanese itself."""
    if lang == SOURCE:
        return ""
    t = translator(lang)
    return json.dumps({word: t(word) for word in KIND_WORDS.values()}, ensure_ascii=False)


def mark(street: int, salt: str) -> str:
    """FNV-1a of 32 bits (draft-eastlake-fnv), as the script has it."""
    found = _OFFSET
    for byte in f"{salt}:{street}".encode():
        found = (found ^ byte) * _PRIME & _MASK
    return f"{found:x}"
