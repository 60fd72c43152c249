"""Registering over the real app: pages without script, through to leaving, and what is typed."""

import re

import pytest

from operations.delivery.opening import LINK
from tests.integration.homed import AT, slips
from tests.integration.registered import ADDRESS, MAIL, NUMBER, SMS
from tests.integration.registerhouse import NORTH, House
from tests.integration.small_city import position


def test_from_the_home_page_to_a_confirmed_number_and_out_again(house: House) -> None:
    assert 'href="/register"' in house.client.get("/").text
    page = house.client.get("/register", params={"q": "北町"}).text
    assert 'href="/register?area=%E5%8C%97%E7%94%BA%E4%B8%80%E4%B8%81%E7%9B%AE"' in page
    assert 'name="sms"' in house.client.get("/register", params={"area": NORTH}).text
    sent = house.register(mail=ADDRESS, need=["time", "hearing"], kind=["general", "security"])
    assert (sent.status_code, sent.headers["location"]) == (303, "/register/code")
    code = house.client.get("/register/code").text
    assert "•••-••••-5678" in code
    assert "•••se@mail.example" in code
    house.send()
    assert house.enter().headers["location"] == "/register/mine"
    mine = house.client.get("/register/mine").text
    for word in ("お知らせが届きます", NORTH, "防犯", "聞こえにくい", "まだ確かめていません"):
        assert word in mine
    assert NUMBER[3:-4] not in mine
    assert "hanako" not in mine
    left = house.client.post("/register/leave")
    assert "お知らせは、もう届きません" in left.text
    assert house.client.get("/register/mine").status_code == 404
    assert house.rows("SELECT count(*) FROM recipient_address") == [(0,)]


def test_a_mail_is_confirmed_by_a_button_behind_its_link(house: House) -> None:
    house.register(sms="", mail=ADDRESS)
    house.send()
    path = f"/register/{house.office.link(MAIL)}"
    house.client.cookies.clear()
    for _ in range(2):
        page = house.client.get(path)
        assert page.status_code == 200
        assert "set-cookie" not in page.headers
        assert f'action="{path}"' in page.text
    assert house.rows("SELECT count(*) FROM recipient_address") == [(0,)]
    assert "登録しました" in house.client.post(path).text
    assert house.client.post(path).status_code == 404
    assert house.client.get(path).status_code == 404
    assert house.rows("SELECT channel FROM recipient_address") == [("mail",)]


def test_a_tap_on_the_map_is_a_home_and_stands_in_no_address(house: House) -> None:
    page = house.client.get("/register").text
    box = re.findall(r'name="box" value="([^"]+)"', page)[0]
    closer = house.client.post("/register/place", data={"box": box, "tap.x": 100, "tap.y": 144})
    box = re.findall(r'name="box" value="([^"]+)"', closer.text)[0]
    marked = house.client.post("/register/place", data={"box": box, "tap.x": 140, "tap.y": 150})
    lat, lon = position(*AT[3])
    at = house.client.post("/register/place", data={"lat": lat, "lon": lon})
    for found in (marked, at):
        assert found.status_code == 200
        assert not re.findall(r'(?:href|src|action)="[^"]*lat', found.text)
        assert 'name="lat"' in found.text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', at.text))
    assert house.register(**{"area": "", **fields}).status_code == 303
    assert house.rows("SELECT household, area_name FROM recipient") == [(3, "南町二丁目")]


def test_a_place_outside_the_city_is_none(house: House) -> None:
    found = house.client.post("/register/place", data={"lat": 35.0, "lon": 135.4})
    assert "の外です" in found.text
    assert 'name="sms"' not in found.text
    sent = house.register(area="", lat="35.0", lon="135.4")
    assert sent.status_code == 422
    assert "の外です" in sent.text
    assert house.rows("SELECT count(*) FROM recipient") == [(0,)]


def test_whoever_opened_their_slip_registers_their_household(house: House) -> None:
    assert house.client.get("/h/register").status_code == 404
    (slip,) = slips(house.office.engine, 2)
    house.client.post("/h", data={"code": slip.token})
    page = house.client.get("/h/register").text
    assert f"{NORTH}の家" in page
    assert 'action="/h/register"' in page
    assert house.register("/h/register", area="").status_code == 303
    assert house.rows("SELECT household, area_name FROM recipient") == [(2, NORTH)]


def test_the_registration_is_changed_where_it_was_made(house: House) -> None:
    house.register()
    house.send()
    house.enter()
    page = house.client.get("/register", params={"keep": "1"}).text
    assert "登録を変える" in page
    assert "•••-••••-5678" in page
    kept = house.register(area="", sms="", change="1", kind=["security"])
    assert kept.headers["location"] == "/register/mine"
    assert house.rows("SELECT area_name, categories FROM recipient") == [
        (NORTH, ["evacuation", "security"])
    ]
    moved = house.register(area="南町二丁目", sms="", change="1")
    assert moved.status_code == 303
    assert house.rows("SELECT id, area_name FROM recipient") == [(1, "南町二丁目")]


