"""Commands in a mail: one table says how they are read, what help shows and what the docs say."""

from newsletter.rules.commands.agreeing import agrees
from newsletter.rules.commands.form import CommandForm
from newsletter.rules.commands.help import help_text, markdown_table
from newsletter.rules.commands.reading import MAX_COMMANDS, read_commands, without_prefixes
from newsletter.rules.commands.table import COMMANDS

__all__ = [
    "COMMANDS",
    "MAX_COMMANDS",
    "CommandForm",
    "agrees",
    "help_text",
    "markdown_table",
    "read_commands",
    "without_prefixes",
]
