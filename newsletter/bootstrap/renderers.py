"""Renderers of letters that are made once: to compile templates takes a quarter of a second.

A press asks for one whenever the letterhead changed; the templates are mostly those of before.
What makes letters is loaded with the first of them: most commands make none.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from newsletter.model import EntryContent
from newsletter.ports import Renderer

_KEPT: Final = 4


def renderer_of(templates: Mapping[str, str]) -> Renderer:
    """Return the renderer of editions with these templates; raises as `make_renderer` does."""
    return _renderer_of(tuple(sorted(templates.items())))


def readable(content: EntryContent) -> EntryContent:
    """Return it with the TeX in its texts as readable Unicode."""
    from newsletter.rendering import readable_content  # noqa: PLC0415 - see above

    return readable_content(content)


@lru_cache(maxsize=_KEPT)
def _renderer_of(templates: tuple[tuple[str, str], ...]) -> Renderer:
    from newsletter.rendering import make_renderer  # noqa: PLC0415 - see above

    return make_renderer(dict(templates))
