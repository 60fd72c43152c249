"""Photos kept, shown and deleted: whichever part comes first, and whatever stops in between."""

import hashlib
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PIL import Image
from sqlalchemy import Connection, Engine, text

from api.app import create
from city.staff import CONSOLE, Role
from data.database import transaction
from data.errors import NotThere
from data.photos import rows
from data.photos.errors import NotAPhoto, StoreAway
from data.photos.store import Folder, original_key, shown_key
from operations.errors import Refused
from operations.photos import purging
from operations.photos.keeping import AnotherPhoto, keep_original, keep_thumbnail, prepare
from operations.photos.purging import Purged, purge
from operations.photos.settings import photo_store, photos_life
from operations.photos.showing import find_shown
from tests.integration.databases import Database
from tests.integration.processes import nigemichi
from tests.integration.staffed import signed_in
from tests.pictures import a_photo, exif
from tests.unit.api.served import TestClient

NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=366)
THUMBNAIL, ORIGINAL, OTHER = (a_photo(160, 120), a_photo(640, 480, exif=exif()), a_photo(seed=2))


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "photos")


@pytest.fixture
def thumb(engine: Engine) -> Callable[..., str]:
    def keep(observation: UUID, photo: UUID, content: bytes = THUMBNAIL) -> str:
        with transaction(engine, latest=True) as connection:
            return keep_thumbnail(connection, observation, photo, content, now=NOW)

    return keep


@pytest.fixture
def whole(engine: Engine, store: Folder) -> Callable[..., bool]:
    def keep(observation: UUID, photo: UUID, content: bytes = ORIGINAL) -> bool:
        made = prepare(content)
        with transaction(engine, latest=True) as connection:
            return keep_original(connection, store, made, observation, photo, now=NOW)

    return keep


@pytest.mark.parametrize("first", ["thumbnail", "original"])
def test_a_photo_is_one_whichever_part_comes_first(
    engine: Engine, thumb: Callable[..., str], whole: Callable[..., bool], first: str
) -> None:
    observation, photo = uuid4(), uuid4()
    parts: list[Callable[..., object]] = [thumb, whole]
    for keep in parts if first == "thumbnail" else reversed(parts):
        keep(observation, photo)
        keep(observation, photo)
    with transaction(engine) as connection:
        (row,) = rows.of_observations(connection, [observation])
    assert (row.id, row.thumbnail, row.original) == (photo, sha(THUMBNAIL), sha(ORIGINAL))
    assert row.shown == sha(ORIGINAL)
    assert row.taken_at == datetime(2026, 8, 31, 17, 10, tzinfo=UTC)
    assert row.likeness is not None


def test_a_thumbnail_needs_no_store_and_is_seen_at_once(
    engine: Engine, store: Folder, thumb: Callable[..., str], tmp_path: Path
) -> None:
    kept = thumb(uuid4(), uuid4())
    assert not (tmp_path / "photos").exists()
    assert Image.open(BytesIO(find_shown(engine, store, kept))).size == (160, 120)
    assert purging.settle(engine, store) == 1
    assert purging.settle(engine, store) == 0
    assert store.find(original_key(kept)) == THUMBNAIL
    assert Image.open(BytesIO(find_shown(engine, store, kept))).size == (160, 120)


def test_a_thumbnail_of_a_report_that_was_not_taken_is_not_kept(
    engine: Engine, database: Database
) -> None:
    with engine.connect() as connection:
        keep_thumbnail(connection, uuid4(), uuid4(), THUMBNAIL, now=NOW)
        connection.rollback()
    assert database.one("SELECT count(*) FROM photo") == 0


def test_the_first_of_each_part_stays(
    thumb: Callable[..., str], whole: Callable[..., bool]
) -> None:
    observation, photo = uuid4(), uuid4()
    assert thumb(observation, photo) == thumb(observation, photo, OTHER) == sha(THUMBNAIL)
    assert whole(observation, photo)
    with pytest.raises(AnotherPhoto):
        whole(observation, photo, OTHER)
    for keep in (thumb, whole):
        with pytest.raises(AnotherPhoto):
            keep(uuid4(), photo)


