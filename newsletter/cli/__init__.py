"""The command line. `newsletter --help` alone should let a stranger succeed."""

import sys

from newsletter.cli import (  # noqa: F401 - each registers its commands
    checking,
    collecting,
    doctor,
    keeping,
    looking,
    sending,
    serving,
    starting,
    subscribing,
)
from newsletter.cli.app import app
from newsletter.cli.session import hoist
from newsletter.errors import ExitCode, NewsletterError


def main() -> None:
    """Run one command and exit with its code; a foreseen error is one message, never a traceback."""
    try:
        app(hoist(sys.argv[1:]))
    except NewsletterError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(ExitCode.OK)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)


__all__ = ["app", "main"]
