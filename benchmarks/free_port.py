"""A port that nobody listens on."""

from __future__ import annotations

import socket


def free_port() -> int:
    """Return one of this machine's."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
