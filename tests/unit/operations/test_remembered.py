"""What a machine remembers of households counts for a night, and not for as long as the link."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from city.position import Position
from data.homes.links import Home
from operations.household.remembered import COUNTS_FOR, TOUCHED_EVERY, Remembered

NOW = datetime(2026, 10, 12, 18, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def home(lasts: timedelta = timedelta(days=366)) -> Home:
    return Home(3, Position(29.6, 135.4), "S-003", NOW + lasts, 1, "token", "hash")


@pytest.fixture
def kept(tmp_path: Path) -> Remembered:
    made = Remembered(tmp_path)
    made.keep("cookie", home(), NOW)
    return made


def test_what_was_not_confirmed_for_twelve_hours_opens_nothing(kept: Remembered) -> None:
    assert timedelta(hours=12) == COUNTS_FOR
    assert kept.find("cookie", NOW + COUNTS_FOR - SECOND) == home()
    assert kept.find("cookie", NOW + COUNTS_FOR + SECOND) is None
    assert kept.find("cookie", NOW - COUNTS_FOR - SECOND) is None


def test_each_confirmation_counts_anew_and_for_another_process_too(
    kept: Remembered, tmp_path: Path
) -> None:
    later = NOW + timedelta(hours=6)
    kept.keep("cookie", home(), later)
    for one in (kept, Remembered(tmp_path)):
        assert one.find("cookie", later + COUNTS_FOR - SECOND) == home()
        assert one.find("cookie", later + COUNTS_FOR + SECOND) is None


def test_a_file_is_touched_once_in_some_minutes(kept: Remembered, tmp_path: Path) -> None:
    (file,) = (tmp_path / "homes").iterdir()
    kept.keep("cookie", home(), NOW + TOUCHED_EVERY - SECOND)
    assert file.stat().st_mtime == NOW.timestamp()
    kept.keep("cookie", home(), NOW + TOUCHED_EVERY)
    assert file.stat().st_mtime == (NOW + TOUCHED_EVERY).timestamp()


def test_a_file_that_is_gone_is_written_again(kept: Remembered, tmp_path: Path) -> None:
    (file,) = (tmp_path / "homes").iterdir()
    file.unlink()
    kept.keep("cookie", home(), NOW + TOUCHED_EVERY)
    assert kept.find("cookie", NOW + TOUCHED_EVERY) == home()


def test_a_link_that_is_over_opens_nothing_however_lately_it_was_confirmed(
    kept: Remembered,
) -> None:
    kept.keep("other", home(timedelta(minutes=1)), NOW)
    assert kept.find("other", NOW + SECOND)
    assert kept.find("other", NOW + timedelta(minutes=1)) is None
