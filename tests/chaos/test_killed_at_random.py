"""The API and PostgreSQL killed with -9 at random moments; the full run is `./dev chaos`."""

from pathlib import Path

from operations.people.auditing import verify
from tests.chaos.killing import night, rounds
from tests.integration.databases import connected


def test_no_acknowledged_count_is_lost_when_api_and_database_are_killed(tmp_path: Path) -> None:
    with night(tmp_path) as made:
        rounds(made, 3, seed=20191012)
        assert len(made.acknowledged()) > 30
        with connected(made.cluster.url) as engine:
            assert verify(engine).broken is None
