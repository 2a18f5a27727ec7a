"""Collections with judgements, made from a month of papers: what matching is measured on.

The judgements are a proxy: a paper is relevant to a topic when its authors gave it the category that the
topic describes. That is unjust in both directions (a paper on speech that nobody put under eess.AS counts as
off the topic), but alike for all methods.
"""

import gzip
import json
import os
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent

TOPICS: Final[Mapping[str, tuple[str, str]]] = {
    "cs.CE": (
        "simulation for engineering, finance and physical systems",
        "computational models in engineering and finance",
    ),
    "cs.CR": (
        "attacks, privacy, encryption and malware",
        "security of systems and protection of private data",
    ),
    "cs.CY": (
        "what AI does to society, education and law",
        "ethics, fairness and regulation of AI",
    ),
    "cs.DB": (
        "SQL, query optimization and data management",
        "asking databases questions and managing data",
    ),
    "cs.DC": (
        "GPU clusters, distributed training, cloud scheduling",
        "training large models on many machines",
    ),
    "cs.ET": (
        "quantum and neuromorphic hardware, memristors",
        "new kinds of computing hardware",
    ),
    "cs.GR": (
        "rendering, 3D meshes, animation, Gaussian splatting",
        "computer graphics and 3D content creation",
    ),
    "cs.GT": (
        "auctions, mechanism design and equilibria",
        "game theory and markets",
    ),
    "cs.HC": (
        "how people work with computers, user studies",
        "human-AI interaction and interface design",
    ),
    "cs.IR": (
        "search engines, recommendation, retrieval of documents",
        "recommender systems and retrieval",
    ),
    "cs.IT": (
        "error-correcting codes, channel capacity, compression limits",
        "coding theory and communication over noisy channels",
    ),
    "cs.LO": (
        "formal proofs, model checking, theorem provers",
        "logic and automated theorem proving",
    ),
    "cs.MA": (
        "several agents that cooperate or negotiate",
        "multi-agent systems",
    ),
    "cs.MM": (
        "video together with audio, multimedia content",
        "audio-visual understanding and generation",
    ),
    "cs.NI": (
        "6G, wireless networks, routing, edge computing",
        "networks and mobile communication",
    ),
    "cs.RO": (
        "robot manipulation, navigation and motion",
        "robots that learn to act",
    ),
    "cs.SD": (
        "music, sound generation, audio recognition",
        "audio and music",
    ),
    "cs.SE": (
        "code generation, software testing, bug repair",
        "language models that write software",
    ),
    "cs.SI": (
        "social media, online communities, spreading of information",
        "analysis of social networks",
    ),
    "econ.TH": (
        "economic models of information, contracts and markets",
        "incentives and information in economic theory",
    ),
    "eess.AS": (
        "speech recognition, speech synthesis, speakers' voices",
        "speech processing",
    ),
    "eess.IV": (
        "medical image reconstruction, MRI, denoising",
        "medical imaging and image restoration",
    ),
    "eess.SP": (
        "radar, antennas, EEG and sensor signals",
        "signal processing for wireless and sensing",
    ),
    "eess.SY": (
        "control of power grids, vehicles and plants",
        "control theory and autonomous systems",
    ),
    "math.CO": (
        "graphs, combinatorics, extremal problems",
        "combinatorial problems on graphs",
    ),
    "math.NA": (
        "numerical solvers for differential equations",
        "numerical methods for PDEs",
    ),
    "math.OC": (
        "convex optimization algorithms, optimal control",
        "optimization algorithms with convergence guarantees",
    ),
    "math.PR": (
        "random processes and limit theorems",
        "probability theory and stochastic processes",
    ),
    "q-bio.NC": (
        "brains, neurons, neural recordings, cognition",
        "neuroscience and models of the brain",
    ),
    "q-bio.QM": (
        "machine learning for cells, proteins and genomes",
        "AI for biology and drug discovery",
    ),
    "stat.ML": (
        "learning theory, Bayesian inference, kernel methods",
        "statistical theory of machine learning",
    ),
}
"""Each category with 15 to 350 of the month's papers, in the words of somebody who reads about it.

Two descriptions each: by some of its things, and as a whole.
"""

