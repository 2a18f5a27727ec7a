"""The sample editions, shown one after the other in one page: a new one costs more than all looks at it."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from newsletter.bootstrap import render_samples
from newsletter.bootstrap.sample_editions import sample_editions
from newsletter.config import load_config
from newsletter.model import RenderedEmail

_ROOT: Final = Path(__file__).parents[2]
NAMES: Final = sorted(sample_editions())


@cache
def letters() -> dict[str, RenderedEmail]:
    return dict(render_samples(load_config(_ROOT / "config.yaml")))


def html_of(name: str) -> str:
    html = letters()[name].html
    assert html
    return html


def show(page: Any, name: str, *, width: int, scheme: str = "light") -> None:
    """Show a letter in a window of that width, by day or by night."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.set_content(html_of(name))
