"""What is in force and forbids a draft to go out, said while it can still be mended."""

from typing import Any

from sqlalchemy import Connection, Row

from alerts.errors import AlertError
from alerts.wording.findings import Finding, Severity
from hazards.errors import HazardError
from operations.alerts.orders import check_allowed


def forbidden(connection: Connection, load: Row[Any], row: Row[Any]) -> list[Finding]:
    """A finding that stops it; none where a submission would be taken."""
    try:
        check_allowed(connection, load, row)
    except (AlertError, HazardError) as error:
        return [Finding(Severity.STOPS, "in_force", str(error))]
    return []
