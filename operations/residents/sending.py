"""Beside a delivery worker: fetches pictures of LINE, asks, answers, and tells how it ended."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from alerts.channels.errors import NoAnswer
from alerts.channels.port import Batch, Fate, Handed
from alerts.channels.port import Letter as Envelope
from data import lineletters, linereports
from data.database import transaction
from data.errors import NotThere
from data.lineletters import Letter
from data.photos.errors import NotAPhoto, StoreAway
from data.rows import card_of, find_load
from data.sealing import CannotOpen, Sealer
from hazards.observation import ObservationKind, ObservationState
from operations.errors import Refused
from operations.residents.pictures import add_picture
from operations.residents.talking import finish_silent
from operations.residents.words import Says, Standing, message
from routing.ground import CityCard

log = logging.getLogger("nigemichi.line")

AT_ONCE: Final = 50
AGAIN: Final = timedelta(seconds=5)


class Line(Protocol):
    """LINE as it is needed here."""

    @property
    def remembers_s(self) -> float: ...
    def hand_over(self, batch: Batch) -> Sequence[Handed]: ...
    def picture(self, number: str) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Residents:
    """What a worker does for those who report by LINE; `sealer` gives the keys, None without."""

    engine: Engine
    line: Line
    sealer: Callable[[], Sealer | None]

    def __call__(self, now: datetime) -> bool:
        """Do what is due; True where there may be more."""
        fetched = self._fetch(now)
        with transaction(self.engine, latest=True) as connection:
            lineletters.tell_ended(connection, Says.ENDED, now)
        told = self._tell(now) == AT_ONCE
        return bool(finish_silent(self.engine, now)) or told or fetched

    def _fetch(self, now: datetime) -> bool:
        """Fetch one picture; whatever it is, the report stays."""
        with transaction(self.engine, latest=True) as connection:
            claimed = linereports.claim_picture(connection, now)
        if claimed is None:
            return False
        number, picture = claimed
        try:
            content = self.line.picture(picture)
            if content is None:
                log.warning("a picture of LINE is there no more, or too large")
            else:
                add_picture(self.engine, number, content, now)
        except (NoAnswer, StoreAway) as error:
            log.warning("a picture is fetched again: %s", type(error).__name__)
            return True
        except (NotAPhoto, NotThere, Refused) as error:
            log.warning("a picture of LINE was not kept: %s", type(error).__name__)
        self._fetched(number)
        return True

    def _fetched(self, number: UUID) -> None:
        with transaction(self.engine, latest=True) as connection:
            linereports.change(connection, number, picture_due=None)

    def _tell(self, now: datetime) -> int:
        sealer = self.sealer()
        if sealer is None:
            return 0
        with transaction(self.engine, latest=True) as connection:
            load = find_load(connection)
            if load is None:
                return 0
            letters = lineletters.claim_letters(connection, now, AT_ONCE)
        card = card_of(load)
        for letter in letters:
            again = self._hand_over(sealer, card, letter, now)
            with transaction(self.engine, latest=True) as connection:
                lineletters.settle(connection, letter, again)
        return len(letters)

    def _hand_over(
        self, sealer: Sealer, card: CityCard, letter: Letter, now: datetime
    ) -> datetime | None:
        """When it is tried again, None where it is not."""
        try:
            user = sealer.open_text(letter.sealed, linereports.PURPOSE)
        except CannotOpen as error:
            log.warning("an answer cannot be sent: %s", error)
            return None
        here = letter.begun_at.astimezone(ZoneInfo(card.timezone))
        standing = Standing(
            ObservationKind(letter.kind) if letter.kind else None,
            f"{here.month}/{here.day} {here.hour}:{here.minute:02}",
            ObservationState(letter.state) if letter.state else None,
            letter.outcome,
        )
        text = message(card, Says(letter.letter), letter.language, letter.id, standing)
        # The same at each try: LINE notices it.
        key = uuid5(NAMESPACE_URL, f"{letter.id}/{letter.letter}/{letter.letter_at.isoformat()}")
        (handed,) = self.line.hand_over(Batch(key, text, (Envelope(0, user),)))
        unsure = handed.fate is Fate.UNKNOWN and bool(self.line.remembers_s)
        if handed.fate is Fate.NOT_TAKEN or unsure:
            return now + max(AGAIN, timedelta(seconds=handed.wait_s))
        return None
