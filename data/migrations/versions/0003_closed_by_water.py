"""A closure says whether water closed it; until now the words of its reason decided."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add it, as the words decided it."""
    op.execute("ALTER TABLE closure ADD by_water boolean NOT NULL DEFAULT false")
    op.execute("UPDATE closure SET by_water = reason ~* '水|氾濫|決壊|高潮|津波|flood|water'")
