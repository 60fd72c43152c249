"""Places as the board shows them: the word, how many, how many come, and what is wrong."""

from collections.abc import Mapping
from typing import Any, Final

from data.rows import read_sites
from operations.board.look import Line, Look, Section, iso, moment, remembered
from operations.published.decided import find_newest, read_assigned
from routing.plan.turnout import HUNDREDTHS
from shelters.congestion import BAND_WORDS, UNKNOWN_WORD, Band
from shelters.needs import UNANSWERED
from shelters.opening import OPENING_WORDS
from shelters.place import Opening

BELOW: Final = "入った人数より出た人数が多い"
UNCOUNTED: Final = "人数の確認が古い"
DANGER: Final = "危険または孤立"
NO_CAPACITY: Final = "収容人数がわからない"


def sites(look: Look) -> Section:
    """All places that headquarters has, in the order of the city's file."""
    coming = planned_persons(look)
    return {one["id"]: _site(one, coming.get(one["id"])) for one in look.places}


def planned_persons(look: Look) -> Mapping[str, int]:
    """How many the newest plan sends to each place; nothing where it is of an earlier load."""
    row = find_newest(look.connection)
    if row is None or row.load_token != str(look.load.token):
        return {}

    def read() -> dict[str, int]:
        assigned = read_assigned(look.connection, row.number)
        there = read_sites(look.connection, look.load.id)
        return {
            site.id: -(-int(load) // HUNDREDTHS)
            for site, load in zip(there, assigned.load.tolist(), strict=True)
        }

    return remembered(("coming", look.token, row.number, row.published_at), read)


def _site(one: Mapping[str, Any], coming: int | None) -> Line:
    opening, band = Opening(one["opening"]), one["raw_band"]
    known = one["raw_counted_at"] is not None and not one["below_zero"]
    crowd = BAND_WORDS[Band(band)] if band else UNKNOWN_WORD
    return {
        "id": one["id"],
        "name": one["name"],
        "lat": round(one["lat"], 5),
        "lon": round(one["lon"], 5),
        "opening": opening,
        "opening_word": OPENING_WORDS[opening],
        "stage": one["stage"],
        "receives": one["receives"],
        "band": band,
        "word": crowd if one["receives"] else OPENING_WORDS[opening],
        "persons": one["raw_persons"] if known else None,
        "capacity": one["raw_capacity"],
        "coming": coming,
        "as_of": iso(moment(one["raw_counted_at"])),
        "since": iso(moment(one["opening_since"])),
        "call_next": one["call_next"],
        "needs": sum(need["state"] in UNANSWERED for need in one["needs"]),
        "reasons": _reasons(one),
    }


def _reasons(one: Mapping[str, Any]) -> list[str]:
    said = (
        (one["opening"] == Opening.ENDANGERED, DANGER),
        (one["below_zero"], BELOW),
        (one["call_next"], UNCOUNTED),
        (one["raw_capacity"] is None and one["receives"], NO_CAPACITY),
    )
    return [words for holds, words in said if holds]
