"""Doors of rooms that open some of their modules only when somebody asks for what stands in them.

if not TYPE_CHECKING:  # else every wrong name would look right to the checker

def __getattr__(name: str) -> object:
return hand_out(__name__, _LATE, name)
"""

from collections.abc import Collection, Mapping
from importlib import import_module


def hand_out(room: str, late: Mapping[str, Collection[str]], name: str) -> object:
    """Return what the module of `room` that has `name` says it is (PEP 562).

    `late` names the modules, each with what it has. Raises AttributeError for a name that none has.
    """
    for module, names in late.items():
        if name in names:
            found: object = getattr(import_module(f"{room}.{module}"), name)
            return found
    message = f"module {room!r} has no attribute {name!r}"
    raise AttributeError(message)
