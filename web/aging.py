"""The script of a page that stays open: it adds ages to times and looks whether all still holds.

Every age is the larger one of what the phone's clock and the server's say. A new plan loads the
page again, but only once the new page has come: nothing that can still be read is ever lost.

Orders that the page does not know are said at once: every few seconds a page that is looked at asks
for the same few lines, which a cache keeps for all (`/api/v1/live/changes`): no page costs a
connection, and ten thousand ask the application once a second. They load anew within two seconds,
for another plan within ten, at random: never all in the same moment.
"""

from pathlib import Path
from typing import Final

from web.style import source_hash

_FILE = Path(__file__).parent / "static" / "aging.js"

AGING_SCRIPT: Final = "".join(line.strip() for line in _FILE.read_text("utf-8").splitlines())
AGING_HASH: Final = source_hash(AGING_SCRIPT)
