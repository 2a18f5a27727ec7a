"""Read a file that the operator wrote; what is wrong with it is a problem with a way out."""

from pathlib import Path
from typing import Final

from newsletter.model import Problem
from newsletter.preferences import CONFIG_LIMITS

HOW_TO_BEGIN: Final = 'run "newsletter init DIR" to make one, or name one with --config PATH'


def read_text(path: Path) -> str | Problem:
    """Return the text of a file, one byte more than is allowed at most, or why it cannot be read."""
    file = str(path)
    try:
        with path.open("rb") as opened:
            return opened.read(CONFIG_LIMITS.size_bytes + 1).decode()
    except FileNotFoundError:
        return Problem(file, 0, 0, "", "there is no such file", HOW_TO_BEGIN)
    except IsADirectoryError:
        return Problem(file, 0, 0, "", "is a folder", f"name {file}/config.yaml")
    except OSError as error:
        message = f"cannot be read ({error.strerror})"
        return Problem(file, 0, 0, "", message, "let the program's user read it")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return Problem(file, line, 0, "", "is not UTF-8", "save it with that encoding")
