"""Machines of their own on one: network namespaces with a wire to the database and another to the relay.

Made by root with `ip` (Debian package iproute2), and gone at the end. The wire to the database can be cut
without the other one, as when a worker still reaches its relay and nobody knows what it does.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

_PREFIX: Final = "news"
NETWORK: Final = "10.77.0.0/16"


@dataclass(frozen=True, slots=True)
class Machine:
    """One namespace; `database` and `relay` are where it finds the others."""

    name: str
    database: str
    relay: str

    def words(self, *words: str) -> list[str]:
        """Return the command line that runs these words there."""
        return ["ip", "netns", "exec", self.name, *words]

    def cut(self) -> None:
        """Pull the wire to the database."""
        _ip("link", "set", f"{self.name}d", "down")

    def mend(self) -> None:
        """Plug it in again."""
        _ip("link", "set", f"{self.name}d", "up")


def why_not() -> str:
    """Return why there can be no such machines here; empty: there can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    return "" if shutil.which("ip") else "network namespaces need ip (Debian package iproute2)"


@contextmanager
def machines(count: int) -> Iterator[list[Machine]]:
    """Give so many machines, each with two wires to this one."""
    made = [
        Machine(f"{_PREFIX}{number}", f"10.77.{number}.1", f"10.77.{100 + number}.1")
        for number in range(count)
    ]
    try:
        for one in made:
            _ip("netns", "add", one.name)
            _ip("-n", one.name, "link", "set", "lo", "up")
            _wire(one, "d", one.database)
            _wire(one, "r", one.relay)
        yield made
    finally:
        for one in made:
            for wire in "dr":
                _ip("link", "del", f"{one.name}{wire}", check=False)
            _ip("netns", "del", one.name, check=False)


def _wire(machine: Machine, kind: str, here: str) -> None:
    near, far = f"{machine.name}{kind}", f"{machine.name}{kind}x"
    _ip("link", "add", near, "type", "veth", "peer", "name", far)
    _ip("link", "set", far, "netns", machine.name)
    _ip("addr", "add", f"{here}/24", "dev", near)
    _ip("link", "set", near, "up")
    there = here.rsplit(".", 1)[0] + ".2"
    _ip("-n", machine.name, "addr", "add", f"{there}/24", "dev", far)
    _ip("-n", machine.name, "link", "set", far, "up")


def _ip(*words: str, check: bool = True) -> None:
    program = shutil.which("ip") or "ip"
    subprocess.run([program, *words], check=check, capture_output=not check)
