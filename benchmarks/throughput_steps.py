"""Where the processor time of one delivered letter goes: the cost of each step.

    python -m benchmarks.throughput_steps [LETTERS [ENTRIES [rsa|ed25519]]]

Everything is as in `newsletter worker`, to a sink in another process; functions are wrapped in a stop-watch
of the thread's own processor time, so that waiting, for the disk or for other programs, does not count.
A step inside another one is taken off the outer one; one that is no longer there counts with the outer one.
The first quarter of the letters warms up and is not counted. The stop-watch costs about a microsecond a call.
"""

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import newsletter.rendering.letters
import newsletter.transports.smtp.transport
import newsletter.transports.smtp.wire
import newsletter.workflows.attempt
import newsletter.workflows.press
from benchmarks.throughput_limit import open_sink
from benchmarks.throughput_stage import Stage
from benchmarks.throughput_watch import StopWatch
from newsletter.bootstrap import Newsroom, open_newsroom, open_relay
from newsletter.storage import MessageOutbox, SlotLedger
from newsletter.transports import KeyKind
from newsletter.transports import run as run_fast
from newsletter.workers import write_line
from newsletter.workflows import Delivered, DeliverOrder, Press, deliver
from newsletter.workflows.bookkeeping import Bookkeeper

_WARM_PART: Final = 4
_LEDGER: Final = "ledger thread: "


def watch_everything(watch: StopWatch) -> None:
    """Put the stop-watch around each step, for the length of this process."""
    press, attempt = newsletter.workflows.press, newsletter.workflows.attempt
    smtp = newsletter.transports.smtp
    renderer = getattr(newsletter.rendering.letters, "_EditionRenderer", None)
    steps: list[tuple[str, Any, tuple[str, ...]]] = [
        ("print: the rest", attempt, ("print_letter",)),
        ("print: links and names", press, ("letter_links", "message_id", "verp_sender")),
        ("print: compose", press, ("compose",)),
        ("print: compose", Press, ("write",)),
        ("print: contents", Press, ("contents",)),
        ("print: assemble", press, ("assemble",)),
        ("print: render and encode text", renderer, ("_encoded_text",)),
        ("print: render and encode HTML", renderer, ("_encoded_html",)),
        ("SMTP: write", smtp.wire.Wire, ("write",)),
        ("SMTP: replies read", smtp.wire.Wire, ("data_received",)),
        ("SMTP: envelope checked", smtp.transport, ("check",)),
        ("answer judged", attempt, ("settle",)),
        ("books: end", Bookkeeper, ("end",)),
        (f"{_LEDGER}editions read", SlotLedger, ("editions",)),
        (f"{_LEDGER}ends and beginnings", MessageOutbox, ("record",)),
        (f"{_LEDGER}claim", MessageOutbox, ("claim_in_turn",)),
    ]
    for step, place, names in steps:
        for name in names:
            _put(place, name, partial(watch.wrap, step))
    for step, place, name in (
        ("SMTP: conversation", smtp.transport.SmtpTransport, "deliver"),
        ("books: begin", Bookkeeper, "begin"),
    ):
        _put(place, name, partial(watch.wrap_async, step))
    hashing = SimpleNamespace(sha256=watch.wrap("digest of the message", hashlib.sha256))
    _put(attempt, "hashlib", lambda _: hashing)


def _put(place: Any, name: str, wrap: Callable[[Any], Any]) -> None:
    if hasattr(place, name):
        setattr(place, name, wrap(getattr(place, name)))


def measure(config: Path, letters: int) -> None:
    """Deliver everything in this process and print the table."""
    watch = StopWatch()
    watch_everything(watch)
    with open_newsroom(config) as room:
        room.press.sign = watch.wrap("print: sign", room.press.sign)
        _deliver(room, watch, letters)


def _deliver(room: Newsroom, watch: StopWatch, letters: int) -> None:
    done = 0
    before = (0.0, 0.0)

    def tell(outcome: Delivered) -> None:
        nonlocal done, before
        done += 1
        watch.time("line for the parent", lambda: told.write(f"{write_line(outcome)}\n".encode()))
        if done == letters // _WARM_PART:
            watch.restart()
            before = (time.process_time(), time.thread_time())

    with (
        room.config_path.with_name("told").open("wb", buffering=0) as told,
        open_relay(room) as transport,
    ):
        order = DeliverOrder(at_once=room.config.delivery.letters_at_once, on_delivered=tell)
        run_fast(deliver(room.delivering(transport), order))
        after = (time.process_time(), time.thread_time())
    assert done == letters
    counted = letters - letters // _WARM_PART
    process_us, main_us = (
        (end - start) / counted * 1e6 for start, end in zip(before, after, strict=True)
    )
    _report(watch, counted, process_us, main_us)


def _report(watch: StopWatch, counted: int, process_us: float, main_us: float) -> None:
    rows = {step: spent / counted * 1e6 for step, spent in watch.spent_s.items()}
    of_ledger = sum(us for step, us in rows.items() if step.startswith(_LEDGER))
    rows[f"{_LEDGER}the rest"] = process_us - main_us - of_ledger
    rows["event loop, tasks, the rest"] = (
        main_us + of_ledger - sum(watch.spent_s.values()) / (counted / 1e6)
    )
    print(f"  {'step':<36}{'µs':>9}{'share':>8}{'calls':>8}")
    for step, us in sorted(rows.items(), key=lambda row: (row[0].startswith(_LEDGER), -row[1])):
        calls = watch.calls[step] / counted
        print(f"  {step:<36}{us:>9.1f}{us / process_us:>8.1%}{calls:>8.2f}")
    print(f"  {'main thread':<36}{main_us:>9.1f}{main_us / process_us:>8.1%}")
    print(f"  {'whole process':<36}{process_us:>9.1f}")


def main(letters: int = 3_000, entries: int = 5, key: str | None = None) -> None:
    """Plan letters and measure."""
    with tempfile.TemporaryDirectory() as scratch, open_sink() as port:
        stage = Stage(Path(scratch, "news"), letters, shown=entries)
        print(f"  {letters:,} letters of {stage.planning.size / 1000:.1f} kB")
        with stage.set(port, (KeyKind(key),) if key else ()) as config:
            measure(config, letters)


if __name__ == "__main__":
    wanted, shown, signed_with = (*sys.argv[1:], *("3000", "5", "")[len(sys.argv) - 1 :])
    main(int(wanted), int(shown), signed_with or None)
