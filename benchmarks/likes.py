"""Do the first likes of readers foretell their later ones, beside what others do?

    python -m benchmarks.likes [--vectors FILE.npy] [--only KIND] [--held-out | --chosen-on | --fresh]
                               [--into DIR]

Makes readers (see `benchmarks.likes_readers`) of the May papers in the folder `shared` beside the checkout,
or in $NEWSLETTER_SHARED. `--vectors` has one row for each paper; without it the model that letters would use
embeds them, once. `--held-out` takes the half of the readers on which nothing was chosen, `--chosen-on` the
other; `--fresh` more readers, drawn anew, after one and three likes. `--into` keeps each kind of readers as
a folder for `newsletter evaluate DIR --likes`.
At the end, for each number of likes: the readers of all kinds as one set ("together"), and the mean of the
kinds, each counting the same ("alike"), with one setting of a peer for all of them.
Needs scikit-learn, for a peer. Differences are paired by reader: ± one standard error, and a 95 % bootstrap
interval. Readers that share papers are taken as independent, which they are not.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.likes_month import Month, may
from benchmarks.likes_readers import (
    Reader,
    all_readers,
    first_part,
    fresh_readers,
    is_held_out,
    two_interests,
)
from newsletter.rules.liking import (
    Background,
    Method,
    Vote,
    default_method,
    foretell,
    learn,
)

OURS: Final = "default"
DRAWS: Final = 2_000

Figures: TypeAlias = NDArray[np.float64]
"""nDCG and recall of each reader."""

Found: TypeAlias = Mapping[tuple[str, str], Sequence[Figures]]
"""By method and choice, in groups of readers that count the same, however many are in each."""


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much ours is better; an interval of 95 %."""

    mean: float
    error: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return it for a table."""
        return f"{self.mean:+.4f} ± {self.error:.4f} [{self.low:+.3f}, {self.high:+.3f}]"


@dataclass(frozen=True, slots=True)
class Line:
    """One method on one kind of readers after so many likes; differences are ours less the method's."""

    readers: str
    likes: int
    count: int
    method: str
    choice: str
    ndcg_at_10: float
    recall_at_50: float
    ndcg_difference: Difference
    recall_difference: Difference


def run() -> None:
    """Measure all kinds of readers."""
    month = may(None)
    if month:
        show(list(measure(month, None)))


def measure(
    month: Month, only: str | None, *, held_out: bool | None = None, fresh: bool = False
) -> Iterator[Line]:
    """Yield a line for each kind of readers, size and method, ours first; then those of all kinds.

    `held_out` is the half of the readers; None: all. `fresh`: others than those.
    """
    from benchmarks.peers.liking_peers import peers  # noqa: PLC0415 - who has no peers can use the rest

    methods = {(OURS, ""): default_method(month.ours())} | {
        (name, choice): method for name, choice, method in peers(month.texts(), month.vectors)
    }
    early = first_part(month.papers)
    of_size = defaultdict[int, list[Mapping[tuple[str, str], Figures]]](list)
    for kind, sizes in (fresh_readers if fresh else all_readers)(month.papers).items():
        gone = early if kind == "later" else frozenset()
        if only in {None, kind}:
            for size, everybody in sizes.items():
                readers = [one for one in everybody if held_out in {None, is_held_out(one)}]
                found = {
                    name: figures(readers, without(gone, method), size)
                    for name, method in methods.items()
                }
                of_size[size].append(found)
                yield from _lines(kind, size, {name: [own] for name, own in found.items()})
    if only:
        return
    for size, kinds in sorted(of_size.items()):
        groups = {name: [found[name] for found in kinds] for name in methods}
        one_set = {name: [np.concatenate(some)] for name, some in groups.items()}
        yield from _lines("all kinds together", size, one_set)
        yield from _lines("all kinds alike", size, groups)


def without(gone: frozenset[int], method: Method) -> Method:
    """Return `method` with the rows that are `gone` behind all others."""
    rows = sorted(gone)

    def score(liked: Sequence[int]) -> NDArray[np.float64]:
        scores = np.array(method(liked))
        scores[rows] = -np.inf
        return scores

    return score


def figures(readers: Sequence[Reader], method: Method, size: int) -> Figures:
    """Return nDCG and recall of each reader."""
    found = foretell(readers, method, size)
    return np.array([(one.ndcg_at_10, one.recall_at_50) for one in found])


def _lines(readers: str, size: int, found: Found) -> Iterator[Line]:
    ours = found[OURS, ""]
    for (method, choice), theirs in found.items():
        ndcg, recall = np.mean([group.mean(axis=0) for group in theirs], axis=0).tolist()
        differences = [one - other for one, other in zip(ours, theirs, strict=True)]
        of_ndcg, of_recall = (
            difference([group[:, column] for group in differences]) for column in (0, 1)
        )
        count = sum(map(len, theirs))
        yield Line(readers, size, count, method, choice, ndcg, recall, of_ndcg, of_recall)


def difference(groups: Sequence[NDArray[np.float64]]) -> Difference:
    """Return the mean of the groups' means of paired differences, and how sure it is."""
    dice = np.random.default_rng(1)
    means = np.zeros(DRAWS)
    for group in groups:
        picks = dice.integers(0, len(group), (DRAWS, len(group)))
        means += group[picks].mean(axis=1) / len(groups)
    low, high = np.quantile(means, (0.025, 0.975)).tolist()
    errors = [group.std(ddof=1) / np.sqrt(len(group)) for group in groups]
    mean = np.mean([group.mean() for group in groups])
    return Difference(float(mean), float(np.linalg.norm(errors)) / len(groups), low, high)


