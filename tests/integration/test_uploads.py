"""Originals in pieces: cut anywhere, gone on with, kept exactly once, and nobody else's."""

import hashlib
import itertools
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy import text as sql

from api.app import create
from city.staff import Role
from data import tables
from data.database import connect
from data.photos.errors import StoreAway
from data.photos.store import Folder
from operations.photos import uploadstore
from operations.photos.keeping import Prepared, prepare
from tests.integration.databases import Database, Server
from tests.integration.processes import wait_for
from tests.integration.staffed import a_tablet, signed_in
from tests.integration.tusclient import BASE, PIECE, Sent, checksum, said
from tests.pictures import a_large_photo, a_photo, a_png_that_says
from tests.unit.api.served import TestClient

PHOTO = a_large_photo(20_000)
SHA = hashlib.sha256(PHOTO).hexdigest()


@dataclass(frozen=True, slots=True)
class House:
    """A running app, its database, and the folder of its photos."""

    app: TestClient
    database: Database
    engine: Engine
    state: Path

    def files(self) -> list[str]:
        """The names of what is in the folder of photos."""
        return sorted(path.name for path in (self.state / "photos").rglob("*") if path.is_file())

    def kept(self) -> list[tuple[Any, ...]]:
        """Which photos are of which reports."""
        return self.database.rows("SELECT id, observation, original FROM observation_photo")

    def count(self, table: str) -> int:
        """How many rows."""
        query = select(func.count()).select_from(tables.metadata.tables[table])
        with self.engine.connect() as connection:
            return int(connection.execute(query).scalar_one())


