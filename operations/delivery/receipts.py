"""What carriers say later: a message was delivered to a phone, or never will be."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from alerts.channels.receipt import Receipt, ReceiptState
from alerts.delivery import DeliveryState
from data.delivery import rows
from data.delivery.nextways import advance

_STATES: Final = {
    ReceiptState.DELIVERED: DeliveryState.DELIVERED,
    ReceiptState.FAILED: DeliveryState.REFUSED,
    ReceiptState.EXPIRED: DeliveryState.GIVEN_UP,
}


def take_receipt(connection: Connection, credential: str, receipt: Receipt, now: datetime) -> bool:
    """Store it; False for a message that is none of ours, or a state that says nothing yet.

    Who was not reached gets the next way at once.
    """
    state = _STATES.get(receipt.state)
    if state is None:
        return False
    why = None if state is DeliveryState.DELIVERED else str(receipt.state)
    told = rows.receipt(connection, credential, receipt.reference, state, now, why)
    if told is not None and told.changed and state is not DeliveryState.DELIVERED:
        advance(connection, told.revision, told.stage, [told.recipient], now)
    return told is not None
