"""The certificate authority of `./dev up --https`, for a phone that is to trust it."""

import os
from pathlib import Path

from fastapi import APIRouter, Response

from api.problems import Problem, problem_json

router = APIRouter(include_in_schema=False)


@router.get("/ca.crt")
def authority() -> Response:
    """The authority's certificate; never a key."""
    file = os.environ.get("NIGEMICHI_CA", "")
    if not file or not Path(file).is_file():
        what = "この案内は自前の証明書を使っていません"
        return problem_json(Problem(404, "not-found", "証明書がありません", what))
    return Response(Path(file).read_bytes(), media_type="application/x-x509-ca-cert")
