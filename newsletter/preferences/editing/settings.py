"""Changes as they are written on a command line or in a mail: `send.at=07:30`."""

from newsletter.errors import PreferencesError
from newsletter.preferences.editing.changes import Path
from newsletter.preferences.editing.edit import Change, Put, Remove, read_value
from newsletter.preferences.editing.quoting import Value
from newsletter.preferences.schema.validation import quote


def read_setting(written: str) -> Change:
    """Read `KEY=VALUE`; items of lists are named by their number, from 1.

    A value that begins with a bracket or a brace is read as YAML, every other as its text; an
    empty one asks for the default. Raises PreferencesError for what is neither.
    """
    key, equals, value = written.partition("=")
    if not equals:
        message = f"{quote(written)}: write a key, = and a value, e.g. send.at=07:30"
        raise PreferencesError(message)
    return Put(read_key(key), _value(key, value.strip()))


def read_removal(written: str) -> Change:
    """Read the key that is to be taken out."""
    return Remove(read_key(written))


def read_key(written: str) -> Path:
    """Read a dotted key, e.g. `send.at` or `topics.2.query`. Raises PreferencesError."""
    steps = [step.strip() for step in written.split(".")]
    if not all(steps):
        message = f"{quote(written)} is no key; write one like send.at or topics.2.query"
        raise PreferencesError(message)
    if "0" in steps:
        message = f"{quote(written)}: items of a list count from 1"
        raise PreferencesError(message)
    return tuple(
        int(step) - 1 if step.isascii() and step.isdigit() and place else step
        for place, step in enumerate(steps)
    )


def _value(key: str, written: str) -> Value:
    if not written:
        return None
    if not written.startswith(("[", "{")):
        return written
    try:
        return read_value(written)
    except PreferencesError as error:
        _, _, said = str(error).partition(": ")
        raise PreferencesError(f"{key}: {quote(written)}: {said}") from error
