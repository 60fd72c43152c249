"""The button of a card in LINE: whoever taps it has read that revision of that alert."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from alerts.channels.line_webhook import Tapped
from alerts.kinds import ChannelKind, Language, Medium
from data.database import transaction
from operations.registering.from_line import hear
from tests.integration.outbox import ADDRESSES, Outbox
from tests.unit.alerts.asase import an_alert, rendering

LINE = ChannelKind.LINE
ALERT = "SELECT alert_id FROM alert_revision ORDER BY id DESC LIMIT 1"
CONFIRMED = "SELECT revision_id, recipient_id, how FROM confirmation ORDER BY id"


@pytest.fixture
def outbox(engine: Engine, tmp_path: Path) -> Outbox:
    return Outbox(engine, tmp_path)


def button(alert: int, revision: int) -> str:
    """What the button of the card of a revision says, as the card is made."""
    rendered = rendering(an_alert(number=alert, revision=revision))
    (card,) = rendered.messages[Medium.LINE][Language.JAPANESE]["messages"]
    return str(card["contents"]["footer"]["contents"][-1]["action"]["data"])


def tap(outbox: Outbox, who: int, data: str) -> None:
    """They tap a button that says that."""
    user = ADDRESSES[LINE].format(who)
    tapped = Tapped(f"{who} {data}", outbox.now, user, redelivered=False, reply_token="", data=data)
    assert hear(outbox.engine, outbox.sealer, tapped, outbox.now)


def found(outbox: Outbox, query: str) -> list[tuple[object, ...]]:
    with transaction(outbox.engine) as connection:
        return [tuple(row) for row in connection.execute(sql(query))]


def test_the_button_of_a_card_confirms_its_alert_and_no_other(outbox: Outbox) -> None:
    taps, _ = outbox.register(2, LINE)
    revision = outbox.approve()
    ((alert,),) = found(outbox, ALERT)
    outbox.approve()
    outbox.expand()
    tap(outbox, taps, button(int(str(alert)), 1))
    assert found(outbox, CONFIRMED) == [(revision, taps, "tap")]


def test_the_button_of_an_older_card_says_nothing_of_the_newer_one(outbox: Outbox) -> None:
    (who,) = outbox.register(1, LINE)
    outbox.approve(level=3)
    alert = int(str(found(outbox, ALERT)[0][0]))
    newest = outbox.approve(level=5, alert=alert)
    outbox.expand()
    tap(outbox, who, button(alert, 1))
    assert found(outbox, CONFIRMED) == []
    tap(outbox, who, button(alert, 2))
    assert found(outbox, CONFIRMED) == [(newest, who, "tap")]
