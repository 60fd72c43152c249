"""Addresses are sealed for one way and status, and found without being read."""

import logging
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.kinds import ChannelKind, Status
from data.sealing import CannotOpen, Sealed, Sealer
from data.sealingkeys import (
    BrokenKeys,
    create_keys,
    locked,
    read_keys,
    replace_keys,
    with_another,
)

NUMBER = "+819012345678"
SMS, ACTUAL = ChannelKind.SMS, Status.ACTUAL


@pytest.fixture(scope="module")
def sealer(tmp_path_factory: pytest.TempPathFactory) -> Sealer:
    """A sealer over keys that nothing changes."""
    path = tmp_path_factory.mktemp("sealing") / "keys"
    create_keys(path)
    return Sealer(path)


def a_sealer(folder: Path) -> Sealer:
    """A sealer over keys of its own."""
    create_keys(folder / "keys")
    return Sealer(folder / "keys")


def add_key(sealer: Sealer) -> None:
    """Add a key past this sealer."""
    with locked(sealer.path) as keys:
        replace_keys(sealer.path, with_another(keys))


@given(address=st.text(min_size=1), channel=st.sampled_from(list(ChannelKind)))
def test_what_is_sealed_opens_and_says_nothing(
    sealer: Sealer, address: str, channel: ChannelKind
) -> None:
    sealed = sealer.seal(address, channel, ACTUAL)
    assert sealer.open(sealed, channel, ACTUAL) == address
    assert sealed != sealer.seal(address, channel, ACTUAL)
    assert len(address.encode()) < 6 or address.encode() not in sealed.value


def test_a_sealed_address_opens_only_where_it_was_sealed(sealer: Sealer) -> None:
    sealed = sealer.seal(NUMBER, SMS, ACTUAL)
    for channel, status in ((ChannelKind.MAIL, ACTUAL), (SMS, Status.EXERCISE)):
        with pytest.raises(CannotOpen):
            sealer.open(sealed, channel, status)


@pytest.mark.parametrize("place", [0, 11, 12, 20, -1])
def test_a_changed_bit_opens_nothing(sealer: Sealer, place: int) -> None:
    sealed = sealer.seal(NUMBER, SMS, ACTUAL)
    changed = bytearray(sealed.value)
    changed[place] ^= 1
    with pytest.raises(CannotOpen):
        sealer.open(Sealed(sealed.key_number, bytes(changed)), SMS, ACTUAL)


@pytest.mark.parametrize("length", [0, 5, 12, 27])
def test_what_was_cut_off_opens_nothing(sealer: Sealer, length: int) -> None:
    sealed = sealer.seal(NUMBER, SMS, ACTUAL)
    with pytest.raises(CannotOpen):
        sealer.open(Sealed(sealed.key_number, sealed.value[:length]), SMS, ACTUAL)


def test_a_lookup_is_the_same_for_ever_and_another_for_each_way_status_and_key(
    sealer: Sealer, tmp_path: Path
) -> None:
    first = sealer.lookup(NUMBER, SMS, ACTUAL)
    assert first == Sealer(sealer.path).lookup(NUMBER, SMS, ACTUAL)
    others = [
        sealer.lookup(NUMBER, ChannelKind.MAIL, ACTUAL),
        sealer.lookup(NUMBER, SMS, Status.EXERCISE),
        sealer.lookup(NUMBER + "0", SMS, ACTUAL),
        a_sealer(tmp_path).lookup(NUMBER, SMS, ACTUAL),
    ]
    assert len({first, *others}) == 5
    assert len(first) == 32


@given(number=st.integers(0, 2**48 - 1))
def test_a_stamp_stands_for_its_number_and_for_its_purpose_alone(
    sealer: Sealer, number: int
) -> None:
    token = sealer.stamp("leave", number)
    assert sealer.stamped("leave", token) == number
    assert sealer.stamped("reader", token) is None
    assert len(token) == 24


@given(token=st.text(max_size=40))
def test_no_stamp_can_be_made_up(sealer: Sealer, token: str) -> None:
    assert sealer.stamped("leave", token) is None