def best_choices(lines: Sequence[Line]) -> list[Line]:
    """Return of each method, kind and size the choice with the highest nDCG, and with the highest recall.

    Generous to the peers, who would not know it before.
    """
    rows = defaultdict[tuple[str, int, str], list[Line]](list)
    for line in lines:
        rows[line.readers, line.likes, line.method].append(line)
    best: list[Line] = []
    for choices in rows.values():
        by_ndcg = max(choices, key=lambda line: line.ndcg_at_10)
        by_recall = max(choices, key=lambda line: line.recall_at_50)
        best += [by_ndcg] if by_recall.choice == by_ndcg.choice else [by_ndcg, by_recall]
    return best


def show(lines: Sequence[Line]) -> None:
    """Print the table."""
    for line in best_choices(lines):
        if line.method == OURS:
            print(f"\n  {line.readers}, {line.likes} likes, {line.count} readers")
            print(f"  {'':24} nDCG@10  R@50   {'ours better by, nDCG':34}   ours better by, recall")
        differences = (
            "" if line.method == OURS else f"{line.ndcg_difference}   {line.recall_difference}"
        )
        print(
            f"  {line.method:14} {line.choice:9} {line.ndcg_at_10:7.3f} {line.recall_at_50:6.3f}"
            f"   {differences}"
        )


def show_two_interests(month: Month) -> None:
    """Print whether a reader of two fields is served as well in each as a reader of that one alone."""
    method = default_method(month.ours())
    pairs = two_interests(month.papers, 10)
    for size in (3, 5):
        alone, both, lesser = [], [], []
        for one, other in pairs:
            together = [row for pair in zip(one[:size], other[:size], strict=True) for row in pair]
            scores = method(together)
            found = [_recall(scores, together, part[size:]) for part in (one, other)]
            alone += [
                _recall(method(part[:size]), part[:size], part[size:]) for part in (one, other)
            ]
            both += found
            lesser.append(min(found))
        print(
            f"  two interests, {size} likes in each, {len(pairs)} readers: recall@50 alone"
            f" {np.mean(alone):.3f}, together {np.mean(both):.3f}, the worse of the two"
            f" {np.mean(lesser):.3f}"
        )


def _recall(scores: NDArray[np.float64], liked: Reader, later: Reader) -> float:
    ranked = np.array(scores)
    ranked[list(liked)] = -np.inf
    first = np.argsort(-ranked, kind="stable")[:50]
    return float(np.isin(first, later).sum() / min(len(later), 50))


def show_cost(month: Month) -> None:
    """Print the processor time of one person's letter."""
    texts = month.ours()
    began = time.process_time()
    background = Background.of(texts.take(range(0, len(texts), len(texts) // 1_000)))
    print(
        f"  background of {len(background.seen)}: {time.process_time() - began:.2f} s, once a run"
    )
    candidates = background.see(texts.take(range(1_000)))
    for count in (1, 10, 100, 1_000):
        votes, liked = [Vote(1)] * count, texts.take(range(2_000, 2_000 + count))
        began = time.process_time()
        taste = learn(votes, background.see(liked), background)
        taste.scores(candidates)
        middle = time.process_time()
        taste.background_scores()
        print(
            f"  {count:5} likes, {len(candidates)} candidates: {middle - began:.4f} s,"
            f" and {time.process_time() - middle:.4f} s for what is usual"
        )


def write(month: Month, folder: Path) -> None:
    """Write a collection for each kind of readers and size into `folder`."""
    documents = "".join(
        json.dumps({"id": name, "title": title, "text": text}) + "\n"
        for name, title, text in zip(month.ids, month.titles, month.abstracts, strict=True)
    )
    kinds: Mapping[str, Mapping[int, list[Reader]]] = all_readers(month.papers)
    for kind, sizes in kinds.items():
        for size, readers in sizes.items():
            place = folder / f"{kind}-{size}"
            place.mkdir(parents=True, exist_ok=True)
            (place / "docs.jsonl").write_text(documents, encoding="utf-8")
            liked = {
                str(number): [month.ids[row] for row in one] for number, one in enumerate(readers)
            }
            (place / "users.json").write_text(json.dumps(liked), encoding="utf-8")


def main() -> None:
    """Read the line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vectors", type=Path, help="an array with one row for each paper")
    parser.add_argument("--only", help="one kind of readers")
    half = parser.add_mutually_exclusive_group()
    half.add_argument("--held-out", action="store_true", dest="held_out", default=None)
    half.add_argument("--chosen-on", action="store_false", dest="held_out")
    half.add_argument("--fresh", action="store_true")
    parser.add_argument("--into", type=Path, help="keep the collections in this folder")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    month = may(wanted.vectors)
    if not month:
        return
    if wanted.into:
        write(month, wanted.into)
        return
    lines = list(measure(month, wanted.only, held_out=wanted.held_out, fresh=wanted.fresh))
    if wanted.json:
        print(json.dumps([asdict(line) for line in lines], indent=2))
        return
    show(lines)
    print()
    show_two_interests(month)
    show_cost(month)


if __name__ == "__main__":
    main()