def test_somebody_else_is_registered_on_the_same_phone(house: House) -> None:
    house.register()
    house.send()
    house.enter()
    page = house.client.get("/register", params={"new": "1", "area": NORTH}).text
    assert "登録を変える" not in page
    house.register(sms="080-1111-2222")
    assert house.rows("SELECT count(*) FROM recipient") == [(2,)]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"sms": "050-1234-5678"}, "050"),
        ({"sms": "０３－１２３４－５６７８"}, "固定電話"),
        ({"sms": "+1 202 555 0123"}, "日本の携帯電話"),
        ({"sms": "090-1234"}, "電話番号として読めません"),
        ({"sms": "0" * 501}, "電話番号として読めません"),
        ({"sms": "", "mail": "hanako"}, "メールアドレスとして読めません"),
        ({"sms": "", "mail": "a" * 501 + "@mail.example"}, "メールアドレス"),
        ({"sms": "", "mail": "a@mail.example\r\nBcc: b@mail.example"}, "目に見えない文字"),
        ({"sms": "", "mail": ""}, "番号かメールアドレスを書いてください"),
        ({"area": "東町一丁目"}, "その町はありません"),
    ],
)
def test_what_is_not_understood_is_said_beside_its_field(
    house: House, fields: dict[str, str], told: str
) -> None:
    found = house.register(**fields)
    assert found.status_code == 422
    assert told in found.text
    assert 'role="alert"' in found.text
    assert house.rows("SELECT count(*) FROM recipient") == [(0,)]


def test_a_full_width_number_is_a_number(house: House) -> None:
    house.register()
    house.send()
    assert house.office.kept[SMS].batches[0].letters[0].address == NUMBER


@pytest.mark.parametrize(
    "body", [b"", b"\xff\x00", b"&".join(b"a=%d" % n for n in range(100)), b"sms=" + b"9" * 2000]
)
def test_a_form_that_is_none_does_nothing(house: House, body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for path in ("/register", "/register/place", "/register/code", "/register/again"):
        assert house.client.post(path, content=body, headers=headers).status_code in (200, 303, 404)
    assert house.rows("SELECT count(*) FROM recipient") == [(0,)]


def test_a_script_in_a_field_is_text(house: House) -> None:
    page = house.register(sms='"><script>alert(1)</script>').text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_wrong_codes_are_told_and_end(house: House) -> None:
    house.register()
    house.send()
    wrong = f"{(int(house.office.code()) + 1) % 10**6:06d}"
    pages = [house.enter(wrong) for _ in range(5)]
    assert {page.status_code for page in pages} == {422}
    assert "コードが違います" in pages[0].text
    assert "もう使えません" in pages[4].text
    assert house.enter().status_code == 422
    house.client.post("/register/again")
    house.send()
    assert house.enter().status_code == 303


@pytest.mark.parametrize("path", ["/leave/{}", "/r/{}/leave"])
def test_a_link_leaves_by_one_button_and_a_mail_program_by_none(house: House, path: str) -> None:
    house.register()
    house.send()
    house.enter()
    link = path.format(house.office.sealer.stamp(LINK, 1))
    page = house.client.get(link)
    assert page.text.count("<button") == 1
    assert f'action="{link}"' in page.text
    assert house.rows("SELECT left_at IS NULL FROM recipient") == [(True,)]
    for _ in range(2):
        left = house.client.post(link, data={"List-Unsubscribe": "One-Click"})
        assert left.status_code == 200
    assert house.rows("SELECT left_at IS NULL FROM recipient") == [(False,)]
    other = path.format(house.office.sealer.stamp("other", 1))
    assert house.client.post(other).status_code == 404


def test_all_pages_speak_english_and_keep_to_it(house: House) -> None:
    sent = house.register(lang="en")
    assert sent.headers["location"] == "/register/code?lang=en"
    japanese = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
    house.send()
    pages = [
        house.client.get("/register?lang=en"),
        house.client.get("/register/code?lang=en"),
        house.client.get("/register/mine?lang=en"),
        house.client.get(f"/leave/{house.office.sealer.stamp(LINK, 1)}?lang=en"),
        house.client.get("/register/x?lang=en"),
    ]
    for page in pages:
        said = re.sub(r'<(span|a)[^>]* lang="ja"[^>]*>.*?</\1>|<style>.*?</style>', "", page.text)
        said = re.sub(r'data-\w+="[^"]*"|<svg.*?</svg>', "", said)
        assert not japanese.findall(said.replace(NORTH, "")), page.url
