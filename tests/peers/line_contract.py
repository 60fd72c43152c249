"""LINE's own OpenAPI as the judge of requests, read where it lies."""

from collections.abc import Mapping
from typing import Any

from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest

from tests.peers.line_rules import CONTRACT, MULTICAST

LINE_API = "https://api.line.me"
"""The contract knows this server alone."""


class Contract:
    """Raises `FileNotFoundError` where the file is not there."""

    def __init__(self) -> None:
        self._api = OpenAPI.from_file_path(str(CONTRACT))

    def fault(self, body: bytes, headers: Mapping[str, str]) -> str:
        """What the contract has against a multicast; "" where nothing."""
        kind = headers.get("content-type", "")
        request = MockRequest(
            LINE_API, "post", MULTICAST, headers=dict(headers), data=body, content_type=kind
        )
        try:
            self._api.validate_request(request)
        except OpenAPIError as error:
            wrong = getattr(error.__cause__, "schema_errors", None) or [error]
            return "; ".join(f"{type(one).__name__} {_where(one)}".strip() for one in wrong)
        return ""


def _where(error: Any) -> str:
    return ".".join(map(str, getattr(error, "path", ())))
