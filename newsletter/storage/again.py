"""What to do when two transactions wait for each other: one is given up by the server, and begins anew."""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError

from newsletter.errors import StorageError

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")

_TRIES: Final = 4
_CONFLICTS: Final = frozenset({"40001", "40P01"})
"""serialization_failure and deadlock_detected (PostgreSQL, appendix A of its manual)."""


def repeated(work: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Let `work`, which is one transaction, begin anew when it was given up for another one's sake.

    Nothing of it was written then, so that nothing is done twice. The last of four tries raises.
    """

    @wraps(work)
    def do(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        for _ in range(_TRIES - 1):
            try:
                return work(*args, **kwargs)
            except StorageError as error:
                if not _is_conflict(error):
                    raise
        return work(*args, **kwargs)

    return do


def _is_conflict(error: StorageError) -> bool:
    cause = error.__cause__
    return isinstance(cause, DBAPIError) and getattr(cause.orig, "sqlstate", None) in _CONFLICTS
