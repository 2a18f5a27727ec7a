"""Which of several addresses a connection is made to (RFC 8305)."""

import asyncio
import socket
from collections.abc import Coroutine
from contextlib import closing
from datetime import timedelta
from itertools import starmap

import pytest

from newsletter.transports import Relay
from newsletter.transports import run as run_fast
from newsletter.transports.smtp.connecting import Address, connect, in_turns, race

SIX, FOUR = socket.AF_INET6, socket.AF_INET


def listener() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def port_of(server: socket.socket) -> int:
    port = server.getsockname()[1]
    assert isinstance(port, int)
    return port


def nobody_listens() -> Address:
    with closing(listener()) as server:
        return FOUR, ("127.0.0.1", port_of(server))


def run(work: Coroutine[None, None, socket.socket]) -> tuple[str, int]:
    async def main() -> tuple[str, int]:
        with closing(await asyncio.wait_for(work, 10)) as connected:
            host, port = connected.getpeername()
            return host, port

    return asyncio.run(main())


def test_the_families_take_turns_beginning_with_the_first() -> None:
    given: list[Address] = list(
        starmap(
            lambda family, host: (family, (host, 25)),
            [(SIX, "::1"), (SIX, "::2"), (SIX, "::3"), (FOUR, "127.0.0.1"), (FOUR, "127.0.0.2")],
        )
    )
    assert [address[0] for _, address in in_turns(given)] == [
        "::1",
        "127.0.0.1",
        "::2",
        "127.0.0.2",
        "::3",
    ]
    assert in_turns([]) == []


def test_an_address_where_nobody_listens_costs_no_head_start() -> None:
    with closing(listener()) as server:
        good: Address = (FOUR, ("127.0.0.1", port_of(server)))
        assert run(race([nobody_listens(), good], head_start_s=60)) == good[1]


def test_an_address_that_says_nothing_is_overtaken() -> None:
    with closing(socket.socket()) as deaf, closing(listener()) as server:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        silent: Address = (FOUR, ("127.0.0.1", port_of(deaf)))
        with socket.create_connection(("127.0.0.1", port_of(deaf))):  # its one place is taken
            good: Address = (FOUR, ("127.0.0.1", port_of(server)))
            assert run(race([silent, good], head_start_s=0.01)) == good[1]


def test_small_commands_are_not_held_back() -> None:
    async def delay_is_off() -> bool:
        with closing(listener()) as server:
            relay = Relay("127.0.0.1", port_of(server))
            wire = await connect(relay, None, timedelta(seconds=10))
            connected = wire._open().get_extra_info("socket")
            is_off = bool(connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            wire.abort()
            return is_off

    assert asyncio.run(delay_is_off())
    assert run_fast(delay_is_off())


def test_where_nobody_answers_the_reason_is_told() -> None:
    with pytest.raises(ConnectionRefusedError):
        run(race([nobody_listens(), nobody_listens()]))
    with pytest.raises(OSError, match="no address"):
        run(race([]))
