"""The audit log by what was done: the chronology reads a few kinds of deeds out of very many."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """By moment for its pages, by number for what is new."""
    op.execute("CREATE INDEX audit_entry_done ON audit_entry (action, at, number)")
    op.execute("CREATE INDEX audit_entry_action ON audit_entry (action, number)")
