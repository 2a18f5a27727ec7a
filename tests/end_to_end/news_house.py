"""A newsletter whose sources ask the web, run by its own program in processes of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Final

from tests.end_to_end.many_readers import Hand
from tests.forks import Script

ROOT: Final = Path(__file__).parents[2]

_HEAD: Final = """\
newsletter:
  name: Paper Round
  from: news@news.example.org
  owner: editor@example.org
  postal_address: 1 Example Street
delivery: {relays: embedded}
matching: {semantic: "off"}
"""
_COLLECT: Final = """
from newsletter.cli import main
main()
"""


class NewsHouse:
    """A folder with a config of these sources; `allow` are the hosts that may be private."""

    def __init__(self, folder: Path, sources: Mapping[str, str], allow: str = "") -> None:
        self.config = folder / "config.yaml"
        for name in ("subscribers", "templates"):
            (folder / name).mkdir(parents=True)
        lines = [f"  {name}: {{{settings}}}" for name, settings in sources.items()]
        text = "\n".join([f"{_HEAD}http: {{allow: [{allow}]}}", "sources:", *lines, ""])
        self.config.write_text(text, encoding="utf-8")

        self._started = count()

    def start(self, *words: str) -> "Collecting":
        """Start a `collect --json` in a process of its own."""
        return Collecting(self.config, words, self.config.with_name(f"err-{next(self._started)}"))

    def collect(self, *words: str) -> "Collected":
        """Collect in a process of its own and wait for its end."""
        return self.start(*words).ended()

    def collect_after(self, script: str) -> "Collected":
        """Collect in a process of its own that begins with a script."""
        errors = self.config.with_name("err-after")
        words = ("--config", str(self.config), "collect", "--json")
        with Script(f"{script}\n{_COLLECT}", *words, errors=errors) as running:
            out = running.rest()
        err = errors.read_text(encoding="utf-8")
        assert out, err
        return Collected(out, err)

    def collect_by(self, script: str, *words: str) -> "Collected":
        """Collect by a script that ends as the command line begins, in a Python of its own."""
        line = [sys.executable, "-c", script, "--config", str(self.config), "collect", "--json"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [*line, *words], capture_output=True, text=True, env=environment, check=False,
            timeout=120,
        )  # fmt: skip
        assert done.stdout, done.stderr
        return Collected(done.stdout, done.stderr)


class Collected:
    """What a `collect --json` told: a line for each source, by name, and its standard error."""

    def __init__(self, out: str, err: str) -> None:
        self.sources: dict[str, Any] = {one["name"]: one for one in json.loads(out)["sources"]}
        self.err = err

    def problem(self, name: str) -> str:
        """Return the one problem of a source."""
        (problem,) = self.sources[name]["problems"]
        return str(problem)


class Collecting:
    """A `collect --json` that runs."""

    def __init__(self, config: Path, words: Sequence[str], errors: Path) -> None:
        self._errors = errors
        line = ("--config", str(config), "collect", "--json", *words)
        self._hand = Hand(*line, complaints=errors)

    def ended(self) -> Collected:
        """Wait for its end."""
        try:
            out = "".join(self._hand.rest())
        finally:
            self._hand.kill()
        err = self._errors.read_text(encoding="utf-8")
        assert out, err
        return Collected(out, err)
