"""Say what to do when the port is taken, before anything is installed."""

import socket
import sys


def main(host: str, port: int) -> str | None:
    try:
        address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, OverflowError) as problem:
        return f"Cannot listen on {host}:{port}: {problem}"
    with socket.socket(address[0], address[1]) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address[4])
            probe.listen()
        except (OSError, OverflowError) as problem:
            return (
                f"Port {port} on {host} cannot be used ({problem}). Stop the program that "
                f"listens there, or choose another port: ./dev up --port {port + 1}"
            )
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
