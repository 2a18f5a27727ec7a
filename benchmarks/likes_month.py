"""The papers of May, as all methods get them to learn from likes."""

import gzip
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.likes_readers import AuthoredPaper, Papers
from newsletter.rules.liking import Texts, Vocabulary, telling_words

ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Month:
    """The papers, as all methods get them."""

    ids: Sequence[str]
    titles: Sequence[str]
    abstracts: Sequence[str]
    papers: Papers
    vectors: NDArray[np.float32] | None

    def texts(self) -> list[str]:
        """Return title and abstract of each."""
        return [f"{one}. {other}" for one, other in zip(self.titles, self.abstracts, strict=True)]

    def ours(self) -> Texts:
        """Return what the model of likes gets."""
        counted = list(map(telling_words, self.texts()))
        return Texts(Vocabulary.of(counted).weigh(counted), self.vectors)


def may(vectors: Path | None) -> Month | None:
    """Return the papers of May; None, said, where they are not here."""
    shared = Path(os.environ.get("NEWSLETTER_SHARED", ROOT.parent / "shared"))
    path = shared / "data" / "arxiv" / "2026-05.jsonl.gz"
    if not path.exists():
        print(f"skipped: there is no {path}; NEWSLETTER_SHARED names the folder above it")
        return None
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    papers = [
        AuthoredPaper(frozenset(row["authors"]), frozenset(row["categories"]), row["first_seen"])
        for row in rows
    ]
    titles, abstracts = [row["title"] for row in rows], [row["summary"] for row in rows]
    found = (
        np.load(vectors)
        if vectors
        else _embed([f"{one}. {other}" for one, other in zip(titles, abstracts, strict=True)])
    )
    return Month([row["id"] for row in rows], titles, abstracts, Papers(papers), found)


def _embed(texts: Sequence[str]) -> NDArray[np.float32] | None:
    from newsletter.bootstrap.evaluating import open_meaning, open_workroom  # noqa: PLC0415 - not with --vectors

    workroom = open_workroom(Path("config.yaml"))
    with open_meaning(workroom.embedder(), workroom, lambda *_: None) as (meaning, _):
        return meaning.vectors(texts) if meaning else None
