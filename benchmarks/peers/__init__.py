"""Other senders, to compare with. Each is a script of ours that uses the other's own delivery code.

They run where they are installed in one private folder, and are skipped elsewhere:

    python -m venv FOLDER
    FOLDER/bin/pip install django-newsletter sorl-thumbnail pillow mailman
    npm install --prefix FOLDER nodemailer

Each takes PORT COUNT FOLDER, where FOLDER has text.txt and html.html with `{{ name }}` in them, and
prints one JSON object, {"elapsed_s": …, "computed_s": …}, without the time it took to start.
"""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_LONGEST_S: Final = 900


@dataclass(frozen=True, slots=True)
class Peer:
    """Another sender. `share` is its part of the letters: slow ones need fewer for a rate."""

    name: str
    script: str
    share: float = 1.0

    def missing(self, installed: Path | None) -> str | None:
        """Return why it cannot run, None when it can."""
        if installed is None:
            return "no folder was named with --peers"
        if self._is_of_node:
            if shutil.which("node") is None:
                return "node is not installed"
            is_there = (installed / "node_modules" / "nodemailer").is_dir()
        else:
            package = self.script.removesuffix("_peer.py").replace("django_", "")
            is_there = any(installed.glob(f"lib/python*/site-packages/{package}"))
        return None if is_there else f"it is not installed in {installed}"

    def send(self, installed: Path, port: int, count: int, letters: Path) -> tuple[float, float]:
        """Let it send; return messages a second and microseconds of its processor time a message."""
        program = "node" if self._is_of_node else str(installed / "bin" / "python")
        modules = {"NODE_PATH": str(installed / "node_modules"), "PYTHONPATH": ""}
        done = subprocess.run(
            [program, str(_HERE / self.script), str(port), str(count), str(letters)],
            check=True,
            capture_output=True,
            text=True,
            timeout=_LONGEST_S,
            cwd=letters,
            env=os.environ | modules,
        )
        told = json.loads(done.stdout.splitlines()[-1])
        return count / told["elapsed_s"], told["computed_s"] / count * 1e6

    @property
    def _is_of_node(self) -> bool:
        return self.script.endswith(".cjs")


PEERS: Final = (
    Peer("nodemailer, pool of 10", "nodemailer_peer.cjs"),
    Peer("django-newsletter", "django_newsletter_peer.py", share=0.25),
    Peer("Mailman, personalised", "mailman_peer.py", share=0.1),
)
