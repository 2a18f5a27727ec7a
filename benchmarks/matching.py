"""How good is matching, beside what everybody knows, on a month of papers?

    python -m benchmarks.matching [--known-items] [--as-read] [--trade-off] [--into DIR] [--json]

Makes a collection with judgements (see `benchmarks.matching_collections`) of the May papers in the folder
`shared` beside the checkout, or in $NEWSLETTER_SHARED, and ranks it by each method. `--into` keeps the
collection, for `newsletter evaluate DIR`. The first run embeds 7,387 papers: ten minutes of two cores.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.matching_collections import (
    add_readings,
    may_papers,
    write_known_items,
    write_topics,
)
from benchmarks.matching_trade_off import trade_off
from benchmarks.peers.lexical_peers import PlainBm25, SqliteFts5
from newsletter.bootstrap import evaluate_folder
from newsletter.errors import MeaningError
from newsletter.judged import read_collection
from newsletter.model import Entry
from newsletter.workflows import EvaluatePorts, Evaluation, RankingMethod, evaluate

BUDGET: Final = 0.1
_NO_CONFIG: Final = Path("config.yaml")
_PLAIN: Final = "plain BM25"
_STATIC: Final = "static"


@dataclass(frozen=True, slots=True)
class Line:
    """What one method reached; `seconds` of the processor."""

    method: str
    found: Evaluation
    seconds: float

    @property
    def spurious(self) -> float | None:
        """Entries off the topic per letter; None where the method has no gate."""
        gated = self.found.gated
        return gated.spurious / gated.letters if gated and gated.letters else None


def run() -> None:
    """Measure both collections."""
    papers = may_papers()
    if papers:
        for write in (write_topics, write_known_items):
            with _folder(None) as folder:
                show(list(measure(write(papers, folder))))


def measure(folder: Path) -> Iterator[Line]:
    """Yield what each method reaches on the collection in `folder`."""
    collection = read_collection(folder)
    peers: tuple[tuple[str, type[PlainBm25 | SqliteFts5]], ...] = (
        (_PLAIN, PlainBm25),
        ("SQLite FTS5", SqliteFts5),
    )
    for name, peer in peers:
        began = time.process_time()
        ports = EvaluatePorts(_only(peer), range, lambda *_: None)
        found = evaluate(collection, RankingMethod.BM25, BUDGET, ports)
        yield Line(name, found, time.process_time() - began)
    for method in RankingMethod:
        began = time.process_time()
        try:
            result = evaluate_folder(
                folder, _NO_CONFIG, method, budget=BUDGET, tell=lambda *_: None
            )
        except MeaningError as error:
            print(f"  {method} is skipped: {error}")
            continue
        yield Line(str(method), result.evaluation, time.process_time() - began)


def _only(peer: type[PlainBm25 | SqliteFts5]) -> Callable[..., PlainBm25 | SqliteFts5]:
    def build(entries: Sequence[Entry], _background: object) -> PlainBm25 | SqliteFts5:
        return peer(entries)

    return build


def show(lines: Sequence[Line]) -> None:
    """Print a table, and how the default stands beside plain BM25 and the static fusion."""
    print(f"  {'':14} nDCG@10   P@10  R@50  spurious  any  recall at the gate  seconds")
    for line in lines:
        found, gated = line.found.measures, line.found.gated
        letters = ""
        if line.spurious is not None and gated:
            recall = gated.found / max(gated.relevant, 1)
            letters = (
                f"{line.spurious:7.3f} {gated.letters_with_any / gated.letters:6.3f} {recall:9.3f}"
            )
        print(
            f"  {line.method:14} {found.ndcg_at_10:7.3f} {found.precision_at_10:6.3f}"
            f" {found.recall_at_50:6.3f} {letters:33} {line.seconds:7.1f}"
        )
    reached = {line.method: line.found.measures.ndcg_at_10 for line in lines}
    for other in (_PLAIN, _STATIC):
        if other in reached and RankingMethod.DEFAULT in reached:
            ratio = reached[RankingMethod.DEFAULT] / reached[other] - 1
            print(f"  default is {ratio:+.1%} in nDCG@10 beside {other}")


def show_gate(folder: Path) -> None:
    """Print what letters of 200 papers off the topic show by accident, by the budget."""
    print("  budget  spurious    any  recall at the gate")
    for budget in (0.05, 0.1, 0.5):
        found = evaluate_folder(
            folder, _NO_CONFIG, RankingMethod.DEFAULT, budget=budget, tell=lambda *_: None
        ).evaluation.gated
        if found:
            shares = found.spurious / found.letters, found.letters_with_any / found.letters
            recall = found.found / max(found.relevant, 1)
            print(f"  {budget:6} {shares[0]:9.3f} {shares[1]:6.3f} {recall:9.3f}")


def as_json(lines: Sequence[Line]) -> str:
    """Return the same for programs."""
    rows = [
        {
            "method": line.method,
            "queries": line.found.queries,
            "documents": line.found.documents,
            "ndcg_at_10": line.found.measures.ndcg_at_10,
            "precision_at_10": line.found.measures.precision_at_10,
            "recall_at_50": line.found.measures.recall_at_50,
            "spurious_per_letter": line.spurious,
            "seconds": line.seconds,
        }
        for line in lines
    ]
    return json.dumps(rows, indent=2)


@contextmanager
def _folder(wanted: Path | None) -> Iterator[Path]:
    if wanted:
        yield wanted
        return
    with tempfile.TemporaryDirectory(prefix="newsletter-may-") as folder:
        yield Path(folder)


def main() -> None:
    """Read the line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--known-items", action="store_true", help="ask by sentences of abstracts")
    parser.add_argument("--as-read", action="store_true", help="the gate, with what was read")
    parser.add_argument("--trade-off", action="store_true", help="draw what strictness costs")
    parser.add_argument("--into", type=Path, help="keep the collection in this folder")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    papers = may_papers()
    if not papers:
        return
    if wanted.trade_off:
        trade_off(papers)
        return
    if wanted.as_read:
        with _folder(wanted.into) as folder:
            show_gate(add_readings(write_topics(papers, folder)))
        return
    write = write_known_items if wanted.known_items else write_topics
    with _folder(wanted.into) as folder:
        lines = list(measure(write(papers, folder)))
    if wanted.json:
        print(as_json(lines))
    else:
        show(lines)


if __name__ == "__main__":
    main()
