"""The script of a page that stays open: it adds ages to times and looks whether all still holds.

Every age is the larger one of what the phone's clock and the server's say. A new plan loads the
page again, but only once the new page has come: nothing that can still be read is ever lost.
"""

from pathlib import Path
from typing import Final

from web.style import source_hash

_FILE = Path(__file__).parent / "static" / "aging.js"

AGING_SCRIPT: Final = "".join(line.strip() for line in _FILE.read_text("utf-8").splitlines())
AGING_HASH: Final = source_hash(AGING_SCRIPT)
