"""Machines on one network, as network namespaces of this machine; needs root and iproute2."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CLONE_NEWNET = 0x40000000


class Network:
    """A switch, and a namespace for each machine that was added; `close` removes them all."""

    def __init__(self) -> None:
        self._id = f"ml{os.getpid() % 100000}"
        self._machines: dict[str, str] = {}
        self.switch = f"{self._id}-switch"
        _ip("netns", "add", self.switch)
        _ip("-n", self.switch, "link", "set", "lo", "up")
        _ip("-n", self.switch, "link", "add", "br0", "type", "bridge")
        _ip("-n", self.switch, "addr", "add", "10.77.0.1/24", "dev", "br0")
        _ip("-n", self.switch, "link", "set", "br0", "up")

    def add(self, machine: str) -> str:
        """Plug a machine in, and return its address."""
        number = len(self._machines) + 2
        namespace, port, address = f"{self._id}-{machine}", f"port{number}", f"10.77.0.{number}"
        self._machines[machine] = port
        _ip("netns", "add", namespace)
        _ip("-n", self.switch, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", namespace)
        _ip("-n", self.switch, "link", "set", port, "master", "br0", "up")
        _ip("-n", namespace, "link", "set", "lo", "up")
        _ip("-n", namespace, "addr", "add", f"{address}/24", "dev", "eth0")
        _ip("-n", namespace, "link", "set", "eth0", "up")
        return address

    def command(self, machine: str) -> list[str]:
        """Return what to put before a command that is to run on `machine`."""
        return ["ip", "netns", "exec", f"{self._id}-{machine}"]

    def cut(self, machine: str) -> None:
        """Pull the cable: packets are lost, and nobody is told."""
        _ip("-n", self.switch, "link", "set", self._machines[machine], "down")

    def plug(self, machine: str) -> None:
        """Plug it in again."""
        _ip("-n", self.switch, "link", "set", self._machines[machine], "up")

    @contextmanager
    def joined(self) -> Iterator[None]:
        """Let this thread, and no other, open its sockets at the switch."""
        libc = ctypes.CDLL(None, use_errno=True)
        with Path("/proc/thread-self/ns/net").open() as own, Path("/run/netns", self.switch).open() as there:
            assert libc.setns(there.fileno(), _CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
            try:
                yield
            finally:
                assert libc.setns(own.fileno(), _CLONE_NEWNET) == 0

    def close(self) -> None:
        for machine in self._machines:
            subprocess.run(["ip", "netns", "del", f"{self._id}-{machine}"], check=False)
        subprocess.run(["ip", "netns", "del", self.switch], check=False)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)