def test_a_part_that_names_another_report_changes_nothing_of_the_photo(
    engine: Engine, whole: Callable[..., bool], database: Database
) -> None:
    photo = uuid4()
    whole(uuid4(), photo)
    with transaction(engine, latest=True) as connection, pytest.raises(AnotherPhoto):
        keep_thumbnail(connection, uuid4(), photo, THUMBNAIL, now=NOW)
    assert database.rows("SELECT id, thumbnail FROM observation_photo") == [(photo, None)]
    assert database.one("SELECT count(*) FROM photo") == 1


def test_what_is_no_thumbnail_is_refused_before_anything_is_written(
    thumb: Callable[..., str], database: Database
) -> None:
    for content in (b"MZ" + bytes(100), a_photo(form="PNG"), THUMBNAIL[:-900]):
        with pytest.raises(NotAPhoto):
            thumb(uuid4(), uuid4(), content)
    assert database.one("SELECT count(*) FROM observation_photo") == 0


def test_a_store_that_is_away_keeps_no_original(
    engine: Engine, whole: Callable[..., bool], tmp_path: Path, database: Database
) -> None:
    (tmp_path / "photos").write_text("a file stands here")
    with pytest.raises(StoreAway):
        whole(uuid4(), uuid4())
    assert database.one("SELECT count(*) FROM photo") == 0
    (tmp_path / "photos").unlink()
    assert whole(uuid4(), uuid4())


def test_a_copy_that_is_gone_is_made_again(
    engine: Engine, store: Folder, whole: Callable[..., bool]
) -> None:
    whole(uuid4(), uuid4())
    store.remove(shown_key(sha(ORIGINAL)))
    assert Image.open(BytesIO(find_shown(engine, store, sha(ORIGINAL)))).size == (480, 640)
    assert store.has(shown_key(sha(ORIGINAL)))
    store.remove(shown_key(sha(ORIGINAL)))
    store.remove(original_key(sha(ORIGINAL)))
    with pytest.raises(NotThere):
        find_shown(engine, store, sha(ORIGINAL))


def test_a_photo_goes_at_its_date_and_its_report_still_names_it(
    engine: Engine,
    store: Folder,
    thumb: Callable[..., str],
    whole: Callable[..., bool],
    database: Database,
) -> None:
    observation, photo = uuid4(), uuid4()
    thumb(observation, photo)
    whole(observation, photo)
    assert purge(engine, store, CONSOLE, now=NOW + timedelta(days=364)) == Purged(1, 0, 0, 0)
    assert purge(engine, store, CONSOLE, now=LATER) == Purged(0, 2, 0, 0)
    assert list(store.older(LATER)) == []
    with pytest.raises(NotThere):
        find_shown(engine, store, sha(ORIGINAL))
    assert database.one("SELECT original FROM observation_photo") == sha(ORIGINAL)
    said = database.one("SELECT details FROM audit_entry WHERE action = 'photos.purged'")
    assert said == {"photos": 2, "uploads": 0, "files": 0}
    assert purge(engine, store, CONSOLE, now=LATER) == Purged(0, 0, 0, 0)


