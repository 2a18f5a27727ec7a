"""10,000 letters for invented subscribers over a month of real papers, each judged by the message checker.

    python -m benchmarks.ten_thousand [COUNT]

Everything is as in earnest: documents, matching, ledger, SMTP to a sink on this machine, DKIM with two
keys. Needs the shared folder (papers and checker) beside the checkout or in NEWSLETTER_SHARED.
"""

import asyncio
import base64
import importlib.util
import os
import random
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

from newsletter.bootstrap import open_newsroom, open_relay, read_documents
from newsletter.config import copy_starter
from newsletter.mailboxes import TrialServer, read_letters
from newsletter.rules.planning import Schedule
from newsletter.transports import KeyKind, make_key, public_record, write_key
from newsletter.workflows import collect, deliver, publish, vouch

SHARED = Path(os.environ.get("NEWSLETTER_SHARED", Path(__file__).parents[2] / "shared"))
DOMAIN = "news.example.org"
POSTAL = "1 Example Street, 12345 Sampletown"
NAMES = [
    "Ada",
    "Žofie",
    "李明",
    "نور",
    'O\'Neil "Bob"',
    "Ann <b>&amp;",
    "{{ name }}",
    "🦊 Fox",
    "x" * 80,
]
WORDS = [
    "robot*",
    "diffusion",
    "retrieval",
    "speech",
    "privacy",
    "graph",
    "vision",
    "agents",
    "code",
]
ABOUT = [
    "offline reinforcement learning",
    "safety guardrails for language models",
    "protein design",
]


def document(number: int, dice: random.Random) -> str:
    """Return the document of one invented subscriber."""
    name = dice.choice(NAMES).replace("'", "''")
    topics = [f"{{name: {word.strip('*')}, query: '{word}'}}" for word in dice.sample(WORDS, 2)]
    if dice.random() < 0.3:
        topics.append(f"{{name: in words, about: {dice.choice(ABOUT)}}}")
    form = "text" if dice.random() < 0.1 else "html"
    return (
        f"email: reader{number}@example.net\nname: '{name}'\ntopics: [{', '.join(topics)}]\n"
        f"entries: {{at_most: {dice.randint(1, 25)}}}\nformat: {form}\n"
    )


def set_up(folder: Path, count: int, port: int) -> dict[str, str]:
    """Make the newsletter; return the public keys in base64 by kind."""
    copy_starter(folder, timezone="Europe/Paris")
    for path in (folder / "subscribers").glob("*.yaml"):
        path.unlink()
    dice = random.Random(7)  # noqa: S311 - people, not secrets
    everybody = "---\n".join(document(number, dice) for number in range(count))
    (folder / "subscribers" / "everybody.yaml").write_text(everybody, encoding="utf-8")
    keys = {kind: make_key(f"s-{kind}", DOMAIN, kind) for kind in KeyKind}
    for kind, key in keys.items():
        write_key(key, folder / f"{kind}.pem")
    listed = ", ".join(
        f"{{selector: s-{kind}, domain: {DOMAIN}, key: {{file: {kind}.pem}}}}" for kind in keys
    )
    config = (folder / "config.yaml").read_text()
    relay = f"relays: [{{host: 127.0.0.1, port: {port}, tls: none}}]\n  dkim: [{listed}]"
    config = config.replace("relays: embedded", relay, 1)
    config = config.replace("samples/entries.yaml", str(SHARED / "data/arxiv/2026-05.jsonl.gz"))
    (folder / "config.yaml").write_text(config)
    return {str(kind): public_record(key).split("p=")[1] for kind, key in keys.items()}


def checker() -> ModuleType:
    """Load the message checker."""
    spec = importlib.util.spec_from_file_location("mailcheck", SHARED / "tools/mailcheck.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def judge(folder: Path, names: list[tuple[str, str, str]], keys: dict[str, str]) -> Counter[str]:
    """Return how often the checker found what in these messages."""
    check: Any = checker().check
    found: Counter[str] = Counter()
    for name, sender, recipient in names:
        octets = (folder / f"{name}.eml").read_bytes()
        form = "html" if b"multipart/alternative" in octets else "text"
        literals = tuple(NAMES)
        faults = check(
            octets, sender, recipient, keys["rsa"], fmt=form, postal=POSTAL, literals=literals,
            pub_ed=keys["ed25519"],
        )  # fmt: skip
        found.update(f"{number} {why}"[:100] for number, why in faults)
        found["messages"] += 1
        found["html over 90 kB"] += len(octets) > 120_000
    return found


def run(count: int = 300) -> None:
    """Print the time of each step and every finding."""
    if not SHARED.exists():
        print("skipped: the shared folder is absent")
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder, mailbox = Path(scratch, "news"), Path(scratch, "mailbox")
        server = TrialServer(mailbox)
        keys = set_up(folder, count, server.start())
        started = time.perf_counter()

        def lap(step: str) -> None:
            nonlocal started
            print(f"{step:<40} {time.perf_counter() - started:8.1f} s", flush=True)
            started = time.perf_counter()

        with open_newsroom(folder / "config.yaml") as room:
            collect(room.sources, room.collecting())
            lap("collect a month of papers")
            reading = read_documents(room, [folder / "subscribers"])
            vouch(reading.documents, room.subscribing(), statement="a benchmark")
            lap(f"vouch for {len(reading.documents)} people")
            published = publish(
                list(room.subscribers.all()), room.order(Schedule.IGNORE), room.publishing()
            )
            lap(f"plan {len(published.plans)} letters")
            with open_relay(room) as transport:
                ended = asyncio.run(deliver(room.delivering(transport)))
            lap(f"deliver {ended} letters")
        server.stop()
        letters = [(one.name, one.sender, one.recipients[0]) for one in read_letters(mailbox)]
        parts = [letters[place::20] for place in range(20)]
        with ProcessPoolExecutor(max_workers=2) as pool:
            work = [pool.submit(judge, mailbox, part, keys) for part in parts]
            found = sum((one.result() for one in work), Counter[str]())
        lap("check every message")
        for finding, number in found.most_common():
            print(f"{number:>8}  {finding}")
    assert base64.b64decode(keys["rsa"])


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
