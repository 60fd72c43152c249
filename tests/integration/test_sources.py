"""Sources of information: the last good copy stays with its age; a person looks at what lies."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from city.staff import Caller, CallerKind, Role
from data import infosources
from data.database import transaction
from data.errors import BrokenSource, NoDatabase
from hazards.information import Shape, Theme, Way
from operations.cli import main
from operations.errors import Refused
from operations.information import shown
from operations.information.deciding import accept, refuse
from operations.information.listing import listed
from operations.information.registering import GivenSource, add
from operations.information.shown import Informed
from operations.information.taking import Became
from tests.integration.databases import Database
from tests.integration.sourced import (
    HERE,
    MINUTE,
    NOW,
    closures,
    collection,
    decisions,
    dropped,
    feature,
    hand,
    rows,
)

OFFICER = Caller(CallerKind.STAFF, 3, "officer", frozenset({Role.OPERATOR}))


@pytest.fixture(scope="session")
def template(with_small_city: str) -> str:
    return with_small_city


def held_digest(engine: Engine) -> str:
    """Of the copy that an officer looks at."""
    (one,) = listed(engine, NOW)
    return str(one["held"]["digest"])


def test_a_copy_that_shrinks_to_nothing_is_held_and_the_last_good_one_stays(engine: Engine) -> None:
    number = dropped(engine)
    assert hand(engine, number, closures(8)).became is Became.SHOWN
    later = NOW + 5 * MINUTE
    held = hand(engine, number, closures(0), later)
    assert held.became is Became.HELD
    row = rows(engine)[str(number)]
    assert (row["items"], row["held"], row["as_of"]) == (8, True, "2026-09-01T11:30:00+00:00")
    (asked,) = decisions(engine, later).values()
    assert "8件あったものが 0件" in asked["what"]
    assert asked["since"] == "2026-09-01T11:35:00+00:00"
    assert [one["word"] for one in asked["acts"]] == ["公開する", "公開しない"]


def test_an_officer_shows_a_held_copy_with_a_reason(engine: Engine, database: Database) -> None:
    number = dropped(engine)
    hand(engine, number, closures(8))
    hand(engine, number, closures(1), NOW + MINUTE)
    (one,) = listed(engine, NOW)
    assert (one["held"]["added"], one["held"]["gone"]) == (0, 7)
    with pytest.raises(Refused):
        accept(engine, OFFICER, number, " ", NOW, digest=one["held"]["digest"])
    with pytest.raises(Refused, match="開き直して"):
        accept(engine, OFFICER, number, "全部開いた", NOW, digest="another")
    looked_at = one["held"]["digest"]
    accept(engine, OFFICER, number, "県に電話で確かめた", NOW + 2 * MINUTE, digest=looked_at)
    row = rows(engine)[str(number)]
    assert (row["items"], row["held"], row["failing_since"]) == (1, False, None)
    assert row["as_of"] == "2026-09-01T11:31:00+00:00"
    assert decisions(engine) == {}
    last = database.rows("SELECT actor, action FROM audit_entry ORDER BY number DESC LIMIT 1")
    assert last == [("staff:3", "source.accepted")]


def test_a_copy_that_was_refused_once_is_not_asked_again(engine: Engine) -> None:
    number = dropped(engine)
    hand(engine, number, closures(8))
    hand(engine, number, closures(1))
    refuse(engine, OFFICER, number, "発表元の誤り", NOW, digest=held_digest(engine))
    assert rows(engine)[str(number)]["failing_since"] is None
    assert hand(engine, number, closures(1), NOW + MINUTE).became is Became.REFUSED
    row = rows(engine)[str(number)]
    assert (row["items"], row["failing_since"]) == (8, None)
    assert decisions(engine, NOW + 60 * MINUTE) == {}
    assert hand(engine, number, closures(2), NOW + MINUTE).became is Became.HELD


def test_a_good_copy_after_a_held_one_ends_the_question(engine: Engine) -> None:
    number = dropped(engine)
    hand(engine, number, closures(8))
    hand(engine, number, closures(0))
    assert hand(engine, number, closures(8), NOW + MINUTE).became is Became.SAME
    assert decisions(engine) == {}
    assert rows(engine)[str(number)]["as_of"] == "2026-09-01T11:31:00+00:00"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (collection(feature("a", (0.0, 0.0))), "ありえない場所"),
        (collection(feature("a", (135.4, 291.0))), "ありえない場所"),
        (collection(feature("a", updated="2031-01-01T00:00+09:00")), "ありえない場所や時刻"),
        (collection(feature("a", updated="1970-01-01T00:00+09:00")), "ありえない場所や時刻"),
        (collection(feature("a", (2.35, 48.85)), feature("b", (2.36, 48.85))), "遠く離れた"),
    ],
    ids=["no place", "no latitude", "tomorrow", "long ago", "Paris"],
)
def test_a_copy_that_lies_is_held_even_when_it_is_the_first(
    engine: Engine, body: bytes, words: str
) -> None:
    number = dropped(engine)
    taken = hand(engine, number, body)
    assert taken.became is Became.HELD
    assert words in taken.doubts[0]
    assert rows(engine)[str(number)]["items"] is None


def test_few_things_that_all_go_are_asked_about_unless_they_named_their_end(
    engine: Engine,
) -> None:
    number, works = dropped(engine), dropped(engine, name="工事")
    assert hand(engine, number, closures(2)).became is Became.SHOWN
    assert hand(engine, number, closures(0), NOW + MINUTE).became is Became.HELD
    ends = feature("工事", 終了日時="2026-09-01T22:30+09:00")
    assert hand(engine, works, collection(ends)).became is Became.SHOWN
    assert hand(engine, works, closures(0), NOW + MINUTE).became is Became.SHOWN


def test_little_by_little_a_source_does_not_shrink_to_nothing(engine: Engine) -> None:
    number = dropped(engine)
    for turn, count in enumerate((8, 4)):
        assert hand(engine, number, closures(count), NOW + turn * MINUTE).became is Became.SHOWN
    held = hand(engine, number, closures(2), NOW + 2 * MINUTE)
    assert held.doubts == ("8件あったものが 2件に減りました",)
    later = NOW + timedelta(hours=25)
    assert hand(engine, number, closures(4), later).became is Became.SAME
    assert hand(engine, number, closures(2), later + MINUTE).became is Became.SHOWN


def test_what_ended_by_its_own_word_is_not_missed_later_either(engine: Engine) -> None:
    number = dropped(engine)
    until = {"終了日時": "2026-09-01T22:30+09:00"}
    works = [feature(f"工事{n}", **until) for n in range(8)]
    rest = [feature(f"県道{n}") for n in range(3)]
    hand(engine, number, collection(*works, *rest))
    hand(engine, number, collection(*works, *rest[1:]), NOW + MINUTE)
    over = NOW + timedelta(hours=3)
    assert hand(engine, number, collection(*rest[1:]), over).became is Became.SHOWN


def test_a_list_of_quite_other_things_is_held(engine: Engine) -> None:
    number = dropped(engine)
    hand(engine, number, collection(*(feature(f"県道{n}") for n in range(50))))
    other = collection(*(feature(f"市道{n}") for n in range(50)))
    assert hand(engine, number, other).doubts == ("前にあった 50件のうち 50件がなくなりました",)


def test_the_board_decides_on_the_copy_that_it_shows(engine: Engine) -> None:
    number = dropped(engine)
    hand(engine, number, closures(8))
    hand(engine, number, closures(0))
    (asked,) = decisions(engine).values()
    assert [one["body"] for one in asked["acts"]] == [{"digest": held_digest(engine)}] * 2
    hand(engine, number, collection(feature("嘘")), NOW + MINUTE)
    with pytest.raises(Refused, match="開き直して"):
        accept(engine, OFFICER, number, "確かめた", NOW, **asked["acts"][0]["body"])


def test_rule_4_a_list_of_sites_is_a_neighbour_s_and_nothing_else(
    engine: Engine,
) -> None:
    with pytest.raises(Refused, match="近くの市町村"):
        dropped(engine, shape=Shape.GSI_SITES, theme=Theme.DISASTER)
    number = dropped(engine, shape=Shape.GSI_SITES, theme=Theme.NEIGHBOUR)
    with transaction(engine) as connection:  # one of before it was refused
        infosources.say(connection, number, theme=Theme.DISASTER)
    reading = Informed(engine).reading(NOW)
    assert reading is not None
    assert [one.theme for one in reading.sources] == [Theme.NEIGHBOUR]


def test_a_name_is_no_path(engine: Engine) -> None:
    number = dropped(engine, name="..", shape=Shape.GSI_SITES, theme=Theme.NEIGHBOUR)
    with pytest.raises(BrokenSource):
        hand(engine, number, b'{"type": "FeatureCollection", "features": [{}]}')


def test_a_name_with_a_slash_is_named_whole(engine: Engine) -> None:
    number = dropped(engine, name="<script>alert(1)</script>")
    with pytest.raises(BrokenSource, match=r"^<script>alert\(1\)<／script>: "):
        hand(engine, number, b"{}")


def test_one_thing_far_away_among_many_is_left_out(engine: Engine) -> None:
    number = dropped(engine)
    body = collection(feature("a"), feature("b"), feature("c", (139.7, 35.7)))
    assert hand(engine, number, body).items == 2
    assert listed(engine, NOW)[0]["left_out"] == 1


@pytest.mark.parametrize(
    ("shape", "body"),
    [
        (Shape.GEOJSON, b'{"type": "FeatureColl'),
        (Shape.GEOJSON, b"<html>"),
        (Shape.GEOJSON, b""),
        (Shape.CSV, b"<html>\n<p>"),
        (Shape.CSV, b"a,b\n1,2\n"),
        (Shape.ATOM_CAP, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        (Shape.ATOM_CAP, b'<feed xmlns="http://www.w3.org/2005/Atom"><entry>'),
        (Shape.GSI_SITES, b'{"type": "unavailable"}'),
        (Shape.JMA, b"<Report/>"),
    ],
    ids=[
        "cut",
        "html",
        "empty",
        "html csv",
        "no column",
        "entity",
        "cut xml",
        "gsi",
        "no telegram",
    ],
)
def test_a_broken_file_is_refused_and_changes_nothing(
    engine: Engine, shape: Shape, body: bytes
) -> None:
    number = dropped(engine, shape=shape, theme=Theme.NEIGHBOUR)
    with pytest.raises(BrokenSource):
        hand(engine, number, body)
    row = rows(engine)[str(number)]
    assert (row["items"], row["failing_since"]) == (None, None)


def test_only_what_has_a_word_is_taken(engine: Engine) -> None:
    number = dropped(engine, only="北町,南町")
    body = collection(feature("北町の断水"), feature("稚内の断水"), feature("x", 内容="南町で停電"))
    assert hand(engine, number, body).items == 2


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"location": "http://www.example.jp/"}, "暗号化"),
        ({"location": "https://u:p@www.example.jp/"}, "パスワード"),
        ({"location": "https://www.example.jp/", "every_s": 1}, "間隔"),
        ({"location": "https://www.example.jp/", "public": True}, "出典"),
    ],
)
def test_a_source_that_cannot_be_asked_safely_is_not_added(
    engine: Engine, said: dict[str, Any], words: str
) -> None:
    given = {"theme": Theme.STATE, "shape": Shape.CSV, "way": Way.URL, **said}
    with pytest.raises(Refused, match=words):
        add(engine, OFFICER, GivenSource("国", **given), NOW)


def test_rule_19_people_go_on_reading_the_last_good_copies_while_the_database_is_away(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = dropped(engine)
    hand(engine, number, closures(8))
    informed = Informed(engine)
    first = informed.reading(NOW)
    assert first is not None
    assert [len(one.items) for one in first.sources] == [8]

    def away(*_: object, **__: object) -> NoReturn:
        raise NoDatabase("away")

    monkeypatch.setattr(shown, "transaction", away)
    assert informed.reading(NOW + 20 * MINUTE) == first
    assert Informed(engine).reading(NOW) is None


def test_people_do_not_see_what_is_not_public_nor_what_is_held(engine: Engine) -> None:
    dropped(engine, public=False, name="本部だけ")
    number = dropped(engine)
    hand(engine, number, collection(feature("嘘", (2.35, 48.85))))
    informed = Informed(engine)
    reading = informed.reading(NOW)
    assert reading is not None
    assert [(one.name, one.items, one.heard_at) for one in reading.sources] == [
        ("道路情報", (), None)
    ]
    hand(engine, number, closures(2))
    renewed = informed.reading(NOW + MINUTE)
    assert renewed is not None
    assert len(renewed.sources[0].items) == 2


def test_sources_at_the_console(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database.url)
    monkeypatch.setenv("NIGEMICHI_STATE", str(tmp_path))
    file, less = tmp_path / "roads.geojson", tmp_path / "less.geojson"
    file.write_bytes(closures(6))
    less.write_bytes(collection(feature("x", HERE)))

    def said(*words: str, ends_with: int = 0) -> str:
        done = CliRunner().invoke(main, ["source", *words])
        assert done.exit_code == ends_with, done.output
        return done.output

    assert "no source" in said("list")
    assert said("add", "道路", "--theme", "traffic", "--format", "geojson") == "source 1\n"
    assert "shown, 6 items" in said("drop", "1", str(file))
    assert "減りました" in said("drop", "1", str(less), ends_with=1)
    held = re.search(r"止めています（([0-9a-f]{64})）", said("list"))
    assert held
    said("hold-accept", "1", held[1], "--why", "確かめた")
    assert "1件" in said("list")
    said("remove", "1", "--why", "やめる")
    assert "no source" in said("list")
    (tmp_path / "empty").mkdir()
    said("add", "県", str(tmp_path / "empty"), "--theme", "traffic", "--format", "geojson")
    said("fetch", "2", ends_with=1)
