"""The windows in which a page must be fit for everybody."""

from typing import Any, Final

import pytest

LOOKS: Final = ((375, "dark"), (1280, "light"))
"""Widths with a colour scheme each: no style sheet changes a colour by width, or a place by scheme."""


def in_window(width: int, scheme: str) -> dict[str, Any]:
    """Return what makes a window of that width, by day or by night."""
    return {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}


_ASK_AXE: Final = """async options => (await axe.run(options)).violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`)"""


def serious_faults(page: Any, **options: Any) -> list[str]:
    """Return what axe finds that is serious, or worse: its name, and the first element that has it.

    Chosen in the browser: all that axe says of a page takes as long to bring over as to find.
    """
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.Axe().axe_script)
    faults: list[str] = page.evaluate(_ASK_AXE, {"resultTypes": ["violations"], **options})
    return faults
