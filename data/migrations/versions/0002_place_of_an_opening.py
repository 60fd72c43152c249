"""An opening keeps the name and the place of the site that it was said of."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add both, and take them from the loaded city; what it does not know stays without."""
    op.execute("ALTER TABLE site_opening ADD site_name text, ADD geom geometry(POINT, 4326)")
    op.execute(
        "UPDATE site_opening o SET site_name = s.name, geom = s.geom"
        " FROM evacuation_site s JOIN city_load l ON l.id = s.load_id"
        " WHERE l.current AND l.code = o.city_code AND s.id = o.site_id AND o.ended_at IS NULL"
    )
