"""The page of what others say: near first, each with its age, and in words what is not known."""

import gzip
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import shapely
from markupsafe import escape

from city.position import Position
from hazards.information import Item, Reported, Theme
from routing.version import PlanVersion
from tests.unit.web.ground import NOW, at, closure, ground, order, version
from web.info import InfoView, info_view
from web.inforows import MOST_NEAR
from web.infoshut import MOST_SHOWN
from web.language import translator
from web.pages import info_page
from web.placeasked import PlacesAsked

DOOR = at(610, 130)
MINUTES = timedelta(minutes=1)


def an_item(title: str, here: Position | None = DOOR, **said: Any) -> Item:
    place = (
        {} if here is None else {"point": (here.lon, here.lat), "reach": (here.lon, here.lat) * 2}
    )
    return Item(title, title, at=NOW - 20 * MINUTES, **{**place, **said})


def a_source(*items: Item, minutes: float = 1, **said: Any) -> Reported:
    words: dict[str, Any] = {
        "number": 1,
        "name": "架空県 道路情報",
        "theme": Theme.TRAFFIC,
        "licence": "CC BY 4.0",
        "attribution": "架空県",
        "known_for": 10 * MINUTES,
        "said_at": None,
        "heard_at": NOW - minutes * MINUTES,
        "failing_since": None,
        "items": items,
    }
    return Reported(**(words | said))


def seen(
    *sources: Reported,
    asked: PlacesAsked | None = None,
    known: bool = True,
    lang: str = "ja",
    level: int = 4,
    read: float = 0,
    plan: PlanVersion | None = None,
    whole: int | None = None,
) -> tuple[InfoView, str]:
    view = info_view(
        plan or version(order(level)),
        sources if known else None,
        PlacesAsked(position=DOOR) if asked is None else asked,
        translator(lang),
        now=NOW,
        read_at=NOW - read * MINUTES if known else None,
        read_old=read > 1,
        checked_at=NOW,
        stale=False,
        whole=whole,
    )
    return view, info_page(view, asked={}, lang=lang)


def test_what_is_near_stands_first_and_what_is_far_away_nowhere() -> None:
    near, nearer = an_item("橋の北", at(610, 700)), an_item("橋の前", at(610, 140))
    far, everywhere = an_item("遠くの峠", at(9000, 130)), an_item("全線運休", None)
    view, page = seen(a_source(far, near, nearer, everywhere))
    (source,) = [one for theme in view.themes for one in theme.sources]
    assert [row.title for row in source.rows] == ["全線運休", "橋の前", "橋の北"]
    assert "遠くの峠" not in page


def test_the_host_beside_a_link_is_where_a_browser_goes() -> None:
    links = {"a": "https://evil.example?x.bousai.go.jp", "b": "https://evil.example\\.bousai.go.jp"}
    view, _ = seen(a_source(*(an_item(name, link=link) for name, link in links.items())))
    (source,) = [one for theme in view.themes for one in theme.sources]
    assert {(row.title, row.host, row.link) for row in source.rows} == {
        ("a", "evil.example", links["a"]),
        ("b", "", ""),
    }


def test_rule_19_what_a_source_says_of_long_ago_is_old_however_new_it_was_heard() -> None:
    view, page = seen(a_source(an_item("通行止め"), said_at=NOW - 40 * MINUTES))
    (source,) = [one for theme in view.themes for one in theme.sources]
    assert source.old
    assert "の発表" in source.heard
    assert "古い情報です" in page


def test_an_area_counts_as_a_whole() -> None:
    item = an_item("橋の北", at(650, 700))
    _, page = seen(a_source(item), asked=PlacesAsked(area="下浅瀬二丁目"))
    assert "橋の北" in page
    assert "noindex" not in page


def test_what_has_ended_by_its_own_word_is_not_shown() -> None:
    _, page = seen(a_source(an_item("工事", until=NOW - MINUTES)))
    assert "工事" not in page
    assert "の時点で、この近くのものはありません" in page


def test_a_source_that_fails_says_since_when_and_is_grey() -> None:
    view, page = seen(a_source(an_item("通行止め"), minutes=40, failing_since=NOW - 35 * MINUTES))
    (source,) = [one for theme in view.themes for one in theme.sources]
    assert source.old
    assert 'class="src old"' in page
    assert "20:07</time> から新しい情報が届いていません。いまの状況は分かりません。" in page
    assert "最後に届いた情報：" in page
    assert "通行止め" in page


def test_an_old_copy_without_anything_near_is_not_called_calm() -> None:
    _, page = seen(a_source(minutes=40))
    assert "この近くのものはありません" not in page
    assert "この近くのものがあるかどうかは、分かりません" in page


def test_a_source_that_never_came_is_unknown_in_words() -> None:
    _, page = seen(a_source(heard_at=None))
    assert "まだ一度も届いていません。何もないという意味ではありません。" in page


