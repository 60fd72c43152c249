"""The official colours of the warning levels, as the Japan Meteorological Agency publishes them."""

from typing import Final

from hazards.kinds import AlertLevel

COLOURS: Final = {
    AlertLevel.NONE: ("#c8c8cb", "#000000"),
    AlertLevel.EARLY_NOTICE: ("#ffffff", "#000000"),
    AlertLevel.ADVISORY: ("#f2e700", "#000000"),
    AlertLevel.ELDERLY_LEAVE: ("#ff2800", "#000000"),
    AlertLevel.ALL_LEAVE: ("#aa00aa", "#ffffff"),
    AlertLevel.SECURE_NOW: ("#0c000c", "#ffffff"),
}
"""Background and text. Always shown with the number and the word, never as colour alone."""
