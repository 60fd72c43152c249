"""A question that cannot be answered is refused with what, where and what to do; never a 500."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.problems import _validation
from tests.integration.small_city import write_small_city
from tests.unit.api.served import NORTH, OUTSIDE, Served, TestClient
from tests.unit.web.msgids import JAPANESE
from web.refused import FIELD_WORDS


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One app for all of them: nobody changes what it serves."""
    folder = tmp_path_factory.mktemp("asked")
    with Served(write_small_city(folder / "city"), folder / "state").client() as made:
        yield made


SWAPPED = {"lat": NORTH["lon"], "lon": NORTH["lat"]}

BAD: list[tuple[dict[str, Any], str]] = [
    ({}, "lat: を書いてください"),
    ({"lat": NORTH["lat"]}, "lon: を書いてください"),
    (OUTSIDE, "どの道からも 300 m より遠い"),
    (SWAPPED, "逆"),
    ({"lat": 0, "lon": 0}, "どの道からも"),
    ({"lat": 90, "lon": 180}, "どの道からも"),
    ({"lat": -90, "lon": -180}, "どの道からも"),
    ({"lat": "nan", "lon": "nan"}, "lat"),
    ({"lat": "inf", "lon": 135}, "lat"),
    ({"lat": NORTH["lat"], "lon": "-Infinity"}, "lon"),
    ({"lat": "1e999", "lon": 135}, "lat"),
    ({"lat": "north", "lon": 135}, "lat"),
    ({"lat": 1000, "lon": 2000}, "lat"),
    (NORTH | {"hazard": "rain"}, "hazard"),
    (NORTH | {"hazard": ["flood", "FLOOD"]}, "hazard"),
    (NORTH | {"level": 0}, "level"),
    (NORTH | {"level": 6}, "level"),
    (NORTH | {"level": "4.5"}, "level"),
    (NORTH | {"profile": "car"}, "profile"),
    (NORTH | {"dwelling": "castle"}, "dwelling"),
    (NORTH | {"floor": 0}, "floor"),
    (NORTH | {"floor": 101}, "floor"),
    (NORTH | {"floor": -11}, "floor"),
    (NORTH | {"floors": 0}, "floors"),
    (NORTH | {"floor": 3, "floors": 2}, "floor must not exceed floors"),
    (NORTH | {"dwelling": "bungalow", "floor": 2}, "a bungalow has one floor"),
    (NORTH | {"supplies_h": -1}, "supplies_h"),
    (NORTH | {"supplies_h": "nan"}, "supplies_h"),
    (NORTH | {"at": "tonight"}, "at"),
    (NORTH | {"at": "2026-10-10T20:42"}, "at"),
    (NORTH | {"at": "0001-01-01T00:00:00+00:00"}, "at"),
    (NORTH | {"at": "9999-12-31T23:59:59-23:59"}, "at"),
    (NORTH | {"at": "1764064800"}, "at: "),
    (NORTH | {"at": "1764064800.5"}, "at: "),
    (NORTH | {"at": "-1"}, "at: "),
    (NORTH | {"at": "2026-10-10"}, "at: "),
    (NORTH | {"level": "4²"}, "level: "),
]


def numbers(query: dict[str, Any]) -> list[str]:
    """The digits of a position, as they must not come back."""
    told = [str(query.get(key, "")) for key in ("lat", "lon")]
    return [text for text in told if re.fullmatch(r"-?\d+\.\d{3,}", text)]


@pytest.mark.parametrize(("query", "words"), BAD)
def test_a_program_is_told_in_problem_json(
    client: TestClient, query: dict[str, Any], words: str
) -> None:
    answer = client.get("/api/v1/guidance", params=query)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    table = answer.json()
    assert set(table) <= {"type", "title", "status", "detail", "errors"}
    assert table["type"].startswith("urn:nigemichi:problem:")
    assert table["status"] == 422
    assert words in table["detail"]
    assert not [number for number in numbers(query) if number in answer.text]


PAGES: list[tuple[dict[str, Any], str, str]] = [
    ({}, "場所が選ばれていません", "No place is chosen"),
    ({"lat": "", "lon": ""}, "場所が選ばれていません", "No place is chosen"),
    (OUTSIDE, "小浜町（架空）のどの道からも遠すぎます", "too far from every road"),
    (SWAPPED, "lat と lon が逆ではありませんか", "Are lat and lon swapped?"),
    ({"lat": "nan", "lon": "nan"}, "「緯度」は数で書いてください", "“latitude” must be a number"),
    (NORTH | {"hazard": "rain"}, "「災害」は使えない言葉です", "not known"),
    (NORTH | {"level": 6}, "「警戒レベル」は大きすぎます", "too large"),
    (NORTH | {"floor": 3, "floors": 2}, "いる階が建物の階数より上です。", "above the floors"),
    (NORTH | {"dwelling": "bungalow", "floor": 2}, "平屋に2階はありません。", "no second floor"),
    (NORTH | {"supplies_h": "nan"}, "は数で書いてください。", "must be a number"),
    (NORTH | {"at": "tonight"}, "「時刻」は読み取れません。", "“time” cannot be read"),
    (NORTH | {"at": "1764064800"}, "「時刻」は読み取れません。", "“time” cannot be read"),
]


