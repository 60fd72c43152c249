"""Tablets at the doors: they keep what is not acknowledged, and send it again, in any order."""

import random
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx


class Watch:
    """The true time, later with each look."""

    def __init__(self) -> None:
        self._last = datetime.now(UTC)

    def look(self) -> datetime:
        """Now."""
        self._last = max(datetime.now(UTC), self._last + timedelta(microseconds=1))
        return self._last


@dataclass(frozen=True, slots=True)
class Press:
    """What somebody pressed, and when it really was."""

    id: str
    kind: str
    persons: int
    at: datetime
    undoes: str | None = None


def inside(presses: Iterable[Press]) -> int:
    """Who is in a place by all that was pressed there: told once more, and more simply."""
    pressed = sorted({one.id: one for one in presses}.values(), key=lambda one: (one.at, one.id))
    undone = {one.undoes for one in pressed if one.undoes}
    there = 0
    for one in pressed:
        if one.undoes or one.id in undone:
            continue
        there = one.persons if one.kind == "total" else there + one.persons
    return there


@dataclass
class Tablet:
    """One tablet of a place. `clock_error` is how far its clock is ahead.

    `made` is all that was pressed, `odd` what is expected to be held.
    """

    site: str
    token: str
    base: str
    tls: ssl.SSLContext
    watch: Watch
    seed: int
    clock_error: timedelta = timedelta()
    in_reach: bool = True
    made: list[Press] = field(default_factory=list)
    odd: list[Press] = field(default_factory=list)
    unsent: list[Press] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    failures: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(f"{self.seed}")
        self.http = httpx.Client(
            base_url=self.base,
            verify=self.tls,
            timeout=20,
            headers={"authorization": f"Bearer {self.token}"},
        )

    def press(self, kind: str, persons: int, *, undoes: str | None = None) -> Press:
        """Kept before it is sent."""
        number = str(UUID(int=self.dice.getrandbits(128), version=4))
        one = Press(number, kind, persons, self.watch.look(), undoes)
        self.made.append(one)
        self.unsent.append(one)
        return one

    def count_in(self, persons: int) -> None:
        """A step's people, in families."""
        while persons > 0:
            family = min(persons, self.dice.randint(1, 12))
            self.press("change", family)
            persons -= family

    def press_oddly(self, kind: str, persons: int, at: datetime | None = None) -> Press:
        """A number that nobody believes, or one that has lain about: no count of tonight."""
        one = Press(
            str(UUID(int=self.dice.getrandbits(128), version=4)),
            kind,
            persons,
            at or self.watch.look(),
        )
        self.odd.append(one)
        self.unsent.append(one)
        return one

    def send(self) -> bool:
        """Send what is kept, shuffled, some of it twice; True where nothing is left."""
        if not self.in_reach or not self.unsent:
            return not self.unsent
        sent = self.unsent[:200]
        again = self.dice.sample(self.made, min(2, len(self.made)))
        body = [*sent, *self.dice.sample(sent, min(2, len(sent))), *again]
        self.dice.shuffle(body)
        results = self.post(body)
        if results is None:
            return False
        taken = {one.id for one in sent}
        assert {row["id"] for row in results} >= taken
        self.unsent = [one for one in self.unsent if one.id not in taken]
        return not self.unsent

    def post(self, presses: list[Press]) -> list[dict[str, Any]] | None:
        """Send these; what became of each, None where nobody acknowledged them."""
        counts = [
            {
                "id": one.id,
                "kind": one.kind,
                "persons": one.persons,
                "at": (one.at + self.clock_error).isoformat(),
                "undoes": one.undoes,
            }
            for one in presses
        ]
        sent_at = (self.watch.look() + self.clock_error).isoformat()
        body = {"site": self.site, "sent_at": sent_at, "counts": counts}
        try:
            answer = self.http.post("/api/v1/desk/counts", json=body)
        except httpx.TransportError:
            self.failures += 1
            return None
        if answer.status_code != 200:
            assert answer.status_code in (429, 500, 502, 503, 504), answer.text
            self.failures += 1
            return None
        results: list[dict[str, Any]] = answer.json()["results"]
        for row in results:
            if row["status"] == "known":
                self.repeated.append(row["id"])
            else:
                assert row["id"] not in self.statuses, "a count was taken twice"
                self.statuses[row["id"]] = row["status"]
        return results

    def say(self, path: str, **body: Any) -> dict[str, Any]:
        """Something else that the desk says of its place."""
        answer = self.http.post(f"/api/v1/desk/{path}", json={"site": self.site, **body})
        assert answer.status_code == 200, answer.text
        table: dict[str, Any] = answer.json()
        return table
