"""What a process says of its calls names no account."""

import logging

import pytest
from click.testing import CliRunner

from operations.cli import main


@pytest.mark.parametrize("command", ["deliver", "serve"])
@pytest.mark.parametrize("caller", ["httpx", "httpcore", "httpcore.connection"])
def test_no_called_address_is_logged(
    caplog: pytest.LogCaptureFixture, caller: str, command: str
) -> None:
    for name in ("httpx", "httpcore", caller):
        logging.getLogger(name).setLevel(logging.NOTSET)
    with caplog.at_level(logging.INFO):
        assert logging.getLogger(caller).isEnabledFor(logging.INFO)
        CliRunner().invoke(main, [command, "--help"])
        assert not logging.getLogger(caller).isEnabledFor(logging.INFO)
        assert logging.getLogger(caller).isEnabledFor(logging.WARNING)
