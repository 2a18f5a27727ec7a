"""A month of real papers; skipped where they are not at hand."""

import gzip
import json
import os
import re
from functools import cache
from pathlib import Path

import pytest

from newsletter.rendering import readable

_BESIDE = Path(__file__).parents[3] / "shared"
_PAPERS = Path(os.environ.get("NEWSLETTER_SHARED", _BESIDE)) / "data" / "arxiv" / "2026-05.jsonl.gz"

pytestmark = pytest.mark.skipif(
    not _PAPERS.exists(), reason="the shared collection of May papers is not here"
)


@cache
def papers() -> tuple[tuple[str, str], ...]:
    with gzip.open(_PAPERS, "rt", encoding="utf-8") as lines:
        read = [json.loads(line) for line in lines]
    return tuple((paper["title"], paper["summary"]) for paper in read)


def test_no_title_keeps_a_mark_of_tex() -> None:
    titles = [readable(title) for title, _ in papers()]

    assert not [title for title in titles if re.search(r"[$\\{}^]|--|``", title)]


def test_no_abstract_keeps_a_command_or_a_dollar_that_is_no_money() -> None:
    left = re.compile(r"\\|\$(?!<?\d)|``|[_^]\{")
    abstracts = [readable(abstract) for _, abstract in papers()]

    assert not [abstract for abstract in abstracts if left.search(abstract)]


def test_real_texts_are_left_alone_the_second_time() -> None:
    shown = [readable(text) for paper in papers()[::10] for text in paper]

    assert [readable(text) for text in shown] == shown
