"""Several machines that work for one newsletter are killed and cut off: what is lost, what comes twice?

    python -m benchmarks.machines [LETTERS [KILLS [SECONDS CUT OFF]]]

PostgreSQL, two machines (network namespaces, where root may make them) with two `newsletter worker` each, and
`newsletter serve` beside them. Nothing is planned when they begin: they plan, send and answer for each
other. At random moments one of the five is killed (`kill -9`) and started anew; in the middle one machine
loses its wire to the database, and keeps that to the relay. Lost must be nobody; repeats at most one for each
connection that was open at a kill or a cut, each with the same bytes. How long the others need to
take over what a killed worker was doing is told by the ages of its jobs.
"""

import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import psycopg

from benchmarks.machines_network import NETWORK, Machine, machines, why_not
from newsletter.bootstrap import open_newsroom, read_documents
from newsletter.config import copy_starter
from newsletter.model import OutboxState
from newsletter.testing import ScriptedSmtpServer
from newsletter.testing.postgresql import PostgresqlServer, Reach, run_postgresql
from newsletter.workflows import collect, vouch

CONNECTIONS: Final = 10
WORKERS_EACH: Final = 2
ROOT: Final = Path(__file__).parents[1]
_PATIENCE_S: Final = 900
_READER: Final = """email: reader{number}@example.net
send: {{every: day, at: "{at}", timezone: UTC}}
topics: [{{name: robots, query: robot*}}]
"""