@pytest.fixture(scope="module")
def running(
    server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """One app for all tests of the file."""
    made, state = server.create(migrated), tmp_path_factory.mktemp("uploads")
    engine = connect(made.url)
    with TestClient(create(state, made.url), raise_server_exceptions=False) as app:
        yield House(app, made, engine, state)
    engine.dispose()
    server.drop(made)


@pytest.fixture
def house(running: House) -> House:
    """The app with no photos."""
    with running.engine.begin() as connection:
        connection.execute(sql("TRUNCATE photo, observation_photo, photo_upload CASCADE"))
    shutil.rmtree(running.state / "photos", ignore_errors=True)
    return running


@pytest.fixture
def sent(house: House) -> Sent:
    """A photo that a tablet in the field sends."""
    return Sent(house.app, a_tablet(house.engine, None, Role.FIELD), PHOTO)


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and type of what was refused."""
    return answer.status_code, answer.json()["type"].removeprefix("urn:nigemichi:problem:")


def test_a_photo_cut_ten_times_is_whole_and_there_once(sent: Sent, house: House) -> None:
    sent.begin()
    for cut in range(10):
        offset = sent.offset()
        assert offset == cut * 1000
        # The answer is lost: whoever sent it asks how far it came.
        assert sent.piece(offset, 1000).status_code == 204
    assert problem(sent.piece(0, 1000)) == (409, "wrong-offset")
    sent.whole(4096)
    assert house.kept() == [(sent.photo, sent.observation, SHA)]
    assert house.files() == [SHA, f"{SHA}.jpg"]
    assert Folder(house.state / "photos").find(f"originals/{SHA[:2]}/{SHA}") == PHOTO
    assert house.count("photo_upload_part") == 0
    noted = house.database.rows(
        "SELECT subject, details->>'photo' FROM audit_entry WHERE action = 'photo.kept'"
    )
    assert noted.count((str(sent.observation), str(sent.photo))) == 1


def test_another_server_goes_on_where_one_ended(sent: Sent, house: House) -> None:
    sent.begin()
    sent.piece(0, 5000)
    with TestClient(create(house.state, house.database.url)) as other:
        again = Sent(other, sent.by, PHOTO, sent.photo, sent.observation, location=sent.location)
        assert again.offset() == 5000
        again.whole(5000)
    assert house.kept() == [(sent.photo, sent.observation, SHA)]


def test_whoever_begins_again_goes_on_with_the_same_upload(sent: Sent, house: House) -> None:
    first = sent.begin()
    assert (first.status_code, first.headers["upload-offset"]) == (201, "0")
    sent.piece(0, 5000)
    again = sent.begin()
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["upload-offset"] == "5000"
    assert house.count("photo_upload") == 1


def test_a_photo_that_is_there_is_not_sent_twice(sent: Sent, house: House) -> None:
    sent.whole(9000)
    assert sent.begin().headers["upload-offset"] == str(len(PHOTO))
    assert sent.offset() == len(PHOTO)
    assert problem(sent.piece(len(PHOTO), 1)) == (403, "finished")
    assert problem(sent.ask("DELETE", sent.location)) == (409, "refused")
    assert len(house.kept()) == 1


def test_nothing_of_an_upload_is_for_another_caller(sent: Sent, house: House) -> None:
    sent.begin()
    sent.piece(0, 5000)
    for other in (a_tablet(house.engine, None, Role.FIELD), signed_in(house.engine, Role.APPROVER)):
        theirs = Sent(sent.http, other, PHOTO, sent.photo, sent.observation, location=sent.location)
        assert theirs.ask("HEAD", sent.location).status_code == 403
        assert problem(theirs.piece(5000, 5000)) == (403, "not-allowed")
        assert problem(theirs.ask("DELETE", sent.location)) == (403, "not-allowed")
    assert sent.offset() == 5000
    desk = Sent(sent.http, signed_in(house.engine, Role.DESK), PHOTO)
    assert problem(desk.begin()) == (403, "not-yours")


def test_the_same_photo_by_two_callers_is_there_once(sent: Sent, house: House) -> None:
    other = a_tablet(house.engine, None, Role.FIELD)
    theirs = Sent(sent.http, other, PHOTO, sent.photo, sent.observation)
    sent.begin()
    theirs.begin()
    sent.whole(9000)
    theirs.whole(9000)
    by = signed_in(house.engine, Role.PHONE)
    third = Sent(sent.http, by, PHOTO, sent.photo, sent.observation)
    assert third.begin().headers["upload-offset"] == str(len(PHOTO))
    assert house.kept() == [(sent.photo, sent.observation, SHA)]


def test_another_photo_under_the_same_id_is_refused_and_the_first_stays(
    sent: Sent, house: House
) -> None:
    sent.begin()
    unlike = a_photo(200, 100)
    by, photo, of = a_tablet(house.engine, None, Role.FIELD), sent.photo, sent.observation
    other = Sent(sent.http, by, unlike, photo, of)
    assert other.begin(sha256=None).status_code == 201
    assert problem(Sent(sent.http, sent.by, unlike, photo, of).begin()) == (409, "another-photo")
    sent.whole(9000)
    assert problem(other.piece(0, 100_000)) == (409, "another-photo")
    assert problem(Sent(sent.http, by, unlike, photo, of).begin()) == (409, "another-photo")
    elsewhere = Sent(sent.http, by, PHOTO, photo, uuid4())
    assert problem(elsewhere.begin()) == (409, "another-photo")
    assert house.kept() == [(photo, of, SHA)]


def test_a_piece_that_broke_on_its_way_is_sent_again(sent: Sent) -> None:
    sent.begin()
    wrong = sent.piece(0, 5000, upload_checksum=checksum(b"another"))
    assert problem(wrong) == (460, "wrong-checksum")
    assert sent.offset() == 0
    assert sent.piece(0, 5000, upload_checksum=checksum(PHOTO[:5000])).status_code == 204
    unknown = sent.piece(5000, 5000, upload_checksum="crc32 AAAAAA==")
    assert problem(unknown) == (400, "not-understood")


def test_a_photo_that_is_not_what_was_said_begins_anew(sent: Sent, house: House) -> None:
    sent.begin(sha256="0" * 64)
    answer = sent.piece(0, 100_000)
    assert problem(answer) == (422, "not-whole")
    assert sent.ask("HEAD", sent.location).status_code == 404
    assert house.kept() == []
    sent.location = ""
    sent.whole(100_000)
    assert len(house.kept()) == 1


@pytest.mark.parametrize(
    ("content", "ended_at"),
    [(b"MZ\x90\x00" + bytes(9000), 100), (a_png_that_says(30_000, 30_000), 100_000)],
    ids=["an executable", "900 megapixels"],
)
def test_what_is_no_photo_is_forgotten_as_soon_as_it_shows(
    sent: Sent, house: House, content: bytes, ended_at: int
) -> None:
    sent.content = content
    assert sent.begin().status_code == 201
    assert problem(sent.piece(0, ended_at)) == (422, "not-a-photo")
    for table in ("photo_upload", "photo_upload_part", "photo", "observation_photo"):
        assert house.count(table) == 0
    assert house.files() == []


def test_the_last_piece_counts_only_with_the_photo_in_the_store(
    sent: Sent, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreAway("no room")

    sent.begin()
    sent.piece(0, 9000)
    monkeypatch.setattr(Folder, "put", away)
    assert problem(sent.piece(9000, 100_000)) == (503, "photo-store")
    assert sent.offset() == 9000
    monkeypatch.undo()
    sent.whole(100_000)
    assert len(house.kept()) == 1


def test_a_piece_sent_twice_at_once_counts_once(
    sent: Sent, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at, go_on = threading.Event(), threading.Event()

    def slow(content: bytes) -> Prepared:
        looked_at.set()
        assert go_on.wait(20)
        return prepare(content)

    monkeypatch.setattr("operations.photos.uploadstore.prepare", slow)
    sent.begin()
    with ThreadPoolExecutor() as threads:
        first = threads.submit(sent.piece, 0, 100_000)
        assert looked_at.wait(20)
        again = threads.submit(sent.piece, 0, 100_000)
        waits = (
            "SELECT 1 FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        wait_for("the second waits for the first", lambda: house.database.rows(waits))
        go_on.set()
        assert first.result(20).status_code == 204
        assert problem(again.result(20)) == (403, "finished")
    assert len(house.kept()) == 1


def test_a_server_that_dies_before_the_commit_has_taken_nothing(
    sent: Sent, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> bool:
        raise SystemError

    sent.begin()
    monkeypatch.setattr(uploadstore, "keep_original", dies)
    assert sent.piece(0, 100_000).status_code == 500
    assert sent.offset() == 0
    monkeypatch.undo()
    sent.whole(100_000)
    assert len(house.kept()) == 1


def test_an_upload_that_was_left_is_over_after_its_days(sent: Sent, house: House) -> None:
    assert "upload-expires" in sent.begin().headers
    sent.piece(0, 5000)
    house.database.rows("UPDATE photo_upload SET expires_at = now() - interval '1 s' RETURNING 1")
    assert sent.ask("HEAD", sent.location).status_code == 410
    assert problem(sent.piece(5000, 5000)) == (410, "upload-over")
    sent.location = ""
    sent.whole(9000)
    assert len(house.kept()) == 1


def test_an_upload_is_given_up(sent: Sent, house: House) -> None:
    sent.begin()
    sent.piece(0, 5000)
    assert sent.ask("DELETE", sent.location).status_code == 204
    assert sent.ask("HEAD", sent.location).status_code == 404
    assert house.count("photo_upload_part") == 0


def test_what_is_offered_is_said(sent: Sent) -> None:
    headers = sent.ask("OPTIONS", BASE).headers
    assert headers["tus-version"] == "1.0.0"
    assert headers["tus-extension"] == "creation,checksum,expiration,termination"
    assert headers["tus-max-size"] == "30000000"
    assert headers["tus-checksum-algorithm"] == "sha256,sha1"
    sent.begin()
    shown = sent.ask("HEAD", sent.location).headers
    assert shown["cache-control"] == "no-store"
    assert shown["upload-length"] == str(len(PHOTO))
    assert said(photo=sent.photo) in shown["upload-metadata"]


def test_what_is_not_understood_is_refused_in_words(sent: Sent) -> None:
    metadata = said(photo=sent.photo, observation=sent.observation)

    def begin(**headers: str) -> tuple[int, str]:
        return problem(sent.ask("POST", BASE, **headers))

    assert begin(upload_length="5", tus_resumable="0.2.2") == (412, "tus-version")
    assert begin(upload_length="30000001", upload_metadata=metadata) == (413, "too-large")
    assert begin(upload_metadata=metadata) == (400, "not-understood")
    assert begin(upload_length="0", upload_metadata=metadata) == (422, "not-understood")
    for wrong in (
        said(photo="1", observation=sent.observation),
        said(photo=sent.photo),
        metadata + "," + said(sha256="12"),
        metadata + "," + said(taken_at="yesterday"),
        metadata + "," + said(taken_at="2026-09-01T02:10:00"),
    ):
        assert begin(upload_length="5", upload_metadata=wrong) == (422, "not-understood")
    sent.begin()
    assert problem(sent.piece(0, 9, content_type="image/jpeg")) == (415, "wrong-type")
    assert problem(sent.piece(0, 9, upload_offset="x")) == (400, "not-understood")
    longer = sent.ask("PATCH", sent.location, PHOTO + b"0", content_type=PIECE, upload_offset="0")
    assert problem(longer) == (400, "not-understood")
    assert sent.offset() == 0


def test_one_caller_has_only_so_many_unfinished(
    sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploadstore, "MOST_AT_ONCE", 2)
    first, second, third = (Sent(sent.http, sent.by, PHOTO) for _ in range(3))
    for one in (first, second):
        assert one.begin().status_code == 201
    assert problem(third.begin()) == (409, "refused")
    assert first.begin().status_code == 201
    first.whole(100_000)
    assert third.begin().status_code == 201


def test_a_method_in_a_header_is_not_followed(sent: Sent) -> None:
    sent.begin()
    sent.piece(0, 5000)
    tunnelled = sent.ask("POST", BASE, x_http_method_override="DELETE", upload_length="5")
    assert tunnelled.status_code in (400, 422)
    assert sent.offset() == 5000


def test_a_page_of_somebody_else_sends_no_piece(sent: Sent, house: House) -> None:
    sent.by = signed_in(house.engine, Role.FIELD)
    sent.begin()
    assert problem(sent.piece(0, 10, x_csrf_token="wrong")) == (403, "no-csrf")  # noqa: S106
    assert problem(sent.piece(0, 10, origin="https://elsewhere.example")) == (403, "wrong-origin")
    assert sent.offset() == 0


def test_pieces_of_every_size_make_the_same_photo(
    sent: Sent, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    def noted(content: bytes) -> Prepared:
        seen.append(content)
        return prepare(content)

    monkeypatch.setattr("operations.photos.uploadstore.prepare", noted)
    sizes = itertools.cycle((1, 4096, 7, 13, 11_000))
    sent.begin()
    offset = 0
    while offset < len(PHOTO):
        offset = int(sent.piece(offset, next(sizes)).headers["upload-offset"])
    assert seen == [PHOTO]
    assert UUID(sent.location.rsplit("/", 1)[1])
    assert len(house.kept()) == 1
