"""Renderers of letters that are made once: to compile templates takes a quarter of a second.

A press asks for one whenever the letterhead changed; the templates are mostly those of before.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from newsletter.ports import Renderer
from newsletter.rendering import make_renderer

_KEPT: Final = 4


def renderer_of(templates: Mapping[str, str]) -> Renderer:
    """Return the renderer of editions with these templates; raises as `make_renderer` does."""
    return _renderer_of(tuple(sorted(templates.items())))


@lru_cache(maxsize=_KEPT)
def _renderer_of(templates: tuple[tuple[str, str], ...]) -> Renderer:
    return make_renderer(dict(templates))
