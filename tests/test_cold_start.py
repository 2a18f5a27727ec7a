"""What a process loads before it does anything: libraries that are heavy come when they are used."""

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from newsletter.cli.commands import LetterState
from newsletter.config import copy_starter
from newsletter.model import OutboxState

ROOT: Final = Path(__file__).parents[1]
HEAVY: Final = frozenset(
    {
        "Stemmer", "aiosmtpd", "apscheduler", "cryptography", "dns", "feedparser", "httpcore", "jinja2",
        "mjml", "numpy", "onnxruntime", "pydantic", "sqlalchemy", "sqlmodel", "starlette",
        "tokenizers", "uvicorn", "watchfiles",
    }
)  # fmt: skip
UNUSED_BY_A_WORKER: Final = frozenset(
    {
        "Stemmer", "aiosmtpd", "apscheduler", "cryptography", "dns", "feedparser", "httpcore", "numpy",
        "onnxruntime", "opentelemetry", "procrastinate", "starlette", "tokenizers",
        "uvicorn",
        "newsletter.embedding", "newsletter.mailboxes", "newsletter.rules.answering",
        "newsletter.rules.commands", "newsletter.scheduler", "newsletter.sources", "newsletter.web",
        "newsletter.workflows.receive",
    }
)  # fmt: skip
LATE_DOORS: Final = (
    "bootstrap", "preferences", "rendering", "storage", "transports", "workflows", "workflows.receive",
)  # fmt: skip

TELL: Final = "import sys; sys.stderr.write(' '.join(sys.modules))"
HELP: Final = f"""
import sys
from newsletter.cli import main
sys.argv = ["newsletter", "--help"]
try:
    main()
except SystemExit:
    {TELL}
"""
UNUSED_BY_A_LOOK: Final = frozenset(
    {
        "aiosmtpd", "apscheduler", "cryptography", "jinja2", "mjml", "numpy", "starlette", "watchfiles",
        "newsletter.preferences.editing", "newsletter.rendering.latex", "newsletter.rendering.letters",
        "newsletter.rules.bounces", "newsletter.rules.commands", "newsletter.rules.replies",
    }
)  # fmt: skip
LOOK: Final = f"""
import sys
from newsletter.cli import main
sys.argv[0] = "newsletter"
try:
    main()
except SystemExit:
    {TELL}
"""
WORKER: Final = f"""
import newsletter.cli.working
from newsletter.bootstrap import open_newsroom, open_relay
{TELL}
"""
WORKER_THAT_IS_READY: Final = f"""
import sys
from pathlib import Path
from newsletter.config import copy_starter
import newsletter.cli.working
from newsletter.bootstrap import open_newsroom, open_relay

folder = Path(sys.argv[1])
copy_starter(folder, timezone="UTC")
config = folder / "config.yaml"
relays = "relays: [{{host: 127.0.0.1, port: 9, tls: none}}]"
config.write_text(config.read_text("utf-8").replace("relays: embedded", relays, 1), "utf-8")
with open_newsroom(config) as room, open_relay(room) as transport:
    room.delivering(transport)
    room.press.renderer(room.dressing)
    {TELL}
"""


def loaded_by(script: str, *arguments: str) -> frozenset[str]:
    """Return which modules a fresh process has loaded at the end of `script`."""
    words = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return frozenset(done.stderr.split())


def test_the_help_loads_no_heavy_library() -> None:
    loaded = loaded_by(HELP)
    assert "newsletter.cli.commands" in loaded
    assert not loaded & HEAVY
    assert "newsletter.model" not in loaded


def test_a_worker_loads_only_what_delivers() -> None:
    loaded = loaded_by(WORKER)
    assert "newsletter.bootstrap.relays" in loaded
    assert not loaded & UNUSED_BY_A_WORKER


def test_a_worker_that_is_ready_to_deliver_has_loaded_no_more(tmp_path: Path) -> None:
    loaded = loaded_by(WORKER_THAT_IS_READY, str(tmp_path / "news"))
    assert "newsletter.rendering.letters" in loaded
    assert not loaded & UNUSED_BY_A_WORKER


def test_a_command_that_looks_loads_nothing_that_makes_letters_or_reads_mail(
    tmp_path: Path,
) -> None:
    copy_starter(tmp_path / "news", timezone="UTC")
    loaded = loaded_by(LOOK, "--config", str(tmp_path / "news" / "config.yaml"), "status")
    assert "newsletter.storage.outbox" in loaded
    assert not loaded & UNUSED_BY_A_LOOK


@pytest.mark.parametrize("room", LATE_DOORS)
def test_a_late_door_hands_out_all_it_promises_and_nothing_else(room: str) -> None:
    door = importlib.import_module(f"newsletter.{room}")
    assert all(getattr(door, name) is not None for name in door.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        door.nothing  # noqa: B018 - to ask is the test


def test_the_command_line_knows_each_state_of_a_letter() -> None:
    known = {one.name: one.value for one in LetterState}
    assert known == {one.name: one.value for one in OutboxState}
