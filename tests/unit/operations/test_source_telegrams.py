"""Telegrams of a feed and of a folder: the newest first, and none is passed over in silence."""

import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from city.staff import SYSTEM
from hazards.information import Shape
from operations.information import telegrams, telegramstaken
from operations.information.fetching import Fetched, Fetcher, NotFetched
from operations.information.folders import Unfinished, listing
from operations.information.pinned import Deadline
from operations.information.telegrams import MOST_AT_ONCE, from_feed, from_folder, left_over
from operations.information.telegramstaken import Telegram, Took, take_telegrams
from tests.unit.data.jmatelegrams import a_kind, a_telegram

NOW = datetime(2026, 9, 1, 11, 30, tzinfo=UTC)
GOOD = a_telegram(a_kind("大雨注意報"))
WITHDRAWS = a_telegram(issue="取消")


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
    assert came.is_part
    took = Took(ids(came.telegrams), [], [])
    assert left_over(came, took) == (41, "まだ読んでいない電文が 41通あります")


def test_what_is_all_read_leaves_nothing_over() -> None:
    came = from_feed(Peer(), "feed", feed(3), "", ["2"])
    assert (came.is_part, came.seen, ids(came.telegrams)) == (False, ["2"], ["1", "0"])
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
    assert (len(found), came.is_part) == (MOST_AT_ONCE - 1, True)
    assert left_over(came, Took(found, [], []))[0] == 6


def test_what_withdraws_a_telegram_waits_for_the_older_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: list[str] = []
    monkeypatch.setattr(telegramstaken, "take_in", lambda *_, name, now: taken.append(name))
    engine = create_engine("sqlite://")
    both = [Telegram("a", GOOD), Telegram("b", WITHDRAWS)]
    assert take_telegrams(engine, SYSTEM, both, NOW, part=True).seen == ["a"]
    assert take_telegrams(engine, SYSTEM, both, NOW).seen == ["a", "b"]
    assert taken == ["a", "a", "b"]
