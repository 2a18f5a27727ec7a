"""Hostile documents, and what reading each costs: run as a program, it prints that as JSON.

Each is read in a process of its own, with limits, so that one that got out of hand ends alone.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from newsletter.model import CatalogueTopic, Preferences, PreferencesReading, Topic
from newsletter.preferences import UNNAMED, DirectoryStore

SIZE = 16_384
EMAIL = "email: ada@example.org\n"
MEGABYTE = 1024 * 1024
CATALOGUE = {
    name: CatalogueTopic(Topic(name, name, "robot"))
    for name in (f"topic-of-the-catalogue-{number:04}" for number in range(2_000))
}


def filled(piece: str, head: str = EMAIL) -> str:
    """Repeat `piece` as often as a document may be long."""
    return head + piece * ((SIZE - len(head.encode())) // len(piece.encode()))


def numbered(form: str, head: str = EMAIL) -> str:
    lines, room = [head], SIZE - len(head)
    for number in range(SIZE):
        line = form.format(number)
        room -= len(line.encode())
        if room < 0:
            break
        lines.append(line)
    return "".join(lines)


LETTERS = "abcdefghijklmnop"
LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in pairwise(LETTERS)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{new}: &{new}\n  <<: [{', '.join([f'*{old}'] * 8)}]\n" for old, new in pairwise(LETTERS)
)
SLIPS = (
    "@x",
    "*x",
    "&x",
    "!x",
    "'x",
    '"x',
    "[x",
    "{x",
    "x: y: z",
    "|x",
    "%x",
    "x]",
    '"x" y',
    "'x'y",
)

DOCUMENTS: dict[str, str] = {
    "billion laughs": EMAIL + LAUGHS,
    "merge bomb": EMAIL + MERGES,
    "twenty thousand brackets": EMAIL + "mute: " + "[" * 20_000,
    "brackets": filled("["),
    "closed brackets": filled("]"),
    "pairs of brackets": filled("[]"),
    "braces": filled("{"),
    "braces with keys": filled("{a: "),
    "question marks": filled("? "),
    "dashes": filled("-"),
    "dashes with spaces": filled("- "),
    "double quotes": filled('"'),
    "single quotes": filled("'"),
    "quotes by turns": filled("'\""),
    "escapes": filled("\\", EMAIL + 'name: "'),
    "colons": filled(":"),
    "colons with spaces": filled("a: "),
    "commas": filled(",", EMAIL + "mute: ["),
    "stars": filled("*"),
    "anchors": filled("- &a x\n", EMAIL + "mute:\n"),
    "anchors on one line": filled("&a x, ", EMAIL + "mute: ["),
    "tags": filled("!!python/object:os.system "),
    "tags in a list": filled("- !!python/object/apply:os.system [x]\n", EMAIL + "mute:\n"),
    "percent signs": filled("%"),
    "percent lines": filled("%a\n"),
    "line ends": filled("\n"),
    "carriage returns": filled("\r"),
    "spaces": filled(" "),
    "tabs": filled("\t"),
    "tabbed lines": filled("\ta: b\n"),
    "tabs and text": filled("\t a"),
    "no-break spaces": filled("\u00a0"),
    "no-break lines": filled("\u00a0a: b\n"),
    "control characters": filled("\x01"),
    "control characters on lines": filled("\x01\n"),
    "byte order marks": filled("\ufeff"),
    "hashes": filled(" #"),
    "block signs": filled("|\n"),
    "folded": filled(">", EMAIL + "name: "),
    "deep indentation": EMAIL + "".join(f"{' ' * depth}a:\n" for depth in range(175)),
    "stairs down": EMAIL + "".join(f"{' ' * depth}a:\n" for depth in range(170, 0, -1)),
    "ragged lines": EMAIL + "".join(f"{' ' * (n * 7 % 13)}a{n}: b\n" for n in range(1_100)),
    "one scalar of a megabyte": EMAIL + "name: " + "x" * MEGABYTE,
    "one key": EMAIL + "k" * 16_000 + ": 1\n",
    "a huge integer": EMAIL + "entries: {at_most: " + "9" * 16_000 + "}\n",
    "a huge float": EMAIL + "topics: [{name: a, about: b, weight: " + "9" * 15_000 + ".0}]\n",
    "a small float": EMAIL + "topics: [{name: a, about: b, weight: 0." + "0" * 15_000 + "}]\n",
    "an exponent": EMAIL + "topics: [{name: a, about: b, weight: 1e" + "9" * 15_000 + "}]\n",
    "duplicate keys": filled("a: 1\n"),
    "duplicate long keys": filled("a" * 100 + ": 1\n"),
    "unknown keys": numbered("key{}: 1\n"),
    "nearly known keys": numbered("minimum_upvote{}: 1\n"),
    "empty keys": numbered("{}:\n"),
    "unknown keys in one brace": numbered("tpics{}: 1, ", EMAIL + "entries: {") + "}",
    "unknown topics": numbered("- topic-of-the-catalog-{}\n", EMAIL + "topics:\n"),
    "fifty unknown topics": EMAIL
    + "topics:\n"
    + "".join(f"- tpic-of-teh-catalogue-{number * 37:04}\n" for number in range(50)),
    "topics without a name": filled("- {}\n", EMAIL + "topics:\n"),
    "wrong queries": numbered("- AND {}\n", EMAIL + "mute:\n"),
    "wrong days": filled("x, ", EMAIL + "send: {every: [") + "x]}",
    "misspelt days": filled("wensday, ", EMAIL + "send: {every: [") + "mon]}",
    "a long time zone": EMAIL + "send: {timezone: " + "Europe/" * 2_000 + "}\n",
    "a time zone nearly": EMAIL + "send: {timezone: Amerika/Argentinia/Buenos_Ayres}\n",
    "a time of digits": EMAIL + "send: {at: '" + "1" * 16_000 + "'}\n",
    "a time of blanks": EMAIL + "send: {at: '1" + " " * 16_000 + "1'}\n",
    "a date of digits": EMAIL + "pause_until: " + "1" * 16_000 + "\n",
    "a date of words": EMAIL + "pause_until: 1" + " january" * 1_900 + "\n",
    "a rhythm of days": EMAIL + "send: {every: '" + "mon, " * 3_000 + "'}\n",
    "an address of at signs": "email: " + "a@" * 8_000 + "\n",
    "an address of dots": "email: a" + "." * 16_000 + "@example.org\n",
    "an address of blanks": "email: 'a" + " " * 16_000 + "@example.org'\n",
    "an address of brackets": "email: '" + "<" * 16_000 + "@'\n",
    "an address of words": "email: '" + " at " * 4_000 + "'\n",
    "many addresses": "email: '" + "a@b.de, " * 2_000 + "'\n",
    "nested brackets in a query": EMAIL + "mute: ['" + "(" * 990 + "a" + ")" * 990 + "']\n",
    "negations in a query": EMAIL + "mute: ['" + "NOT " * 490 + "a']\n",
    "quotes in queries": filled('- \'" " " "\'\n', EMAIL + "mute:\n"),
    "long queries": filled("- '" + "a OR " * 390 + "('\n", EMAIL + "mute:\n"),
    "a query in a block": EMAIL + "mute:\n- |\n" + "  a OR\n" * 240 + "  (\n",
    "doubled quotes in a query": EMAIL + "mute: ['" + "''" * 950 + " AND (']\n",
    "a list of texts": filled("x" * 50 + ", ", EMAIL + "name: [") + "]",
    "a mapping for a text": numbered("k{}: v, ", EMAIL + "name: {") + "}",
    "a slip on every line": EMAIL
    + "".join(f"k{n}: {SLIPS[n % len(SLIPS)]}\n" for n in range(1_200)),
    "an open quote on every line": filled("a: 'x\n"),
    "an open bracket on every line": filled("a: [x\n"),
    "equals signs": filled("a = b\n"),
    "lines without a colon": filled("word\n"),
    "tight colons": filled("a:b\n"),
    "quoted mail": filled("> a: b\n", "> email: ada@example.org\n"),
    "dashes of a word processor": filled("\u2013 a\n", EMAIL + "topics:\n"),
    "a hundred documents": "---\n".join(
        f"email: p{number}@example.org\nnmae: x\n" for number in range(100)
    ),
    "a hundred of one person": "---\n".join([EMAIL] * 100),
    "a thousand empty parts": "---\n" * 1_000,
    "wide letters": filled("名: 前\n"),
    "combining letters": filled("\u0301", EMAIL + "name: a"),
    "folded letters": filled("\ufdfa", EMAIL + "topics: ['") + "']",
}


def _write_fifty_megabytes(folder: Path) -> None:
    with (folder / "a.yaml").open("wb") as file:
        for _ in range(50):
            file.write(b"- " * (MEGABYTE // 2))


def _write_eight_megabytes_of_one(folder: Path) -> None:
    (folder / "a.yaml").write_bytes(b"- " * (4 * MEGABYTE))


def _make_pipe(folder: Path) -> None:
    os.mkfifo(folder / "a.yaml")


def _link_to_zeros(folder: Path) -> None:
    (folder / "a.yaml").symlink_to("/dev/zero")


def _link_in_circles(folder: Path) -> None:
    (folder / "a.yaml").symlink_to("b.yaml")
    (folder / "b.yaml").symlink_to("a.yaml")
    (folder / "c").symlink_to(folder)


def _many_links(folder: Path) -> None:
    for number in range(300):
        (folder / f"{number}.yaml").symlink_to(f"{number + 1}.yaml")
    (folder / "300.yaml").write_text(EMAIL)


def _deep_folders(folder: Path) -> None:
    place = folder.joinpath(*(["d"] * 300))
    place.mkdir(parents=True)
    (place / "a.yaml").write_text("nmae: x\n")


def _write_eight_megabytes_of_wide_letters(folder: Path) -> None:
    (folder / "a.yaml").write_bytes("\U0001f600".encode() + b"x" * (8 * MEGABYTE - 100))


FILES: dict[str, Callable[[Path], None]] = {
    "a file of fifty megabytes": _write_fifty_megabytes,
    "one document of eight megabytes": _write_eight_megabytes_of_one,
    "eight megabytes with a wide letter": _write_eight_megabytes_of_wide_letters,
    "a pipe": _make_pipe,
    "a link to zeros without end": _link_to_zeros,
    "links in circles": _link_in_circles,
    "a chain of links": _many_links,
    "deep folders": _deep_folders,
    "latin": lambda folder: _write(folder, b"name: Zo\xeb\n" * 1_000),
    "zeros": lambda folder: _write(folder, b"\0" * SIZE),
    "bytes of no encoding": lambda folder: _write(folder, bytes(range(256)) * 60),
}


def _write(folder: Path, octets: bytes) -> None:
    (folder / "a.yaml").write_bytes(octets)


def names() -> list[str]:
    return [*DOCUMENTS, *FILES]


def main() -> None:
    """Print for each case: CPU seconds, kilobytes above the beginning, problems, longest message."""
    costs = {}
    with TemporaryDirectory() as scratch:
        for number, name in enumerate(names()):
            folder = Path(scratch) / str(number)
            folder.mkdir()
            if name in FILES:
                FILES[name](folder)
            else:
                (folder / "a.yaml").write_bytes(DOCUMENTS[name].encode("utf-8", "surrogatepass"))
            costs[name] = _cost_of(folder)
    sys.stdout.write(json.dumps(costs))


def _cost_of(folder: Path) -> list[float] | str:
    receiving, sending = os.pipe()
    child = os.fork()
    if not child:
        try:
            said = json.dumps(_measured(folder))
        except BaseException as error:  # noqa: BLE001 (whatever it is, the test names it)
            said = json.dumps(f"{type(error).__name__}: {error}"[:500])
        os.write(sending, said.encode())
        os._exit(0)
    os.close(sending)
    with os.fdopen(receiving, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    cost: list[float] | str = json.loads(said) if said else "killed by its limits"
    return cost


def _measured(folder: Path) -> list[float]:
    store = DirectoryStore(folder, CATALOGUE, Preferences(email=UNNAMED))
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
    before = _peak_kb()
    began = time.process_time()
    reading: PreferencesReading = store.read()
    spent = time.process_time() - began
    longest = max((len(str(problem)) for problem in reading.problems), default=0)
    return [spent, _peak_kb() - before, len(reading.problems), longest]


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
