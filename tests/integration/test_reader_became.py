"""What a reader's page says of alerts that are over, were stopped, or changed."""

from datetime import timedelta

import pytest

from alerts.kinds import Step
from tests.integration.readers import BUTTON, HOME, Readers, plain
from tests.integration.toldrows import BORN
from tests.unit.api.served import TestClient


@pytest.fixture
def client(reading: TestClient, readers: Readers) -> TestClient:
    """The app, whose city is as `readers` makes it."""
    return reading


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (Step.CANCEL, "この知らせは取り消されました。"),
        (Step.ALL_CLEAR, "この避難情報は解除されました。"),
    ],
)
def test_what_was_cancelled_or_lifted_says_so_and_has_no_colour(
    client: TestClient, readers: Readers, step: Step, told: str
) -> None:
    who = readers.person()
    alert, _ = readers.tell([who])
    readers.later(minutes=30)
    # Approved, and not yet written into anybody's outbox.
    readers.tell([], alert=alert, step=step)
    page = client.get(readers.link(who)).text
    said = plain(page)
    assert told in said
    assert "市長が解除するまで" not in said
    assert "を発令しました" not in said
    assert 'class="strip lv' not in page


def test_what_was_stopped_says_so_and_that_the_order_may_stand(
    client: TestClient, readers: Readers
) -> None:
    who = readers.person()
    alert, _ = readers.tell([who], stopped_at=BORN + timedelta(minutes=3))
    readers.told.order(alert)
    said = plain(client.get(readers.link(who)).text)
    assert "市は、この知らせを送るのを途中で止めました。" in said
    assert "避難情報が解除されたという意味ではありません。" in said


def test_an_update_that_is_for_others_asks_to_look_at_the_area(
    client: TestClient, readers: Readers
) -> None:
    who, other = readers.person(), readers.person()
    alert, _ = readers.tell([who])
    readers.tell([other], alert=alert, step=Step.UPDATE)
    note = "あなたの所が入っているか、区域を確かめてください。"
    assert note in client.get(readers.link(who)).text
    assert note not in client.get(readers.link(other)).text


def test_rule_11_words_expire_and_their_order_stands_until_it_is_lifted(
    client: TestClient, readers: Readers
) -> None:
    who = readers.person(at=HOME)
    alert, _ = readers.tell([who])
    order = readers.told.order(alert)
    readers.later(hours=3)
    page = client.get(readers.link(who)).text
    assert "この文の期限（13:14）は過ぎました。避難情報は続いています。" in plain(page)
    assert "を発令しました" not in plain(page)
    assert 'class="strip lv4"' in page
    assert BUTTON.findall(page) == []
    readers.told.lift(order)
    assert "いま、期限内の知らせはありません" in client.get(readers.link(who)).text


def test_an_order_that_ended_without_a_message_is_not_said_to_stand(
    client: TestClient, readers: Readers
) -> None:
    who = readers.person()
    alert, _ = readers.tell([who])
    order = readers.told.order(alert)
    readers.later(minutes=50)
    readers.told.lift(order)
    page = client.get(readers.link(who)).text
    assert "12:04 に、解除されたか、別の発令に替わりました。" in plain(page)
    assert "市長が解除するまで続きます" not in page
    assert 'class="strip lv' not in page
