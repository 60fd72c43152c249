"""Telegrams of a feed and of a folder: the newest first, and none is passed over in silence."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

from city.staff import SYSTEM
from data import infosources
from hazards.information import Shape, Way
from operations.information import telegrams, telegramturns
from operations.information.fetching import Fetched, Fetcher, NotFetched
from operations.information.folders import Unfinished, listing
from operations.information.pinned import Deadline
from operations.information.telegrams import (
    MOST_AT_ONCE,
    MOST_ON_END,
    Came,
    from_feed,
    from_folder,
    goes_on,
    left_over,
)
from operations.information.telegramstaken import Took
from tests.unit.data.jmatelegrams import a_kind, a_telegram

NOW = datetime(2026, 9, 1, 11, 30, tzinfo=UTC)
GOOD = a_telegram(a_kind("大雨注意報"))


@dataclass(frozen=True, slots=True)
class Peer(Fetcher):
    """Answers what is asked of it, but for what is `gone`; `asked` in this order."""

    gone: frozenset[str] = frozenset()
    asked: list[str] = field(default_factory=list)

    def fetch(self, url: str, shape: Shape, known: Any = None) -> Fetched:
        self.asked.append(url)
        if url in self.gone:
            raise NotFetched("断りました")
        return Fetched(GOOD)


def feed(count: int) -> bytes:
    """So many entries, the newest first as the JMA has them: 0 is the newest."""
    entry = '<entry><id>{0}</id><title>{0}</title><link href="{0}"/></entry>'
    entries = "".join(entry.format(n) for n in range(count))
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()


def ids(found: Any) -> list[str]:
    return [one.id for one in found]


def test_rule_19_of_a_backlog_the_newest_come_first_and_the_others_are_counted() -> None:
    peer = Peer()
    came = from_feed(peer, "feed", feed(MOST_AT_ONCE + 41), "", [])
    assert peer.asked == [str(n) for n in range(MOST_AT_ONCE)]
    # Taken in oldest first: of a series the last one stands.
    assert ids(came.telegrams) == [str(n) for n in reversed(range(MOST_AT_ONCE))]
    took = Took(ids(came.telegrams), [], [])
    assert left_over(came, took) == (41, "まだ読んでいない電文が 41通あります")


def test_what_is_all_read_leaves_nothing_over() -> None:
    came = from_feed(Peer(), "feed", feed(3), "", ["2"])
    assert (came.seen, ids(came.telegrams)) == (["2"], ["1", "0"])
    assert left_over(came, Took(["1", "0"], [], [])) == (0, "")


def test_rule_19_a_telegram_that_is_lost_is_told_of_though_others_came() -> None:
    came = from_feed(Peer(gone=frozenset("0")), "feed", feed(3), "", [])
    assert ids(came.telegrams) == ["2", "1"]
    words = "取りに行けない電文が 1通あります：断りました"
    assert left_over(came, Took(["2", "1"], [], [])) == (0, words)


def test_telegrams_that_are_gone_keep_no_older_one_out() -> None:
    gone = frozenset(str(n) for n in range(8))
    came = from_feed(Peer(gone=gone), "feed", feed(10), "", [])
    assert (ids(came.telegrams), len(came.lost)) == (["9", "8"], 8)


def test_what_there_was_no_time_for_is_unread_and_not_lost() -> None:
    ticks = iter(range(0, 1_000, 10))
    peer = replace(Peer(), turn=Deadline(25, lambda: next(ticks)))
    came = from_feed(peer, "feed", feed(10), "", [])
    assert ids(came.telegrams) == ["2", "1", "0"]
    assert left_over(came, Took(ids(came.telegrams), [], []))[0] == 7


def test_of_a_folder_the_newest_are_read_first_and_a_half_written_one_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(MOST_AT_ONCE + 5):
        (tmp_path / f"{n:02}.xml").write_bytes(GOOD)
        os.utime(tmp_path / f"{n:02}.xml", (1, NOW.timestamp() - n))
    read = telegrams.read_file

    def read_file(folder: Path, name: str) -> Any:
        if name == "03.xml":
            raise Unfinished
        return read(folder, name)

    monkeypatch.setattr(telegrams, "read_file", read_file)
    came = from_folder(tmp_path, listing(tmp_path, Shape.JMA), [], None)
    found = ids(came.telegrams)
    assert found[-1].startswith("00.xml")
    assert len(found) == MOST_AT_ONCE - 1
    assert left_over(came, Took(found, [], []))[0] == 6


def turns_at_once(every_time: Callable[[int], list[str]]) -> list[int]:
    """How many turns followed each other at once, until nothing is left; of 30 at most."""
    seen: list[str] = []
    runs = [1]
    for turn in range(30):
        there = every_time(turn)
        new = [one for one in there if one not in seen]
        came = Came([], [one for one in there if one in seen], len(new))
        took = Took(new[-MOST_AT_ONCE:], [], [])
        if goes_on(seen, came, took):
            runs[-1] += 1
        elif left_over(came, took)[0]:
            runs.append(1)
        else:
            break
        seen = [*came.seen, *took.seen]
    return runs


def test_a_long_feed_is_read_to_its_end_with_a_pause_after_some_turns() -> None:
    there = [str(n) for n in range(2 * MOST_ON_END + 41)]
    assert turns_at_once(lambda _: there) == [10, 10, 2]


def test_a_feed_that_makes_its_ids_anew_is_asked_when_it_is_due() -> None:
    assert turns_at_once(lambda turn: [f"{turn} {n}" for n in range(90)]) == [2] + [1] * 29


def test_no_telegram_that_is_there_is_forgotten_however_many_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: dict[str, Any] = {}
    took = Took(["0"], [], [])
    monkeypatch.setattr(telegramturns, "take_telegrams", lambda *_: took)
    monkeypatch.setattr(telegramturns, "stand", MagicMock())
    monkeypatch.setattr(telegramturns, "transaction", MagicMock())
    monkeypatch.setattr(infosources, "say", lambda *_, **values: said.update(values))
    peer, known = MagicMock(), [str(n) for n in range(1, 2_500)]
    peer.fetch.return_value = Fetched(feed(2_500))
    row = MagicMock(way=Way.URL, seen=known, only_words="", failure="")
    row.name = "feed"
    telegramturns.ask_telegrams(MagicMock(), row, peer, NOW, SYSTEM)
    assert set(said["seen"]) == {"0", *known}