KNOWN_ITEMS: Final = 300
_SENTENCE: Final = re.compile(r"(?<=[a-z)\]]{2}[.?!])\s+(?=[A-Z])")
_SHORTEST: Final = 40
"""Characters of a sentence that says something."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the month."""

    id: str
    title: str
    text: str
    categories: frozenset[str]
    seen_on: date


def may_papers() -> list[Paper]:
    """Return the papers of May in the order of their file; none where it is not here."""
    shared = Path(os.environ.get("NEWSLETTER_SHARED", ROOT.parent / "shared"))
    path = shared / "data" / "arxiv" / "2026-05.jsonl.gz"
    if not path.exists():
        print(f"skipped: there is no {path}; NEWSLETTER_SHARED names the folder above it")
        return []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [_paper(json.loads(line)) for line in file]


def _paper(row: Mapping[str, str | list[str]]) -> Paper:
    return Paper(
        id=str(row["id"]),
        title=str(row["title"]),
        text=str(row["summary"]),
        categories=frozenset(row["categories"]),
        seen_on=date.fromisoformat(str(row["first_seen"])),
    )


def write_topics(papers: Sequence[Paper], folder: Path) -> Path:
    """Write the collection of topics into `folder`, and return it."""
    queries = dict(topic_queries())
    grades = (
        (query, paper.id)
        for query in queries
        for paper in papers
        if category_of(query) in paper.categories
    )
    return _write(folder, papers, queries, grades)


def topic_queries() -> Iterator[tuple[str, str]]:
    """Yield the id and the text of each description."""
    for category, (things, whole) in TOPICS.items():
        yield f"{category}/things", things
        yield f"{category}/whole", whole


def category_of(query: str) -> str:
    """Return the category that the query with that id describes."""
    return query.partition("/")[0]


def write_known_items(papers: Sequence[Paper], folder: Path) -> Path:
    """Write a collection that asks for 300 papers by a sentence from the middle of their abstracts.

    The sentence is taken out of the paper that is to be found.
    """
    dice = random.Random(7)  # noqa: S311 - a sample, not a secret
    asked: dict[str, str] = {}
    grades: list[tuple[str, str]] = []
    changed = {paper.id: paper for paper in papers}
    for paper in dice.sample(list(papers), len(papers)):
        sentences = _SENTENCE.split(paper.text)
        middle = sentences[len(sentences) // 2]
        if len(sentences) < 4 or len(middle) < _SHORTEST:
            continue
        query = f"known-{len(asked)}"
        asked[query] = middle
        grades.append((query, paper.id))
        rest = " ".join(one for one in sentences if one is not middle)
        changed[paper.id] = Paper(paper.id, paper.title, rest, paper.categories, paper.seen_on)
        if len(asked) == KNOWN_ITEMS:
            break
    return _write(folder, changed.values(), asked, grades)


def _write(
    folder: Path,
    papers: Iterable[Paper],
    queries: Mapping[str, str],
    grades: Iterable[tuple[str, str]],
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    documents = ({"id": one.id, "title": one.title, "text": one.text} for one in papers)
    _write_lines(folder / "docs.jsonl", map(json.dumps, documents))
    asked = ({"id": name, "text": text} for name, text in queries.items())
    _write_lines(folder / "queries.jsonl", map(json.dumps, asked))
    _write_lines(folder / "qrels.tsv", (f"{query}\t{paper}\t1" for query, paper in grades))
    return folder


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def add_readings(folder: Path) -> Path:
    """Count as relevant, in the collection of topics in `folder`, what was read and is to the point.

    For the gate alone: rankings would profit from papers that only our own gate brought up.
    """
    lines = (ROOT / "benchmarks" / "may_readings.tsv").read_text(encoding="utf-8").splitlines()
    read = (line.split("\t") for line in lines if not line.startswith("#"))
    judged = (f"{query}\t{paper}\t1\n" for query, papers in read for paper in papers.split())
    with (folder / "qrels.tsv").open("a", encoding="utf-8") as file:
        file.writelines(judged)
    return folder
