"""How large what a program sends may be."""

from typing import Annotated, Final

from fastapi import Path, Query

LARGEST_NUMBER: Final = 2**63 - 1
"""What a database can compare."""
LARGEST_DOCUMENT: Final = 65_536
Id = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Limit = Annotated[int, Query(ge=1, le=500, description="at most so many")]
