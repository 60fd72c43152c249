"""What a load's report tells, and the sieve that keeps broken rows out of it."""

from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import BrokenSource, BrokenSources
from data.readers.sieve import Sieve
from data.report import MOST_OF_REASON, MOST_SPOTS, LoadReport, SourceReport

PATH = Path("sites.csv")


def read(rows: list[bool]) -> SourceReport:
    """Read rows, of which those that are False are broken."""
    report = SourceReport("sites", PATH.name)
    sieve = Sieve(PATH, report)
    for number, good in enumerate(rows, start=2):
        with sieve.row(number, at=shapely.Point(139, 35)):
            if not good:
                raise BrokenSource(PATH, f"column '緯度' is {number}.5", row=number, remedy="mend")
            report.kept += 1
    sieve.close()
    return report


def test_one_broken_row_in_ten_thousand_is_kept_out_and_listed() -> None:
    report = read([True] * 5000 + [False] + [True] * 4999)
    assert (report.read, report.kept) == (10_000, 9_999)
    assert report.dropped == {"column '緯度' is …": 1}
    ((spot),) = report.spots
    assert (spot.word, spot.row, spot.lon, spot.lat) == ("dropped", "row 5002", 139, 35)
    assert any("row 5002" in line for line in report.lines())


def test_a_file_with_half_of_its_rows_broken_is_refused_and_names_the_first() -> None:
    with pytest.raises(BrokenSource, match=r"sites\.csv, row 3: column .* 50 of 100 rows are") as c:
        read([True, False] * 50)
    assert c.value.remedy == "mend"


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_a_file_is_refused_exactly_where_over_a_tenth_is_broken(rows: list[bool]) -> None:
    broken = rows.count(False)
    if broken * 10 > len(rows):
        with pytest.raises(BrokenSource):
            read(rows)
    else:
        report = read(rows)
        assert (report.kept, sum(report.dropped.values())) == (len(rows) - broken, broken)


def test_a_fault_that_is_none_of_the_row_goes_through() -> None:
    sieve = Sieve(PATH, SourceReport("sites", ""))
    with pytest.raises(ZeroDivisionError), sieve.row(1):
        raise ZeroDivisionError


def test_column_names_keep_their_numbers_where_faults_are_counted() -> None:
    report = SourceReport("zones", "")
    sieve = Sieve(PATH, report)
    for rank in range(20):
        with sieve.row(rank):
            if rank in {7, 8}:
                raise BrokenSource(PATH, f"column 'A31b_201' is {rank}, no rank of it")
    assert report.dropped == {"column 'A31b_201' is …, no rank of it": 2}


def test_counts_go_on_where_the_list_of_rows_ends() -> None:
    report = SourceReport("roads", "")
    for row in range(MOST_OF_REASON + 5):
        report.drop("no street", row=row)
    assert report.dropped["no street"] == MOST_OF_REASON + 5
    assert len(report.spots) == MOST_OF_REASON
    assert len(report.as_dict()["spots"]) == MOST_OF_REASON


def test_a_frequent_reason_leaves_room_for_the_rows_of_others() -> None:
    report = SourceReport("roads", "")
    for row in range(MOST_SPOTS * 2):
        report.repair("two directions of one street, joined", row=row)
    report.drop("a square", row="way 7")
    assert [spot.row for spot in report.spots if spot.word == "dropped"] == ["way 7"]
    for reason in range(MOST_SPOTS):
        report.drop(f"reason {reason}", row=reason)
    assert len(report.spots) == MOST_SPOTS


def test_rare_reasons_are_summed_up_in_a_terminal_and_kept_in_the_stored_report() -> None:
    report = SourceReport("roads", "")
    report.drop("often")
    for number in range(30):
        report.drop(f"reason {chr(97 + number)}")
        report.drop("often")
    lines = "\n".join(report.lines())
    assert "dropped 31: often" in lines
    assert "dropped 11 more, for 11 other reasons" in lines
    assert len(report.as_dict()["dropped"]) == 31


def test_a_refused_source_says_so_first() -> None:
    report = LoadReport("見本市（架空）")
    report.of("roads", "roads.osm").refused = "roads.osm: is cut off"
    report.of("sites", "sites.csv")
    assert [source.source for source in report.refused] == ["roads"]
    assert report.lines()[2] == "    REFUSED: roads.osm: is cut off"


def test_several_broken_sources_are_told_together_each_in_a_line() -> None:
    one, two = BrokenSource(PATH, "no site"), BrokenSource(Path("roads.osm"), "no street")
    assert str(BrokenSources([one, two])).split("\n") == [
        "sites.csv: no site",
        "roads.osm: no street",
    ]


def test_a_message_is_one_line_whatever_a_strangers_file_holds() -> None:
    error = BrokenSource(Path("a\nb.csv"), "column '緯度' is '\x1b[31m" + "x" * 1000, row="way\t1")
    said = str(error)
    assert said.isprintable()
    assert said.startswith("a…b.csv, way…1: column '緯度' is '…[31mxxx")
    assert len(said) < 500
