"""A revision as an approver sees it: rendered, checked, its reach counted, all under one digest.

Who approves sends the digest of what was seen: nobody approves what changed meanwhile.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from alerts.errors import NotFit
from alerts.wording.findings import Finding
from alerts.wording.linter import stopping
from data.alerts import revisions
from data.rows import card_of
from operations.alerts.blast import blast_of
from operations.alerts.words import render_now
from operations.delivery.expanding import audience_of


@dataclass(frozen=True, slots=True)
class Found:
    """What was rendered, what the linter says, whom it would reach."""

    rendered: dict[str, Any]
    findings: Sequence[Finding]
    blast: dict[str, Any]
    digest: str

    def raise_if_stopped(self) -> None:
        """Raise `NotFit` with every finding that stops a sending."""
        if stops := stopping(self.findings):
            raise NotFit("送れません: " + " / ".join(dict.fromkeys(one.words for one in stops)))

    def stored(self) -> dict[str, Any]:
        """The columns that keep it."""
        return {"rendered": self.rendered, "blast": self.blast, "digest": self.digest}


def check_now(connection: Connection, load: Row[Any], row: Row[Any], now: datetime) -> Found:
    """Render and check a revision as things are now."""
    alert = revisions.record_of(row, card_of(load).name)
    words, findings = render_now(connection, load, alert, now)
    rendered = words.to_dict()
    blast = blast_of(connection, load, row, audience_of(row, rendered), now)
    return Found(rendered, findings, blast, digest_of(row, rendered))


def digest_of(row: Row[Any], rendered: dict[str, Any]) -> str:
    """Of all that an approver decides on: where, until when, and every word."""
    said = [
        row.status,
        row.kind,
        row.step,
        row.hazard,
        row.level,
        list(row.area_names),
        row.whole_city,
        None if row.geom is None else row.geom.desc,
        row.segment,
        row.expires_at.isoformat(),
        rendered,
    ]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