@pytest.mark.parametrize(
    ("where", "name", "kind"),
    [
        ("query", "lat", "no-place"),
        ("query", "moment", "not-understood"),
        ("body", "lat", "not-understood"),
    ],
)
def test_only_a_question_without_a_place_is_told_to_choose_one(
    where: str, name: str, kind: str
) -> None:
    found = _validation([{"type": "missing", "loc": (where, name), "msg": "Field required"}])
    assert (found.status, found.type) == (422, kind)
    assert f"{name}: を書いてください" in found.detail


def section(html: str) -> str:
    """What a problem page says of the problem itself, without its tags."""
    found = re.search(r'<section class="flat">(.*?)</section>', html, re.DOTALL)
    assert found
    return unescape(re.sub(r"<[^>]+>", " ", found[1]))


@pytest.mark.parametrize(("query", "_"), BAD)
def test_a_person_is_told_on_a_page_in_japanese(
    client: TestClient, query: dict[str, Any], _: str
) -> None:
    answer = client.get("/way", params=query)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1" in answer.text
    assert set(re.findall("[A-Za-z]+", section(answer.text))) <= {"lat", "lon"}
    assert not [number for number in numbers(query) if number in answer.text]


@pytest.mark.parametrize(("query", "japanese", "english"), PAGES)
def test_a_person_is_told_in_the_language_of_the_page(
    client: TestClient, query: dict[str, Any], japanese: str, english: str
) -> None:
    assert japanese in section(client.get("/way", params=query).text)
    told = section(client.get("/way", params=query | {"lang": "en"}).text)
    assert english in told
    assert not JAPANESE.search(told)


def back(client: TestClient, query: dict[str, Any]) -> dict[str, str]:
    """What the link to choose again keeps."""
    html = client.get("/way", params=query).text
    found = re.search(r'class="btn" href="([^"]*)"', html)
    assert found
    return dict(parse_qsl(urlsplit(unescape(found[1])).query))


def test_the_link_back_keeps_the_household_but_not_where_it_is(client: TestClient) -> None:
    place = {key: str(value) for key, value in NORTH.items()}
    home = {"profile": "slow", "dwelling": "sturdy", "lang": "en"}
    assert back(client, place | home | {"level": 9}) == home
    assert back(client, place | home | {"floor": 3, "floors": 2}) == home
    assert back(client, home) == home
    assert back(client, home | {"lat": "x", "lon": place["lon"]}) == home
    assert back(client, OUTSIDE | home) == home
    assert back(client, NORTH | {"hazard": ["flood", "flood"], "level": 9})["hazard"] == "flood"


