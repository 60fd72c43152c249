"""Of each carrier if it is live or of drills, who has it, what it still takes; room in pages.

A row of the outbox is changed twice or thrice: with room beside it no index has to be (PostgreSQL,
"Heap-Only Tuples").
"""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Workers say both when they start; until then a known carrier counts as live, and as gone."""
    op.execute("ALTER TABLE carrier_state ADD COLUMN status text NOT NULL DEFAULT 'Actual'")
    op.execute("ALTER TABLE carrier_state ALTER COLUMN status DROP DEFAULT")
    op.execute("ALTER TABLE carrier_state ADD COLUMN seen_at timestamptz")
    op.execute("ALTER TABLE carrier_state ADD COLUMN letters_left bigint")
    op.execute("ALTER TABLE delivery SET (fillfactor = 50)")
    op.execute("ALTER TABLE recipient ADD COLUMN late_since timestamptz")
    op.execute(
        "CREATE INDEX recipient_late ON recipient (status, late_since) WHERE late_since IS NOT NULL"
    )
    op.execute(
        "CREATE TABLE sealing_identity (one boolean PRIMARY KEY CHECK (one),"
        " identity text NOT NULL, since timestamptz NOT NULL DEFAULT now())"
    )