def test_a_theme_without_a_source_says_where_to_look() -> None:
    view, page = seen()
    assert [theme.key for theme in view.themes] == [one for one in Theme if one is not Theme.TOKYO]
    assert page.count("この分野の情報は、ここには届いていません") == len(Theme) - 1


def test_without_any_reading_nothing_is_called_known() -> None:
    _, page = seen(known=False)
    assert "情報を読めません。何もないという意味ではありません。" in page
    assert "この分野の情報は" not in page


def test_rule_19_a_reading_that_grew_old_is_shown_with_its_moment_and_in_grey() -> None:
    view, page = seen(a_source(an_item("通行止め")), read=20)
    assert "20:22</time> から新しい情報を確かめられていません" in page
    assert all(one.old for theme in view.themes for one in theme.sources)


def test_rule_4_under_level_5_no_place_of_a_neighbour_is_named() -> None:
    place = a_source(an_item("隣町体育館"), theme=Theme.NEIGHBOUR)
    _, page = seen(place)
    assert "隣町体育館" in page
    assert "行き先として案内していません" in page
    view, page = seen(place, level=5)
    assert view.stop
    assert "隣町体育館" not in page
    assert "安全確保" in page


def test_closures_of_the_city_stand_with_the_traffic() -> None:
    here = ground()
    view, page = seen(plan=version(order(4), closed=(closure(3, here),), on=here))
    (traffic,) = [theme for theme in view.themes if theme.key == Theme.TRAFFIC]
    assert traffic.shut.count == 1
    assert "市が通行止めにしている所：1か所" in page


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_of_many_sources_is_small(lang: str) -> None:
    long = "県道の一部で、のり面がくずれたため、当分のあいだ通行止めです。" * 4
    items = [an_item(f"通行止め {n}", at(600 + n, 130), text=long) for n in range(40)]
    view, page = seen(*(a_source(*items, theme=theme) for theme in Theme), lang=lang)
    assert len(gzip.compress(page.encode())) < 14_000
    assert [one.more for theme in view.themes for one in theme.sources] == [40 - MOST_NEAR] * 6


def test_a_stranger_s_words_are_text() -> None:
    evil = an_item("<script>alert(1)</script>", link='https://a.example/"onclick=x')
    _, page = seen(a_source(evil))
    assert "<script>alert" not in page
    assert '"onclick' not in page


def test_the_page_speaks_english_but_for_what_others_say() -> None:
    _, page = seen(a_source(an_item("通行止め")), lang="en")
    assert "Traffic and roads" in page
    assert '<b lang="ja">通行止め</b>' in page


def test_a_closure_near_a_chosen_area_is_told_with_where_it_is_and_since_when() -> None:
    here = ground()
    plan = version(order(4), closed=(closure(3, here),), on=here)
    _, page = seen(plan=plan, asked=PlacesAsked(area="下浅瀬二丁目"))
    traffic = page.partition('id="traffic"')[2].partition("</section>")[0]
    assert "絹ヶ丘一丁目・名前のない道" in traffic
    assert ">20:31</time> から" in traffic
    assert "この分野の情報は" not in traffic


def test_closures_far_from_a_chosen_place_are_counted_and_none_near_is_promised() -> None:
    here = ground()
    far = replace(closure(3, here), line=shapely.affinity.translate(here.lines[3], 9_000, 0))
    _, page = seen(plan=version(order(4), closed=(far,), on=here))
    assert "市の全体で1か所" in page
    assert "この近くで分かっているものはありません。ここにない道が通れるとは限りません。" in page


def test_closures_beyond_the_first_are_folded_and_none_is_left_out() -> None:
    here = ground()
    shut = tuple(replace(closure(n, here), id=n + 1) for n in range(MOST_SHOWN + 3))
    view, page = seen(plan=version(order(4), closed=shut, on=here))
    (traffic,) = [one for one in view.themes if one.key == Theme.TRAFFIC]
    assert (len(traffic.shut.rows), len(traffic.shut.folded)) == (MOST_SHOWN, 3)
    assert "<summary>ほか3か所</summary>" in page


def test_all_of_a_source_is_one_link_away() -> None:
    items = [an_item(f"規制その{n}", at(600 + n, 130)) for n in range(MOST_NEAR + 2)]
    asked = PlacesAsked(area="下浅瀬二丁目", kept={"area": "下浅瀬二丁目"})
    view, page = seen(a_source(*items), asked=asked)
    assert "規制その9" not in page
    address = f"{view.rest}1#source-1"
    assert address.startswith("/info?area=")
    assert f'href="{escape(address)}"' in page
    assert 'id="source-1"' in page
    _, whole = seen(a_source(*items), asked=asked, whole=1)
    assert "規制その9" in whole
    assert "すべて見る" not in whole
