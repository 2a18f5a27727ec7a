"""Processes forked from one that has read the program already: to start one takes no time."""

import multiprocessing
import os
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, Self

PATIENCE_S: Final = 60
FORKS: Final = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        *(
            f"newsletter.cli.{one}"
            for one in ("collecting", "looking", "sending", "serving", "working")
        ),
        *("newsletter.preferences.folder.watching", "newsletter.testing.plans", __name__),
    ]
)


class Script:
    """Some code in a process of its own, `arguments` being its `sys.argv[1:]`, and what it prints.

    Its standard input is open until it is let go of. What it complains of may go to a file.
    """

    def __init__(self, code: str, *arguments: str, errors: Path | None = None) -> None:
        voice, mouth = FORKS.Pipe(duplex=False)
        standard_input, self._parent = FORKS.Pipe(duplex=False)
        work = (code, arguments, standard_input, mouth, errors)
        self._process = FORKS.Process(target=be_script, args=work)
        self._process.start()
        mouth.close()
        standard_input.close()
        self._voice = voice
        self._lines = open(voice.fileno(), encoding="utf-8", closefd=False)  # noqa: SIM115 - until `kill`

    def __enter__(self) -> Self:
        """Let it work."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it, if it has not ended."""
        self.kill()

    def line(self) -> str:
        """Wait for the next line that it prints; empty at its end."""
        return self._lines.readline().strip()

    def rest(self) -> str:
        """Wait for its end; return what it printed that was not read yet."""
        said = self._lines.read()
        self._process.join(PATIENCE_S)
        return said

    @property
    def exit_code(self) -> int | None:
        """How it ended; minus the number of a signal; None while it runs."""
        return self._process.exitcode

    def kill(self) -> None:
        """End it as `kill -9` does, if it has not ended, and let go of it; harmless a second time."""
        self._process.kill()
        self._process.join(PATIENCE_S)
        self._lines.close()
        self._voice.close()
        self._parent.close()


def be_script(
    code: str,
    arguments: tuple[str, ...],
    standard_input: Connection,
    mouth: Connection,
    errors: Path | None,
) -> None:
    """Run some code with the streams it was given."""
    os.dup2(standard_input.fileno(), 0)
    os.dup2(mouth.fileno(), 1)
    if errors:
        with errors.open("w", encoding="utf-8") as file:
            os.dup2(file.fileno(), 2)
    standard_input.close()
    mouth.close()
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - multiprocessing closed it
    sys.argv = ["script", *arguments]
    exec(compile(code, "script", "exec"), {"__name__": "__main__"})  # noqa: S102 - the code of a test
