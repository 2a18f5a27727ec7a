"""The web, as sources see it."""

import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property

import httpcore

from newsletter.model import Manners, PullOrder
from newsletter.ports import Paces, Visit
from newsletter.sources.http.countdown import Countdown
from newsletter.sources.http.line import Line
from newsletter.sources.http.machine import Machine
from newsletter.sources.http.turn import Turns
from newsletter.sources.http.visit import PoliteVisit

_MACHINE = Machine()


class PoliteWeb:
    """Implements `ports.Web`. Any thread may make visits; a visit is for one thread.

    `user_agent` names us and whom to write to. `allow` are the hosts that may have an address
    that is not public. `trust` is made when something encrypted is first asked for.
    """

    def __init__(
        self,
        paces: Paces,
        user_agent: str,
        *,
        allow: Iterable[str] = (),
        machine: Machine = _MACHINE,
        trust: Callable[[], ssl.SSLContext] = httpcore.default_ssl_context,
    ) -> None:
        self._paces = paces
        self._user_agent = user_agent
        self._allow = frozenset(_host(name) for name in allow)
        self._machine = machine
        self._make_trust = trust

    @contextmanager
    def visit(self, manners: Manners, order: PullOrder) -> Iterator[Visit]:
        """Give a visit, whose deadline begins now and whose connection is closed at its end."""
        countdown = Countdown(manners.deadline, self._machine.monotonic)
        line = Line(countdown, self._machine, self._allow, lambda: self._trust)
        turns = Turns(self._paces, manners, order, countdown, self._machine)
        try:
            yield PoliteVisit(manners, order, line, turns, self._machine, self._user_agent)
        finally:
            line.close()

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return self._make_trust()


def _host(name: str) -> str:
    return name.lower().removesuffix(".")
