"""A letter as an answer of its own, to be shown in a frame of a page."""

from html import escape
from typing import Final

from starlette.responses import HTMLResponse, Response

from newsletter.model import SampleLetter

SAMPLE_POLICY: Final = (
    # A letter brings its own style. It loads nothing, runs nothing, sends nothing.
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox "
    "allow-same-origin"
)
_PLAIN: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --paper: #ffffff; --ink: #23221f; }}
@media (prefers-color-scheme: dark) {{ :root {{ --paper: #201f1d; --ink: #ece9e1; }} }}
body {{ margin: 0; padding: 1.5rem 1.25rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }}
pre {{ margin: 0; font: .85rem/1.5 ui-monospace, Menlo, Consolas, monospace; white-space: pre-wrap; }}
p {{ margin: 0 0 1rem; }}
</style>
</head>
<body{mark}>
{body}
</body>
</html>
"""


def show_sample(sample: SampleLetter, *, is_early: bool = False) -> Response:
    """Return a letter, or the sentence that says why there is none.

    `is_early` marks a sample that will be there later, for the script of the page around it.
    """
    if sample.html:
        return _page(sample.html)
    if sample.text:
        return _page(
            _PLAIN.format(title="A letter", mark="", body=f"<pre>{escape(sample.text)}</pre>")
        )
    return say_in_frame(sample.silence, is_early=is_early)


def say_in_frame(*sentences: str, status: int = 200, is_early: bool = False) -> Response:
    """Return sentences instead of a letter."""
    body = "\n".join(f"<p>{escape(one)}</p>" for one in sentences)
    mark = " data-early" if is_early else ""
    return _page(_PLAIN.format(title="No letter", mark=mark, body=body), status)


def _page(html: str, status: int = 200) -> Response:
    headers = {"Content-Security-Policy": SAMPLE_POLICY}
    return HTMLResponse(html, status_code=status, headers=headers)
