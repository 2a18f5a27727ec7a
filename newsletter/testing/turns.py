"""One thing at a time, as a database writes it: the threads of one program share what is in memory."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

_Class = TypeVar("_Class", bound=type)


def one_at_a_time(cls: _Class) -> _Class:
    """Let only one thread at a time be in the public methods of a class; instances have a `lock`."""
    for name, method in list(vars(cls).items()):
        if callable(method) and not name.startswith("_"):
            setattr(cls, name, _in_turn(method))
    return cls


def _in_turn(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def locked(self: Any, *args: Any, **named: Any) -> Any:
        with self.lock:
            return method(self, *args, **named)

    return locked
