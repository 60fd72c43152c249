"""What a sender reads of a report, and what its states and closures are called."""

from collections.abc import Mapping
from typing import Final, Protocol

from hazards.evidence import Effect
from web.refused import in_japanese


class Taken(Protocol):
    """What became of a report."""

    @property
    def set_aside(self) -> str:
        """Why it counts for nothing, "" where it counts."""

    @property
    def no_photo(self) -> str:
        """Why its picture is none."""

    @property
    def no_mission(self) -> str:
        """Why it is of no mission."""

    @property
    def clock_ahead(self) -> bool:
        """Whether the device's clock was ahead."""

    @property
    def effect(self) -> Effect:
        """What all reports do to what it names."""


CLOCK: Final = "端末の時計が進んでいるので、届いた時刻を使いました。"
_WORDS: Final[Mapping[Effect, str]] = {
    Effect.CLOSED: "届きました。この道は通行止めです。",
    Effect.SUSPENDED: "届きました。この道を、全員の案内から外しました。"
    "開けられるのは本部だけです。",
    Effect.DOUBTED: "届きました。未確認として本部に見えています。道は止まっていません。",
    Effect.NONE: "届きました。本部が見ます。",
}


def effect_words(taken: Taken) -> str:
    """One or two short sentences, to be read in the rain."""
    mission = f"{taken.no_mission}。" if taken.no_mission else ""
    if taken.set_aside:
        return f"届きましたが、使われていません。{taken.set_aside}。本部が確かめます。{mission}"
    photo = f"写真は使えませんでした。{in_japanese(taken.no_photo)}。" if taken.no_photo else ""
    clock = CLOCK if taken.clock_ahead else ""
    return _WORDS[taken.effect] + photo + mission + clock