@pytest.mark.parametrize("path", ["/way", "/"])
def test_a_post_is_answered_in_a_plain_sentence(client: TestClient, path: str) -> None:
    answer = client.post(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert "この開き方はできません" in section(answer.text)
    assert "Method" not in answer.text


def test_head_is_answered_as_get_is_without_a_body(client: TestClient) -> None:
    for path in ("/", "/way", "/map.svg", "/api/v1/guidance", "/api/v1/sites", "/healthz"):
        asked, told = (client.request(kind, path, params=NORTH) for kind in ("GET", "HEAD"))
        assert (told.status_code, told.content) == (asked.status_code, b"")
        assert told.headers["content-type"] == asked.headers["content-type"]
        assert told.headers["cache-control"] == "no-store"
    assert client.head("/way").status_code == 422


LONG: list[list[tuple[str, str]]] = [
    [("q", "あ" * 2500)],
    [("lang", "x" * 5000)],
    [("hazard", "flood")] * 150,
    [("hazard", ",".join(["flood"] * 150))],
    [("supplies_h", "0" * 3000 + "5")],
]


@pytest.mark.parametrize("more", LONG)
def test_a_long_question_gets_its_code_and_short_links(
    client: TestClient, more: list[tuple[str, str]]
) -> None:
    said = [*((key, str(value)) for key, value in NORTH.items()), *more]
    answer = client.get("/way", params=said)
    assert answer.status_code == 200
    assert 'class="qr"' in answer.text
    assert max(len(one) for one in re.findall(r'href="([^"]*)"', answer.text)) < 250
    assert answer.text.count("flood") < 10


def test_an_address_that_no_code_holds_leaves_the_page(client: TestClient) -> None:
    answer = client.get("/way", params=NORTH, headers={"host": "x" * 3000})
    assert answer.status_code == 200


def test_swapped_positions_are_asked_about(client: TestClient) -> None:
    for path in ("/api/v1/guidance", "/way"):
        assert "lat と lon が逆" in client.get(path, params=SWAPPED).text


def test_what_was_typed_never_comes_back(client: TestClient) -> None:
    typed = "34.567891"
    for query in (
        f"lat={typed}&lon=x",
        f"{typed},131.2=1&lat=1&lon=1",
        f"lat=1&lon=1&{typed}={typed}",
        f"lat=1&lon=1&dwelling={typed}&hazard={typed}&at={typed}",
        f"{'x' * 5000}=1",
    ):
        for path in ("/api/v1/guidance", "/way"):
            answer = client.get(f"{path}?{query}")
            assert answer.status_code == 422
            assert typed not in answer.text
            assert len(answer.text) < 20_000


def test_what_does_not_exist_is_a_problem_too(client: TestClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:nigemichi:problem:not-found")
    page = client.get("/nothing")
    assert page.status_code == 404
    assert "最初の画面" in page.text
    assert client.post("/api/v1/guidance").status_code == 405


ODD = st.one_of(
    st.text(max_size=30),
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from(["", " ", "NaN", "-0", "１３５", "1_0", "0x1", "\x00", "'", "<b>", "%", "１"]),
)
NAMES = st.sampled_from(
    [
        *("lat", "lon", "q", "box", "tap.x", "tap.y", "lang", "point", "at"),
        *("hazard", "level", "profile", "dwelling", "floor", "floors", "supplies_h"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    path=st.sampled_from(["/", "/way", "/map.svg", "/api/v1/guidance"]),
    odd=st.dictionaries(NAMES, ODD, max_size=4),
    good=st.booleans(),
)
def test_no_question_breaks_the_server(
    client: TestClient, path: str, odd: dict[str, str], good: bool
) -> None:
    answer = client.get(path, params=(NORTH if good else {}) | odd)
    assert answer.status_code in (200, 422)
    if good or {"lat", "lon"} & odd.keys():
        assert answer.headers["cache-control"] == "no-store"


def test_before_the_first_plan_everything_says_so(served: Served) -> None:
    (served.home / "current").unlink()
    with served.client() as client:
        assert client.get("/healthz").status_code == 200
        for path in ("/readyz", "/", "/way", "/api/v1/city", "/api/v1/sites"):
            answer = client.get(path, params=NORTH if path == "/way" else {})
            assert answer.status_code == 503, path
            assert "まだ市のデータがありません" in answer.text
            assert answer.headers["cache-control"] == "no-store"
        assert client.get("/api/v1/guidance", params=NORTH).status_code == 503


def said_and_linked(text: str) -> list[str]:
    """The headings and links of a page, or the verdict and metres of an answer."""
    return re.findall(
        r'<h[12].*?</h[12]>|href="[^"]*"|"verdict":"\w+"|"distance_m":\d+', text, re.DOTALL
    )


@pytest.mark.parametrize("key", ["radius", "fbclid", "utm_source", "Level", "q", "lang"])
def test_a_program_is_told_of_a_key_that_is_not_known(client: TestClient, key: str) -> None:
    answer = client.get("/api/v1/guidance", params=NORTH | {key: "abc"})
    assert answer.status_code == 422
    assert "という項目はありません" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/way", "/"])
@pytest.mark.parametrize("key", ["radius", "fbclid", "utm_source", "Level", "x" * 5000])
def test_a_page_passes_over_what_an_app_adds_to_its_link(
    client: TestClient, path: str, key: str
) -> None:
    said = NORTH | {"level": 4, "dwelling": "sturdy"}
    plain, shared = (client.get(path, params=said | more) for more in ({}, {key: "abc"}))
    assert (plain.status_code, shared.status_code) == (200, 200)
    assert said_and_linked(shared.text) == said_and_linked(plain.text)


def wide(number: float) -> str:
    """The number in full-width signs."""
    return str(number).translate({ord(a): ord(a) + 0xFEE0 for a in "0123456789.-+"})


def test_full_width_digits_are_numbers(client: TestClient) -> None:
    said = {"floor": 3, "floors": 5, "supplies_h": 72.5, "level": 4}
    for path in ("/api/v1/guidance", "/way"):
        plain = client.get(path, params=NORTH | said)
        typed = {key: wide(value) for key, value in (NORTH | said).items()}
        assert typed["lat"].startswith("２９．")
        answer = client.get(path, params=typed)
        assert (plain.status_code, answer.status_code) == (200, 200)
        assert said_and_linked(answer.text) == said_and_linked(plain.text)
    assert client.get("/way", params=NORTH | {"floor": wide(-1)}).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/guidance", "/way", "/"])
@pytest.mark.parametrize("key", ["level", "lat", "dwelling"])
def test_a_key_that_says_two_things_is_refused(client: TestClient, path: str, key: str) -> None:
    """The last one would win: level=5&level=1 would turn secure_now into go."""
    said = {"level": ("5", "1"), "lat": ("35", str(NORTH["lat"])), "dwelling": ("house", "sturdy")}
    query = [(k, str(v)) for k, v in NORTH.items() if k != key] + [(key, v) for v in said[key]]
    answer = client.get(path, params=query)
    assert answer.status_code == 422
    assert (key if path.startswith("/api") else FIELD_WORDS[key]) in answer.text
    assert "ひとつだけ書いてください" in answer.text
