"""Wait until the server is ready with what the database holds."""

import http.client
import ipaddress
import json
import os
import signal
import ssl
import sys
import time

PATIENCE_S = 180


def reachable(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not address.is_unspecified:
        return host
    return "127.0.0.1" if address.version == 4 else "::1"


def connection_to(host: str, port: int) -> http.client.HTTPConnection:
    authority = os.environ.get("NIGEMICHI_CA")
    if not authority:
        return http.client.HTTPConnection(host, port, timeout=5)
    trust = ssl.create_default_context(cafile=authority)
    return http.client.HTTPSConnection(host, port, timeout=5, context=trust)


def is_ready(host: str, port: int) -> bool:
    connection = connection_to(host, port)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        # Stale: what is mapped may be an earlier city, until the planner has looked once.
        return answer.status == 200 and not json.load(answer)["stale"]
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()


def main(host: str, port: int) -> str | None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_ready(reachable(host), port):
        if time.monotonic() > deadline:
            return f"The server was not ready after {PATIENCE_S} s."
        time.sleep(0.1)
    return None


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