@dataclass(slots=True)
class Hand:
    """One process, on a machine or here, and how it is started."""

    words: Sequence[str]
    machine: Machine | None = None
    process: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        """Begin."""
        self.start()

    def start(self) -> None:
        """Start it in a group of its own."""
        words = [sys.executable, "-m", "newsletter", *self.words]
        words = self.machine.words(*words) if self.machine else words
        self.process = subprocess.Popen(
            words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """Ask it to end, and wait."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()


def run(letters: int = 20_000, kills: int = 12, cut_s: int = 60) -> None:
    """Print what became of the letters."""
    obstacle = why_not()
    with machines(0 if obstacle else 2) as places, tempfile.TemporaryDirectory() as scratch:
        where = "2 network namespaces" if places else f"process groups ({obstacle})"
        print(f"  {letters:,} letters, {2 * WORKERS_EACH} workers in {where}, one serve")
        reach = Reach(tuple(one.database for one in places), _free_port(), NETWORK)
        with run_postgresql(is_durable=True, reach=reach if places else None) as server:
            _send(Path(scratch), server, places, letters, kills, cut_s)


def _send(
    scratch: Path,
    server: PostgresqlServer,
    places: Sequence[Machine],
    letters: int,
    kills: int,
    cut_s: int,
) -> None:
    relay = ScriptedSmtpServer()
    relay.host = "0.0.0.0" if places else relay.host  # noqa: S104 - its wires end here
    with relay:
        here = _set_up(scratch / "news", server.url("postgres"), relay.port, letters)
        configs = [_beside(here, server, one, relay.port) for one in places] or [here, here]
        homes: Sequence[Machine | None] = places or [None, None]
        crew = [
            Hand(["--config", str(config), "worker"], home)
            for config, home in zip(configs, homes, strict=True)
            for _ in range(WORKERS_EACH)
        ]
        crew.append(Hand(["--config", str(here), "serve", "--port", "0"]))
        begun = time.monotonic()
        try:
            killed = _keep_killing(crew, relay, letters, kills, places, cut_s)
            _wait_for_end(server, letters)
            elapsed_s = time.monotonic() - begun
            left = _states(server)
        finally:
            for one in crew:
                one.end()
        later = (datetime.now(UTC) + timedelta(minutes=11)).isoformat()
        words = ["--config", str(here), "--quiet", "worker", "--until-empty", "--now", later]
        last = subprocess.Popen(
            [sys.executable, "-m", "newsletter", *words], cwd=ROOT, stdin=subprocess.PIPE
        )
        assert last.wait() == 0
        _report(relay, _states(server), left, letters, killed, elapsed_s)


def _keep_killing(
    crew: Sequence[Hand],
    relay: ScriptedSmtpServer,
    letters: int,
    kills: int,
    places: Sequence[Machine],
    cut_s: int,
) -> int:
    """Kill at moments by chance, and cut a wire in the middle; return how often connections were lost."""
    dice = random.Random(9)  # noqa: S311 - moments, not secrets
    moments = sorted(dice.randrange(letters * 9 // 10) for _ in range(kills))
    lost, has_cut = 0, not places
    for arrived in moments:
        _await(relay, arrived)
        time.sleep(dice.random() * 0.05)
        victim = dice.choice(crew)
        if victim.process.poll() is None:
            victim.kill()
            lost += 1
        victim.start()
        if not has_cut and arrived >= letters // 2:
            has_cut = True
            lost += WORKERS_EACH * _cut_off(places[0], relay, cut_s)
    return lost


def _cut_off(place: Machine, relay: ScriptedSmtpServer, cut_s: int) -> int:
    before = len(relay.record.accepted)
    place.cut()
    time.sleep(cut_s)
    place.mend()
    came = len(relay.record.accepted) - before
    print(f"  one machine without its database for {cut_s} s; {came:,} letters came meanwhile")
    return 1


def _await(relay: ScriptedSmtpServer, arrived: int) -> None:
    begun = time.monotonic()
    while len(relay.record.accepted) < arrived:
        assert time.monotonic() - begun < _PATIENCE_S, "nothing leaves any more"
        time.sleep(0.002)


def _wait_for_end(server: PostgresqlServer, letters: int) -> None:
    """Wait until every letter is sent, or in doubt."""
    begun = time.monotonic()
    done = {OutboxState.SENT, OutboxState.UNCERTAIN}
    while True:
        states = _states(server)
        if set(states) <= done and sum(states.values()) == letters:
            return
        assert time.monotonic() - begun < _PATIENCE_S, states
        time.sleep(0.5)


def _states(server: PostgresqlServer) -> dict[str, int]:
    with psycopg.connect(server.url("postgres")) as connection:
        rows = connection.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall()
    return {str(state): int(count) for state, count in rows}


def _report(
    relay: ScriptedSmtpServer,
    states: dict[str, int],
    left: dict[str, int],
    letters: int,
    killed: int,
    elapsed_s: float,
) -> None:
    accepted = relay.record.accepted
    copies = sum(sum(one.values()) for one in accepted.values())
    differing = sum(len(one) > 1 for one in accepted.values())
    bound = killed * CONNECTIONS
    print(
        f"  {killed} workers lost their connections in {elapsed_s:.0f} s: lost {letters - len(accepted)}, "
        f"repeated {copies - len(accepted)} (at most {bound}), of other bytes {differing}; "
        f"in doubt before the last round: {left.get('uncertain', 0)}; ledger: {states}"
    )
    assert len(accepted) == letters
    assert states == {str(OutboxState.SENT): letters}
    assert copies - letters <= bound
    assert not differing


def _set_up(folder: Path, url: str, port: int, letters: int) -> Path:
    """Let everybody's slot have begun, with nothing planned; return the config of this machine."""
    copy_starter(folder, timezone="UTC")
    for path in (folder / "subscribers").glob("*.yaml"):
        path.unlink()
    begun = datetime.now(UTC).replace(second=0, microsecond=0)
    people = (_READER.format(number=number, at=f"{begun:%H:%M}") for number in range(letters))
    (folder / "subscribers" / "everybody.yaml").write_text("---\n".join(people), encoding="utf-8")
    config = folder / "config.yaml"
    text = config.read_text(encoding="utf-8")
    relay = f"relays: [{{host: 127.0.0.1, port: {port}, tls: none}}]"
    text = text.replace("relays: embedded", f"{relay}\n  connections: {CONNECTIONS}", 1)
    text = text.replace("\ndelivery:\n", '\nmatching: {semantic: "off"}\ndelivery:\n', 1)
    config.write_text(text.replace("sqlite:///data/newsletter.db", url, 1), encoding="utf-8")
    with open_newsroom(config, now=begun - timedelta(hours=1)) as room:
        collect(room.sources, room.collecting())
        documents = read_documents(room, [room.config.subscribers_path]).documents
        vouch(documents, room.subscribing(), statement="a benchmark")
    return config


def _beside(config: Path, server: PostgresqlServer, machine: Machine, port: int) -> Path:
    """Return the config of another machine, in the same folder: it has the same secret and templates."""
    text = config.read_text(encoding="utf-8")
    text = text.replace(server.url("postgres"), server.address_at(machine.database, "postgres"))
    text = text.replace(f"host: 127.0.0.1, port: {port}", f"host: {machine.relay}, port: {port}")
    path = config.with_name(f"config-{machine.name}.yaml")
    path.write_text(text, encoding="utf-8")
    return path


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


if __name__ == "__main__":
    run(*map(int, sys.argv[1:4]))
