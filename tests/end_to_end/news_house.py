"""A newsletter whose sources ask the web, run by its own program in processes of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

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


class NewsHouse:
    """A folder with a config of these sources; `allow` are the hosts that may be private."""

    def __init__(self, folder: Path, sources: Mapping[str, str], allow: str = "") -> None:
        self.config = folder / "config.yaml"
        for name in ("subscribers", "templates"):
            (folder / name).mkdir(parents=True)
        lines = [f"  {name}: {{{settings}}}" for name, settings in sources.items()]
        text = "\n".join([f"{_HEAD}http: {{allow: [{allow}]}}", "sources:", *lines, ""])
        self.config.write_text(text, encoding="utf-8")

    def start(
        self, *words: str, program: tuple[str, ...] = ("-m", "newsletter")
    ) -> "subprocess.Popen[str]":
        """Start a command; `program` is what Python runs in place of the command line."""
        line = [sys.executable, *program, "--config", str(self.config), *words]
        pipe = subprocess.PIPE
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(line, stdout=pipe, stderr=pipe, text=True, env=environment)

    def collect(self, *words: str, program: tuple[str, ...] = ("-m", "newsletter")) -> "Collected":
        """Collect in a process of its own and wait for its end."""
        return ended(self.start("collect", "--json", *words, program=program))


class Collected:
    """What a `collect --json` told: a line for each source, by name, and its standard error."""

    def __init__(self, out: str, err: str) -> None:
        self.sources: dict[str, Any] = {one["name"]: one for one in json.loads(out)["sources"]}
        self.err = err

    def problem(self, name: str) -> str:
        """Return the one problem of a source."""
        (problem,) = self.sources[name]["problems"]
        return str(problem)


def ended(running: "subprocess.Popen[str]") -> "Collected":
    """Wait for the end of a `collect --json`."""
    out, err = running.communicate(timeout=120)
    assert out, err
    return Collected(out, err)
