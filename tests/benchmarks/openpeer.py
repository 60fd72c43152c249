"""A plain FastAPI that answers with one constant page, to compare with.

Run as `python -m tests.benchmarks.openpeer PORT BYTES`.
"""

import sys

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse


def main(port: int, size: int) -> None:
    """Serve until it is ended."""
    app, page = FastAPI(), "x" * size

    @app.get("/readyz")
    @app.get("/places")
    async def constant() -> HTMLResponse:
        return HTMLResponse(page)

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical", access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