def test_a_stamp_with_another_number_is_none(sealer: Sealer) -> None:
    one, other = sealer.stamp("leave", 1), sealer.stamp("leave", 2)
    assert sealer.stamped("leave", one[:8] + other[8:]) is None


def test_a_running_server_seals_by_a_key_that_was_added_meanwhile(tmp_path: Path) -> None:
    running = a_sealer(tmp_path)
    old = running.seal(NUMBER, SMS, ACTUAL)
    add_key(running)
    new = running.seal(NUMBER, SMS, ACTUAL)
    assert (old.key_number, new.key_number) == (1, 2)
    assert {running.open(one, SMS, ACTUAL) for one in (old, new)} == {NUMBER}
    assert running.lookup(NUMBER, SMS, ACTUAL) == Sealer(running.path).lookup(NUMBER, SMS, ACTUAL)


def test_a_running_server_opens_what_another_one_sealed_by_a_newer_key(tmp_path: Path) -> None:
    running, other = a_sealer(tmp_path), Sealer(tmp_path / "keys")
    add_key(other)
    assert running.open(other.seal(NUMBER, SMS, ACTUAL), SMS, ACTUAL) == NUMBER


def test_a_key_that_was_lost_is_named_by_its_number(sealer: Sealer) -> None:
    with pytest.raises(CannotOpen, match="key 7 is not in"):
        sealer.open(Sealed(7, b"x" * 40), SMS, ACTUAL)


# The file


def test_keys_are_readable_by_their_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys"
    create_keys(path)
    before = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(BrokenKeys, match="there already"):
        create_keys(path)
    add_key(Sealer(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() != before
    assert [one.name for one in path.parent.iterdir() if "lock" not in one.name] == ["keys"]


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644, 0o660])
def test_keys_that_others_can_read_are_refused(tmp_path: Path, mode: int) -> None:
    path = a_sealer(tmp_path).path
    path.chmod(mode)
    with pytest.raises(BrokenKeys, match="chmod 600"):
        read_keys(path)


def test_without_a_file_there_is_a_clear_word(tmp_path: Path) -> None:
    with pytest.raises(BrokenKeys, match="nigemichi keys new"):
        read_keys(tmp_path / "keys")
    running = a_sealer(tmp_path)
    running.path.unlink()
    with pytest.raises(BrokenKeys, match="bring their copy back"):
        running.seal(NUMBER, SMS, ACTUAL)


BROKEN = (
    b"",
    b"lookup = ",
    b"\xff\xfe",
    b'lookup = "c2hvcnQ="\n[seal]\n1 = "c2hvcnQ="\n',
    b'lookup = "%s"\n[seal]\n' % (b"A" * 43 + b"="),
    b'lookup = "%s"\nseal = 1\n' % (b"A" * 43 + b"="),
    b'lookup = "%s"\n[seal]\none = "%s"\n' % (b"A" * 43 + b"=", b"A" * 43 + b"="),
    b'lookup = "%s"\n[seal]\n0 = "%s"\n' % (b"A" * 43 + b"=", b"A" * 43 + b"="),
    b'lookup = "%s"\n[seal]\n40000 = "%s"\n' % (b"A" * 43 + b"=", b"A" * 43 + b"="),
)


@pytest.mark.parametrize("text", BROKEN)
def test_a_file_that_is_not_whole_is_refused_and_nothing_of_it_is_repeated(
    tmp_path: Path, text: bytes
) -> None:
    path = tmp_path / "keys"
    path.touch(0o600)
    path.write_bytes(text)
    with pytest.raises(BrokenKeys) as refused:
        read_keys(path)
    assert "AAAA" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_no_key_and_no_address_is_shown_by_accident(
    sealer: Sealer, caplog: pytest.LogCaptureFixture
) -> None:
    keys = read_keys(sealer.path)
    sealed = sealer.seal(NUMBER, SMS, ACTUAL)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("nigemichi").debug("%r %r %r %r", keys, sealed, sealer, sealer._ring)
    for secret in (keys.lookup, keys.seal[1], sealed.value):
        assert repr(secret)[2:-1] not in caplog.text
    assert NUMBER not in caplog.text
