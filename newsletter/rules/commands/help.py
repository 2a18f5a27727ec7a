"""The table of commands as people read it: in a mail, and in the documentation."""

from newsletter.rules.commands.form import CommandForm
from newsletter.rules.commands.table import COMMANDS


def help_text() -> str:
    """Return all commands for a text mail: what to write, and what it does. Lines end with LF."""
    return "\n".join(_paragraph(form) for form in COMMANDS)


def _paragraph(form: CommandForm) -> str:
    lines = [" | ".join(form.shapes), f"    {form.sentence}"]
    lines += [f"    e.g. {example}" for example in form.examples if example not in form.shapes]
    return "\n".join(lines) + "\n"


def markdown_table() -> str:
    """Return all commands as a table in Markdown, without an empty line at its end."""
    head = ("| write | and | for example | changes something | needs a token |", "| --- " * 5 + "|")
    return "\n".join((*head, *(_row(form) for form in COMMANDS))) + "\n"


def _row(form: CommandForm) -> str:
    cells = (
        ", ".join(f"`{shape}`" for shape in form.shapes),
        form.sentence,
        ", ".join(f"`{example}`" for example in form.examples),
        "yes" if form.changes_something else "no",
        "yes" if form.needs_token else "no",
    )
    return f"| {' | '.join(cells)} |"
