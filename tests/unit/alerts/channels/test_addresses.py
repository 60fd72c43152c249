"""Addresses as people type them."""

import pytest

from alerts.channels.addresses import address, line_user, mail_address, phone_number
from alerts.channels.errors import WrongAddress
from alerts.kinds import ChannelKind

MOBILE = "+819012345678"


@pytest.mark.parametrize(
    "typed",
    [
        "09012345678",
        "090-1234-5678",
        "０９０－１２３４－５６７８",
        "090ー1234ー5678",
        "090−1234‐5678",
        " 090 1234 5678 ",
        "(090)1234-5678",
        "+819012345678",
        "+81 90-1234-5678",
        "+81 (0)90 1234 5678",
        "＋８１９０１２３４５６７８",
        "010-81-90-1234-5678",
    ],
)
def test_a_mobile_number_is_read_however_it_is_typed(typed: str) -> None:
    assert phone_number(typed) == MOBILE


@pytest.mark.parametrize("prefix", ["060", "070", "080", "090"])
def test_all_four_prefixes_of_mobile_phones_are_taken(prefix: str) -> None:
    assert phone_number(f"{prefix}1234 5678") == f"+81{prefix[1:]}12345678"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("050-1234-5678", "050"),
        ("03-1234-5678", "固定電話"),
        ("042-626-3111", "固定電話"),
        ("020-1234-5678", "020"),
        ("0120-123-456", "携帯電話の番号ではありません"),
        ("0990-123-456", "携帯電話の番号ではありません"),
        ("+1 415 555 2671", "日本の携帯電話"),
        ("+82 10-1234-5678", "日本の携帯電話"),
        ("110", "読めません"),
        ("090-1234-567", "読めません"),
        ("090-1234-56789", "読めません"),
        ("090-1234-ABCD", "読めません"),
        ("09012345678;ext=5", "読めません"),
        ("09012345678 09087654321", "読めません"),
        ("", "読めません"),
        ("でんわ", "読めません"),
        ("090" * 400, "読めません"),
        ("0901234\x005678", "見えない"),
        ("0901234\u202e5678", "見えない"),
    ],
)
def test_any_other_number_is_refused_with_its_reason(typed: str, why: str) -> None:
    with pytest.raises(WrongAddress, match=why):
        phone_number(typed)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("name@example.jp", "name@example.jp"),
        ("  name@EXAMPLE.jp ", "name@example.jp"),
        ("Name.Of+tag@example.co.jp", "Name.Of+tag@example.co.jp"),
        ("ｎａｍｅ＠ｅｘａｍｐｌｅ．ｊｐ", "name@example.jp"),
        ("name@日本語.jp", "name@xn--wgv71a119e.jp"),
        ("old..dots.@docomo.ne.jp", '"old..dots."@docomo.ne.jp'),
    ],
)
def test_a_mail_address_is_brought_into_the_form_of_smtp(typed: str, right: str) -> None:
    assert mail_address(typed) == right


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("name", "読めません"),
        ("@example.jp", "読めません"),
        ("name@", "読めません"),
        ("name@localhost", "読めません"),
        ("name@127.0.0.1", "読めません"),
        ("name@[127.0.0.1]", "読めません"),
        ("name@exa mple.jp", "読めません"),
        ("na me@example.jp", "読めません"),
        ("a@b@example.jp", "読めません"),
        ("名前@example.jp", "読めません"),
        ("name@-example.jp", "読めません"),
        ("name@example..jp", "読めません"),
        ("<name@example.jp>", "読めません"),
        (f"{'n' * 65}@example.jp", "読めません"),
        (f"{'n' * 64}@{'.'.join(['d' * 60] * 4)}.jp", "長すぎます"),
        ("name@example.jp\r\nBcc: all@example.jp", "見えない"),
        ("name\u200b@example.jp", "見えない"),
    ],
)
def test_anything_else_is_no_mail_address(typed: str, why: str) -> None:
    with pytest.raises(WrongAddress, match=why):
        mail_address(typed)


def test_a_line_user_is_u_and_32_hexadecimal_digits() -> None:
    assert line_user("U" + "0a" * 16) == "U" + "0a" * 16


@pytest.mark.parametrize("typed", ["", "U" + "0A" * 16, "C" + "0a" * 16, "U" + "0a" * 15, "name"])
def test_anything_else_is_no_line_user(typed: str) -> None:
    with pytest.raises(WrongAddress):
        line_user(typed)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (ChannelKind.LINE, "U77777777777777777777777777777777x"),
        (ChannelKind.SMS, "050-7777-7777"),
        (ChannelKind.SMS, "+1 415 777 7777"),
        (ChannelKind.SMS, "090-7777-777"),
        (ChannelKind.MAIL, "tanaka777@localhost"),
    ],
)
def test_a_refusal_never_repeats_what_was_typed(kind: ChannelKind, typed: str) -> None:
    with pytest.raises(WrongAddress) as refused:
        address(kind, typed)
    assert "777" not in f"{refused.value!r} {refused.value.__cause__!r}"


def test_each_way_has_its_own_form_of_address() -> None:
    typed = {
        ChannelKind.LINE: "U" + "0a" * 16,
        ChannelKind.SMS: "090-1234-5678",
        ChannelKind.MAIL: "Name@Example.jp",
    }
    assert [address(kind, typed[kind]) for kind in ChannelKind] == [
        "U" + "0a" * 16,
        MOBILE,
        "Name@example.jp",
    ]