def test_a_purge_that_stops_is_gone_on_with(
    engine: Engine, store: Folder, whole: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole(uuid4(), uuid4())

    def stops(*_: object) -> None:
        raise StoreAway("gone")

    with monkeypatch.context() as patched:
        patched.setattr(store, "remove", stops)
        with pytest.raises(StoreAway):
            purge(engine, store, CONSOLE, now=LATER)
    assert store.has(original_key(sha(ORIGINAL)))
    assert purge(engine, store, CONSOLE, now=LATER).photos == 1


def test_a_photo_that_comes_again_is_kept_longer(
    engine: Engine, store: Folder, whole: Callable[..., bool], database: Database
) -> None:
    whole(uuid4(), uuid4())
    database.rows("UPDATE photo SET delete_after = now() - interval '1 day' RETURNING 1")
    assert not whole(uuid4(), uuid4())
    assert purge(engine, store, CONSOLE, now=NOW).photos == 0
    assert store.has(original_key(sha(ORIGINAL)))


def test_files_of_nothing_go_after_a_day(
    engine: Engine, store: Folder, whole: Callable[..., bool], tmp_path: Path
) -> None:
    whole(uuid4(), uuid4())
    store.put(original_key("ff" * 32), b"of a transaction that was not carried out")
    half = tmp_path / "photos" / "originals" / "ff" / ".half"
    half.write_bytes(b"ha")
    assert purge(engine, store, CONSOLE, now=NOW + timedelta(hours=12)).files == 0
    old = (NOW - timedelta(days=2)).timestamp()
    for path in (tmp_path / "photos").rglob("*"):
        os.utime(path, (old, old))
    assert purge(engine, store, CONSOLE, now=NOW).files == 2
    assert store.has(original_key(sha(ORIGINAL)))
    assert not half.exists()


def test_how_long_photos_are_kept_is_a_setting(
    monkeypatch: pytest.MonkeyPatch, thumb: Callable[..., str], database: Database
) -> None:
    assert photos_life() == timedelta(days=365)
    monkeypatch.setenv("NIGEMICHI_PHOTOS_DAYS", "30")
    thumb(uuid4(), uuid4())
    assert database.one("SELECT delete_after FROM photo") == NOW + timedelta(days=30)
    for wrong in ("0", "-3", "a year", "٣", "99999"):
        monkeypatch.setenv("NIGEMICHI_PHOTOS_DAYS", wrong)
        with pytest.raises(Refused):
            photo_store(Path("unused"))


def test_where_photos_are_is_a_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    photo_store(tmp_path).put("one", b"1")
    assert (tmp_path / "photos" / "one").exists()
    monkeypatch.setenv("NIGEMICHI_PHOTOS", str(tmp_path / "elsewhere"))
    photo_store(tmp_path).put("one", b"1")
    assert (tmp_path / "elsewhere" / "one").exists()
    monkeypatch.setenv("NIGEMICHI_PHOTOS", "ftp://somewhere/photos")
    with pytest.raises(Refused):
        photo_store(tmp_path)


def test_headquarters_alone_sees_photos_and_no_cache_keeps_them(
    engine: Engine,
    database: Database,
    whole: Callable[..., bool],
    tmp_path: Path,
) -> None:
    whole(uuid4(), uuid4())
    path = f"/api/v1/headquarters/photos/{sha(ORIGINAL)}"
    with TestClient(create(tmp_path, database.url)) as client:

        def ask(role: Role, path: str = path) -> tuple[int, Mapping[str, str], bytes]:
            answer = client.get(path, headers=signed_in(engine, role).headers())
            return answer.status_code, answer.headers, answer.content

        for role in (Role.OPERATOR, Role.APPROVER):
            status, headers, content = ask(role)
            assert (status, headers["content-type"]) == (200, "image/jpeg")
            assert headers["cache-control"] == "no-store"
            assert not Image.open(BytesIO(content)).getexif()
        for role in (Role.FIELD, Role.PHONE, Role.DESK, Role.WELFARE, Role.ADMINISTRATOR):
            assert ask(role)[0] == 403
        assert client.get(path).status_code == 401
        assert ask(Role.OPERATOR, path[:-64] + "0" * 64)[0] == 404
        assert ask(Role.OPERATOR, path + "0")[0] == 422


def test_the_command_deletes_what_is_past_its_date(
    engine: Engine, database: Database, whole: Callable[..., bool], tmp_path: Path
) -> None:
    whole(uuid4(), uuid4())
    database.rows("UPDATE photo SET delete_after = now() - interval '1 day' RETURNING 1")
    done = nigemichi(database.url, tmp_path, "photos", "purge")
    assert done.stdout == ("stored 0; deleted 1 photos, 0 unfinished uploads, 0 stray files\n"), (
        done.stderr
    )


def test_a_photo_that_comes_while_it_is_deleted_has_its_file(
    engine: Engine, store: Folder, whole: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever deletes holds the row while the file goes."""
    whole(uuid4(), uuid4())
    waited: list[str] = []
    made = prepare(ORIGINAL)
    remove = store.remove

    def meanwhile(key: str) -> None:
        with engine.connect() as other, other.begin():
            other.execute(text("SET LOCAL lock_timeout = '50ms'"))
            waited.append(_refusal(other))
        remove(key)

    def _refusal(other: Connection) -> str:
        try:
            keep_original(other, store, made, uuid4(), uuid4(), now=NOW)
        except Exception as error:
            return str(error)
        return ""

    monkeypatch.setattr(store, "remove", meanwhile)
    assert purge(engine, store, CONSOLE, now=LATER).photos == 1
    assert all("lock timeout" in words for words in waited)
    assert len(waited) == 2
    assert whole(uuid4(), uuid4())
    assert store.has(original_key(sha(ORIGINAL)))
