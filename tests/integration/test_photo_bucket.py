"""Photos in a bucket: the same port as a folder, by requests that an S3 believes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.photos import objects
from data.photos.errors import StoreAway
from data.photos.store import Store, original_key, shown_key
from operations.photos.settings import photo_store
from tests.peers.controls import Control
from tests.peers.running import peer
from tests.peers.s3_server import BUCKET, KEY_ID, REGION, SIGNED_WITH

SHA = "ab" * 32
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def running() -> Iterator[Control]:
    """One S3 for all tests of the file."""
    with peer(Control, "s3_server") as control:
        yield control


@pytest.fixture
def s3(running: Control, monkeypatch: pytest.MonkeyPatch) -> Control:
    """It behaves; the environment says where it is."""
    running.reset()
    for name, value in {
        "NIGEMICHI_PHOTOS": f"s3://{BUCKET}/field",
        "AWS_ENDPOINT_URL": running.origin,
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SIGNED_WITH,
        "AWS_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    return running


@pytest.fixture
def store(s3: Control, tmp_path: Path) -> Store:
    """The bucket."""
    return photo_store(tmp_path)


def test_what_was_put_is_found_under_its_hash(store: Store) -> None:
    assert store.find(original_key(SHA)) is None
    assert not store.has(original_key(SHA))
    large = bytes(range(256)) * 40_000
    for content in (large, b"smaller", large):
        store.put(original_key(SHA), content)
    store.put(shown_key(SHA), b"copy")
    assert store.find(original_key(SHA)) == large
    assert store.find(shown_key(SHA)) == b"copy"
    store.remove(original_key(SHA))
    store.remove(original_key(SHA))
    assert not store.has(original_key(SHA))
    store.remove(shown_key(SHA))


def test_all_that_is_old_is_listed_page_after_page(store: Store) -> None:
    keys = {original_key(f"{n:064x}") for n in range(5)}
    for key in keys:
        store.put(key, b"one")
    now = datetime.now(UTC)
    assert set(store.older(now + DAY)) == keys
    assert list(store.older(now - DAY)) == []
    for key in keys:
        store.remove(key)


def test_a_busy_moment_is_waited_out(store: Store, s3: Control) -> None:
    s3.behave("busy", times=1)
    store.put(original_key(SHA), b"one")
    assert store.find(original_key(SHA)) == b"one"
    store.remove(original_key(SHA))


@pytest.mark.parametrize("behaviour", ["busy", "off", "hang"])
def test_a_bucket_that_does_not_answer_is_said_without_its_account(
    store: Store, s3: Control, behaviour: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(objects, "PATIENCE", timedelta(milliseconds=300))
    impatient = photo_store(tmp_path)
    s3.behave(behaviour, seconds=2 if behaviour == "hang" else 0)
    for ask in (impatient.find, impatient.has, lambda key: impatient.put(key, b"one")):
        with pytest.raises(StoreAway) as refused:
            ask(original_key(SHA))
        assert KEY_ID not in str(refused.value)
        assert BUCKET not in str(refused.value)


def test_another_secret_lets_nobody_in(
    s3: Control, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with pytest.raises(StoreAway, match="PermissionDenied"):
        photo_store(tmp_path).put(original_key(SHA), b"one")
    assert s3.tally()["SignatureDoesNotMatch"] == 1


def test_photos_leave_this_machine_encrypted_or_not_at_all(
    s3: Control, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3.origin.replace("127.0.0.1", "localhost"))
    with pytest.raises(StoreAway):
        photo_store(tmp_path).put(original_key(SHA), b"one")
    assert s3.tally().get("requests", 0) == 0
