"""Telegrams are XML from strangers: each is read, set aside, or refused in a clear line."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import BrokenSource
from data.readers.jma import SetAside, read_telegram
from data.readers.jmaxml import MOST_BYTES
from hazards.bulletin import Bulletin
from tests.unit.data.jmatelegrams import NAMES, NO_SAMPLES, a_kind, a_telegram, sample

WHOLE = a_telegram(a_kind("レベル４大雨危険警報"), a_kind("レベル２大雨注意報", "解除"))
XML = b'<?xml version="1.0" encoding="UTF-8"?>'
BOMB = b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
SECRETS = ("root:", "haha")


def changed(old: str, new: str) -> bytes:
    assert old.encode() in WHOLE
    return WHOLE.replace(old.encode(), new.encode())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空です"),
        (b" \n ", "空です"),
        (b"PK\x03\x04", "XMLではありません"),
        (b"{}", "XMLではありません"),
        (WHOLE[:-20], "途中で切れている"),
        (WHOLE[: len(WHOLE) // 2], "途中で切れている"),
        (WHOLE.replace(XML, XML + BOMB).replace("架空県<".encode(), b"&c;<"), "実体"),
        (WHOLE.replace(XML, XML + OUTSIDE).replace("架空県<".encode(), b"&a;<"), "実体"),
        (WHOLE.replace(XML, XML + b"<!DOCTYPE Report>"), "DOCTYPE"),
        (WHOLE.decode().encode("cp932"), "XMLではありません"),
        (changed("UTF-8", "Shift_JIS"), "文字コード"),
        (changed("UTF-8", "no-such-thing"), "文字コード|XML"),
        (changed('kishou.go.jp/jmaxml1/"', 'kishou.go.jp/jmaxml2/"'), "電文ではありません"),
        (b"<html><body/></html>", "電文ではありません"),
        (changed("informationBasis1", "informationBasis2"), "Head"),
        (changed("body/meteorology1", "body/meteorology2"), "形式が分かりません"),
        (changed("<Status>通常</Status>", "<Status>本番</Status>"), "Statusが通常・訓練・試験"),
        (changed("<Status>通常</Status>", ""), "Statusがありません"),
        (changed("<InfoType>発表<", "<InfoType>速報<"), "InfoTypeが発表・訂正・取消・遅延"),
        (changed(">2026-09-01T20:00:00+09:00</R", ">2026-09-01T20:00:00</R"), "時差がありません"),
        (changed(">2026-09-01T20:00:00+09:00</R", ">昨夜</R"), "時刻ではありません"),
        (changed("<Warning ", "<Warming ").replace(b"</Warning", b"</Warming"), "何の警報か"),
    ],
)
def test_what_is_no_whole_telegram_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(BrokenSource, match=words) as refusal:
        read_telegram(content, "電文.xml")
    said = str(refusal.value)
    assert said.startswith("電文.xml: ")
    assert "\n" not in said
    assert not any(secret in said for secret in SECRETS)


def test_a_telegram_larger_than_any_is_refused_unread() -> None:
    with pytest.raises(BrokenSource, match="大きすぎます"):
        read_telegram(WHOLE + b" " * MOST_BYTES)


def test_a_telegram_nested_very_deep_is_read_like_any_other() -> None:
    nest = "<a>" * 50_000 + "</a>" * 50_000
    deep = read_telegram(changed("<Kind><Name>レベル４", f"{nest}<Kind><Name>レベル４"))
    assert isinstance(deep, Bulletin)
    assert deep.items[0].level == 4


@pytest.mark.parametrize(
    ("title", "body", "kind"),
    [
        ("噴火警報・予報", "volcanology1", "火山（噴火など）"),
        ("震度速報", "seismology1", "地震"),
        ("津波情報a", "seismology1", "津波"),
        ("府県天気予報", "meteorology1", "気象の予報・解説"),
        ("警報級の可能性（明日まで）", "meteorology1", "気象の予報・解説"),
        ("まったく新しい電文", "oceanography1", "その他"),
    ],
)
def test_what_is_merely_of_another_kind_is_set_aside(title: str, body: str, kind: str) -> None:
    other = a_telegram(title=title).replace(b"meteorology1", body.encode())
    found = read_telegram(other)
    assert isinstance(found, SetAside)
    assert (found.kind, found.title) == (kind, title)
    assert found.reason.startswith(f"{kind}の電文です（{title}）")


@given(cut=st.integers(0, len(WHOLE)))
@settings(deadline=None, max_examples=100)
def test_a_telegram_cut_off_anywhere_is_refused(cut: int) -> None:
    if WHOLE[cut:].strip():
        with pytest.raises(BrokenSource):
            read_telegram(WHOLE[:cut])


@given(at=st.integers(0, len(WHOLE) - 1), byte=st.binary(min_size=1, max_size=3))
@settings(deadline=None, max_examples=200)
def test_a_damaged_telegram_is_read_set_aside_or_refused(at: int, byte: bytes) -> None:
    with suppress(BrokenSource):
        found = read_telegram(WHOLE[:at] + byte + WHOLE[at + len(byte) :])
        assert isinstance(found, Bulletin | SetAside)


@given(noise=st.binary(max_size=200))
@settings(deadline=None, max_examples=100)
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(BrokenSource):
        read_telegram(noise)


@pytest.mark.skipif(not NAMES, reason=NO_SAMPLES)
@pytest.mark.parametrize("part", ["15_16_03", "16_02_02", "17_04_01", "18_03_01", "82_01_01"])
def test_an_official_telegram_cut_off_is_refused(part: str) -> None:
    content = sample(part).rstrip()
    for cut in range(0, len(content), max(1, len(content) // 25)):
        with pytest.raises(BrokenSource):
            read_telegram(content[:cut])
