"""The command line. `newsletter --help` alone should let a stranger succeed."""

import gc
import sys

from newsletter.cli import (  # noqa: F401 - each registers its commands
    archive_commands,
    audit_commands,
    commands,
    demo_commands,
    dkim_commands,
    evaluate_commands,
    job_commands,
    likes_commands,
    migrate_commands,
    model_commands,
    people,
    preferences_try_commands,
    privacy_commands,
    receive_commands,
    resolve_commands,
    source_commands,
    token_commands,
    topics_commands,
    worker_commands,
)
from newsletter.cli.app import app
from newsletter.cli.session import hoist
from newsletter.errors import ExitCode, NewsletterError

_STOPPED = 130
"""128 + SIGINT, as shells count."""
_USAGE = 2
"""What the command line library says of a line it cannot read."""


def main() -> None:
    """Run one command and exit with its code; a foreseen error is a message, never a traceback."""
    try:
        app(hoist(sys.argv[1:]))
    except NewsletterError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
    except SystemExit as end:
        sys.exit(ExitCode.USAGE if end.code == _USAGE else end.code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(ExitCode.OK)
    except OSError as error:  # a file that a person named: what is ours is translated at its place
        named = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"{named}{error.strerror or error}\n")
        sys.exit(ExitCode.CANNOT_CREATE)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(_STOPPED)
    finally:
        # All memory goes with the process: to look through it for garbage first takes .4 s after a large run.
        gc.freeze()


__all__ = ["app", "main"]
