"""Silence against recall: on days with nothing on a topic, who gets a letter, and what does silence cost?

Every question meets the days of May, from that on which 2,000 papers were seen before; the last 3,000
papers before a day tell what is usual, as in letters. What was read of one half of the papers and is to
the point counts as relevant; of the other half nothing was read, so that silent days look worse than they
are. On a day without a relevant paper any letter is one too many; on the others it counts which share of
the relevant papers a letter would show.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.matching_collections import (
    ROOT,
    Paper,
    add_readings,
    may_papers,
    write_known_items,
    write_topics,
)
from benchmarks.matching_picture import Curve, Point, draw
from newsletter.bootstrap import open_meaning, open_workroom
from newsletter.indexing import build_index
from newsletter.judged import read_collection
from newsletter.rules.evaluation import JudgedCollection, Scores
from newsletter.workflows import as_entry

PICTURE: Final = ROOT / "docs" / "pictures" / "silence-and-recall.svg"
STRICTNESS: Final[Mapping[str, float]] = {"strict": 0.05, "normal": 0.1, "relaxed": 0.5}
"""Entries off the topic that one is ready to see per letter."""
_SWEEP: Final = tuple(0.01 * 1.25**step for step in range(30))
_LEAST_BEFORE: Final = 2_000
_MOST_BEFORE: Final = 3_000
_MOST_QUESTIONS: Final = 100


@dataclass(frozen=True, slots=True)
class TopicDay:
    """One question on one day: chance times new entries, of the relevant and of all others, in no order."""

    relevant: Scores
    others: Scores


def trade_off(papers: Sequence[Paper]) -> None:
    """Print the table and draw the picture."""
    curves = []
    for title, write in (
        ("topics in a few words", lambda *given: add_readings(write_topics(*given))),
        ("a sentence of a paper", write_known_items),
    ):
        with tempfile.TemporaryDirectory(prefix="newsletter-may-") as folder:
            collection = read_collection(write(papers, Path(folder)))
        days = list(topic_days(papers, collection))
        print(
            f"  {title}: {len(days):,} topic-days, {sum(not len(d.relevant) for d in days):,} silent"
        )
        points = [point(days, budget) for budget in _SWEEP]
        named = {name: point(days, budget) for name, budget in STRICTNESS.items()}
        for name, one in named.items():
            print(
                f"    {name:8} a letter on {one.letters:6.1%} of the silent days, on {one.spoken:6.1%} of the"
                f" others; recall {one.recall:6.1%}, {one.beside:.2f} others shown beside"
            )
        curves.append(Curve(title, points, named))
    PICTURE.write_text(draw(curves), encoding="utf-8")
    print(f"  drawn: {PICTURE}")


def topic_days(papers: Sequence[Paper], collection: JudgedCollection) -> Iterator[TopicDay]:
    """Yield every question on every day that has enough days before it."""
    entries = [as_entry(document) for document in collection.documents]
    rows = {document.id: row for row, document in enumerate(collection.documents)}
    relevant = {
        query.id: {rows[name] for name in collection.grades[query.id]}
        for query in collection.queries
    }
    workroom = open_workroom(Path("config.yaml"))
    with open_meaning(workroom.embedder(), workroom, lambda *_: None) as (meaning, _):
        for before, today in _days(papers):
            chosen = [entries[row] for row in (*before, *today)]
            usual = frozenset(entries[row].id for row in before)
            index = build_index(chosen, usual, meaning=meaning)
            for query in collection.queries[:_MOST_QUESTIONS]:
                chances = index.chances(query.text)
                assert chances is not None
                expected = chances[len(before) :] * len(today)
                is_relevant = np.array([row in relevant[query.id] for row in today])
                yield TopicDay(expected[is_relevant], expected[~is_relevant])


def point(days: Sequence[TopicDay], budget: float) -> Point:
    """Return what letters do when each entry is shown whose expected number is within `budget`."""
    silent = [day for day in days if not len(day.relevant)]
    spoken = [day for day in days if len(day.relevant)]
    found = sum(np.count_nonzero(day.relevant <= budget) for day in spoken)
    return Point(
        letters=_share_with_letter(silent, budget),
        spoken=_share_with_letter(spoken, budget),
        recall=found / max(sum(len(day.relevant) for day in spoken), 1),
        beside=sum(np.count_nonzero(day.others <= budget) for day in spoken) / max(len(spoken), 1),
    )


def _share_with_letter(days: Sequence[TopicDay], budget: float) -> float:
    least = [min(day.relevant.min(initial=np.inf), day.others.min(initial=np.inf)) for day in days]
    return sum(one <= budget for one in least) / max(len(days), 1)


def _days(papers: Sequence[Paper]) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """Yield the rows seen before a day, the latest of them, and the rows of the day."""
    order = sorted(range(len(papers)), key=lambda row: papers[row].seen_on)
    before: list[int] = []
    for _, group in groupby(order, key=lambda row: papers[row].seen_on):
        today = list(group)
        if len(before) >= _LEAST_BEFORE:
            yield before[-_MOST_BEFORE:], today
        before += today


def run() -> None:
    """Draw with the papers that are there."""
    papers = may_papers()
    if papers:
        trade_off(papers)
