"""A renderer without templates."""

from collections.abc import Collection, Mapping
from html import escape

from newsletter.errors import RenderingError
from newsletter.model import EncodedEmail, Letter, LetterFormat, RenderedEmail
from newsletter.rules.messages import encode_body


class FakeRenderer:
    """Implements `ports.Renderer`: the titles, one a line. Breaks for readers in `broken_for`."""

    def __init__(self, *, broken_for: Collection[str] = ()) -> None:
        self._broken_for = frozenset(broken_for)
        self.letters: list[Letter] = []

    @classmethod
    def from_templates(cls, templates: Mapping[str, str]) -> "FakeRenderer":
        """Implement `ports.MakeRenderer`; a template whose text is `broken` cannot be read."""
        broken = sorted(name for name, text in templates.items() if text == "broken")
        if broken:
            raise RenderingError(f"{broken[0]}:1: this template is broken")
        return cls()

    def render(self, letter: Letter) -> RenderedEmail:
        """Return headline, note and titles with their reasons as text and as HTML."""
        self.letters.append(letter)
        if letter.reader.address in self._broken_for:
            raise RenderingError(f"edition.txt:1: broken for {letter.reader.address}")
        lines = [letter.headline, letter.note or ""]
        lines += [_line(entry.content.title, entry.reasons) for entry in letter.entries]
        lines += [f"also: {entry.content.title}" for entry in letter.also_matched]
        text = "\n".join(line for line in lines if line) + "\n"
        is_html = letter.reader.format is LetterFormat.HTML
        return RenderedEmail(
            letter.subject, text, f"<pre>{escape(text)}</pre>" if is_html else None
        )

    def encode(self, letter: Letter) -> EncodedEmail:
        """Return the same, encoded."""
        email = self.render(letter)
        html = None if email.html is None else encode_body(email.html)
        return EncodedEmail(email.subject, encode_body(email.text), html)


def _line(title: str, reasons: tuple[str, ...]) -> str:
    return f"{title} ({'; '.join(reasons)})" if reasons else title
