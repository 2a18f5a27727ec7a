"""The windows in which a page must be fit for everybody."""

from typing import Any, Final

LOOKS: Final = ((375, "dark"), (1280, "light"))
"""Widths with a colour scheme each: no style sheet changes a colour by width, or a place by scheme."""


def in_window(width: int, scheme: str) -> dict[str, Any]:
    """Return what makes a window of that width, by day or by night."""
    return {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
