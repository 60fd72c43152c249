"""An address of no PostgreSQL is refused in one line that repeats no password."""

import pytest

from data.database import DRIVER, connect
from data.errors import NoDatabase


@pytest.mark.parametrize(
    "url",
    [
        "garbage",
        "",
        "sqlite:///x",
        "postgresql://u:secret@h:port/x",
        "postgresql+psycopg2://u:secret@h/x",
        "mysql://u:secret@h/x",
    ],
)
def test_an_address_of_no_postgresql_is_refused(url: str) -> None:
    with pytest.raises(NoDatabase, match="DATABASE_URL is no address") as told:
        connect(url)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("way", ["postgresql", DRIVER])
def test_an_address_keeps_what_it_says(way: str) -> None:
    found = connect(f"{way}://u:secret@h:5433/x?host=/run/pg", patience_s=1.0).url
    assert (found.drivername, found.password, found.port) == (DRIVER, "secret", 5433)
    assert found.query == {"host": "/run/pg"}
