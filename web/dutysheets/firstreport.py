"""第4号様式（その1）災害概況即報 as a filled form.

What nobody knows prints as 未確認 and never as 0; what nobody confirmed carries 未確認 beside it.
"""

from collections.abc import Mapping
from typing import Any, Final

from web.dutysheets.cells import said
from web.dutysheets.stamp import Stamp

TITLE: Final = "第4号様式（その1）災害概況即報"


def report_sheet(found: Mapping[str, Any], stamp: Stamp) -> dict[str, Any]:
    """What `operations/duties/firstreport.py` makes, in the form's own boxes."""
    fields = {one["key"]: said(one["text"], confirmed=one["confirmed"]) for one in found["fields"]}
    known, due = found["known_at"], found["due"]
    words = f"覚知 {stamp.clock(known)}　第一報は {stamp.clock(due)} まで" if due else "覚知 未記入"
    return {
        "kind": "report",
        "title": TITLE,
        "report": f"第{found['report']}報",
        "due": words,
        "fields": fields,
        "outline": [said(one["text"], confirmed=one["confirmed"]) for one in found["outline"]],
        "measures": [said(one["text"], confirmed=one["confirmed"]) for one in found["measures"]],
    }
