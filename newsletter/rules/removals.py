"""Were documents deleted, or was the place where they stand lost?"""

from typing import Final

_FEW: Final = 20
"""Among so many people, somebody may well take most documents away by hand."""


def are_doubtful(*, missing: int, in_force: int, present: int) -> bool:
    """Whether documents that are missing must not be taken for deleted before somebody says so.

    `missing` of the `in_force` documents in force are in the store no more; `present` are there,
    good or broken. One document is deleted by hand. A folder whose disk is not mounted is empty,
    one that is restored or moved lacks more than half. The cost of a wrong doubt is a question,
    that of a wrong deletion a newsletter that is silent for everybody.
    """
    if missing <= 1:
        return False
    return present == 0 or (in_force > _FEW and missing * 2 > in_force)
