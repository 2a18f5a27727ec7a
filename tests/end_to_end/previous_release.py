"""The program as it was before, out of the repository, and processes of it on databases of today."""

import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest

from tests.forks import PATIENCE_S

COMMIT: Final = "596f860"
"""The last one before schema 17, and so before any step that only adds."""
SCHEMA: Final = 16

_ROOT: Final = Path(__file__).parents[2]
_WANTED: Final = (
    "newsletter", "config.yaml", "samples", "subscribers", "templates",
    "tests/end_to_end/many_readers.py",
)  # fmt: skip
_MAKE_READERSHIP: Final = """
import sys
from itertools import islice
from pathlib import Path
from newsletter.bootstrap import open_newsroom
from newsletter.rules.planning import Schedule
from newsletter.workflows import publish
from tests.end_to_end.many_readers import Readership

folder, url, port, count, planned = sys.argv[1:]
readership = Readership(Path(folder), url, int(port), int(count))
with open_newsroom(readership.config) as room:
    people = list(islice(room.subscribers.all(), int(planned)))
    publish(people, room.order(Schedule.KEEP), room.publishing())
"""


class OldHand:
    """A process of the previous program; what it says goes to a file."""

    def __init__(self, process: "subprocess.Popen[bytes]", voice: Path) -> None:
        self._process = process
        self._voice = voice

    @property
    def said(self) -> str:
        return self._voice.read_text("utf-8")

    @property
    def is_at_work(self) -> bool:
        return self._process.poll() is None

    def tell_to_end(self) -> None:
        """Ask it politely."""
        self._process.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        """Wait for its end; return its exit code."""
        return self._process.wait(PATIENCE_S)


class PreviousRelease:
    """The code of the previous program in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make_readership(
        self, folder: Path, url: str, port: int, count: int, *, planned: int
    ) -> Path:
        """Do as `Readership` does, with the previous program; return the path of the config.

        So many letters are `planned`.
        """
        words = [str(folder), url, str(port), str(count), str(planned)]
        made = subprocess.run(
            [sys.executable, "-P", "-c", _MAKE_READERSHIP, *words],
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        return folder / "config.yaml"

    @contextmanager
    def start(self, config: Path, *words: str) -> Iterator[OldHand]:
        """Start the previous `newsletter` with these words; it ends with the block at the latest."""
        voice = config.with_name(f"said-by-{words[0]}.txt")
        command = [sys.executable, "-P", "-m", "newsletter", "--config", str(config), *words]
        with ExitStack() as stack:
            mouth = stack.enter_context(voice.open("wb"))
            process = subprocess.Popen(
                command,
                env=self._environment(),
                stdin=subprocess.PIPE,  # one that ends when nothing waits would end with its input
                stdout=mouth,
                stderr=subprocess.STDOUT,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            yield OldHand(process, voice)

    def run(self, config: Path, *words: str) -> str:
        """Let the previous `newsletter` do one thing; return what it said."""
        with self.start(config, *words) as hand:
            code = hand.wait()
        assert code == 0, hand.said
        return hand.said

    def _environment(self) -> Mapping[str, str]:
        return {**os.environ, "PYTHONPATH": str(self._folder)}


def unpack_previous_release(folder: Path) -> PreviousRelease:
    """Return the previous program; skips the test where its code is not at hand."""
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed: the code of the previous release cannot be had")
    command = [git, "-C", str(_ROOT), "archive", "--format=zip", COMMIT, *_WANTED]
    archived = subprocess.run(command, capture_output=True, check=False)
    if archived.returncode:
        why = archived.stderr.decode(errors="replace").strip()
        pytest.skip(f"the code of the previous release ({COMMIT}) is not in this checkout: {why}")
    with ZipFile(io.BytesIO(archived.stdout)) as archive:
        archive.extractall(folder)
    return PreviousRelease(folder)
