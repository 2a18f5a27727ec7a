"""`kill -9` again and again in the middle of a send: what is lost, what comes twice?

    python -m benchmarks.kills [LETTERS [KILLS [sqlite|postgresql]]]

Two real worker processes with ten connections each deliver to a server on this machine; one of them is
killed at random moments and started anew. Lost must be nobody, repeats at most one for each
connection that was open at a kill, and each repeat must have the same bytes.
"""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from newsletter.bootstrap import Newsroom, open_newsroom, read_documents
from newsletter.config import copy_starter
from newsletter.rules.planning import Schedule
from newsletter.testing import ScriptedSmtpServer
from newsletter.testing.postgresql import run_postgresql
from newsletter.workflows import collect, publish, vouch

CONNECTIONS: Final = 10
WORKERS: Final = 2
STORES: Final = ("sqlite", "postgresql")
ROOT: Final = Path(__file__).parents[1]


def run(letters: int = 600, kills: int = 8, stores: tuple[str, ...] = STORES) -> None:
    """Print what became of the letters on each database."""
    print(f"  {letters:,} letters, {WORKERS} workers with {CONNECTIONS} connections each")
    for store in stores:
        with tempfile.TemporaryDirectory() as scratch, _database(store) as url:
            _send_among_kills(Path(scratch), url, letters, kills, store)


def _send_among_kills(scratch: Path, url: str | None, letters: int, kills: int, store: str) -> None:
    with ScriptedSmtpServer() as server:
        config = _set_up(scratch / "news", server.port, letters, url)
        begun = time.monotonic()
        killed = _keep_killing(config, kills, letters, server)
        elapsed_s = time.monotonic() - begun
    accepted = server.record.accepted
    copies = sum(sum(one.values()) for one in accepted.values())
    with open_newsroom(config) as room:
        counts = room.outbox.accounting()
    bound = killed * CONNECTIONS
    differing = sum(len(one) > 1 for one in accepted.values())
    print(
        f"  {store:<12} {killed} kills in {elapsed_s:.0f} s: lost {letters - len(accepted)}, "
        f"repeated {copies - len(accepted)} (at most {bound}), of other bytes {differing}; "
        f"ledger: {counts.sent} sent, {counts.failed} failed, {counts.waiting} waiting, "
        f"{counts.uncertain} uncertain"
    )
    assert len(accepted) == counts.sent == letters
    assert copies - letters <= bound
    assert not differing


def _set_up(folder: Path, port: int, letters: int, url: str | None) -> Path:
    """Plan the letters and send none; return the config."""
    copy_starter(folder, timezone="Europe/Paris")
    for path in (folder / "subscribers").glob("*.yaml"):
        path.unlink()
    everybody = "---\n".join(
        f"email: reader{number}@example.net\ntopics: [{{name: robots, query: robot*}}]\n"
        for number in range(letters)
    )
    (folder / "subscribers" / "everybody.yaml").write_text(everybody, encoding="utf-8")
    config = folder / "config.yaml"
    relay = f"relays: [{{host: 127.0.0.1, port: {port}, tls: none}}]"
    text = config.read_text(encoding="utf-8").replace("relays: embedded", relay, 1)
    if url:
        text = text.replace("sqlite:///data/newsletter.db", url, 1)
    config.write_text(text, encoding="utf-8")
    with open_newsroom(config) as room:
        _plan(room)
    return config


def _plan(room: Newsroom) -> None:
    collect(room.sources, room.collecting())
    documents = read_documents(room, [room.config.subscribers_path]).documents
    vouch(documents, room.subscribing(), statement="a benchmark")
    publish(list(room.subscribers.all()), room.order(Schedule.IGNORE), room.publishing())


def _keep_killing(config: Path, kills: int, letters: int, server: ScriptedSmtpServer) -> int:
    """Deliver everything, with `kills` kills spread over it by chance; return how many hit."""
    dice = random.Random(9)  # noqa: S311 - moments, not secrets
    moments = sorted(dice.randrange(letters) for _ in range(kills))
    crew = [_start(config) for _ in range(WORKERS)]
    killed = 0
    for arrived in moments:
        while len(server.record.accepted) < arrived and any(one.poll() is None for one in crew):
            time.sleep(0.001)
        time.sleep(dice.random() * 0.02)
        alive = [one for one in crew if one.poll() is None]
        if alive:
            victim = dice.choice(alive)
            victim.kill()
            victim.wait()
            killed += 1
            crew.remove(victim)
        crew = [one for one in crew if one.poll() is None]
        crew += [_start(config) for _ in range(WORKERS - len(crew))]
    while crew or _waits(config):
        for one in crew:
            assert one.wait(timeout=600) == 0
        crew = [_start(config)] if _waits(config) else []
    return killed


def _start(config: Path) -> "subprocess.Popen[bytes]":
    words = ["--config", str(config), "--quiet", "worker", "--until-empty"]
    return subprocess.Popen(
        [sys.executable, "-m", "newsletter", *words], cwd=ROOT, stdin=subprocess.PIPE
    )


def _waits(config: Path) -> bool:
    with open_newsroom(config) as room:
        counts = room.outbox.accounting()
    return bool(counts.waiting or counts.uncertain)


@contextmanager
def _database(store: str) -> Iterator[str | None]:
    if store == "sqlite":
        yield None
        return
    with run_postgresql(is_durable=True) as server:
        yield server.url("postgres")


if __name__ == "__main__":
    letters, kills, *stores = (*sys.argv[1:], *("600", "8")[len(sys.argv) - 1 :])
    run(int(letters), int(kills), tuple(stores) or STORES)
