"""Reads `search_query` of arXiv's query API: prefixes, AND, OR, ANDNOT, brackets, phrases, dates."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from newsletter.testing.services.world import Paper, Version

Test = Callable[[Paper, Version], bool]

_TOKEN: Final = re.compile(r"(?:\w+:)?(?:\"[^\"]*\"|\[[^\]]*\])|[()]|[^\s()]+")
_DEEPEST: Final = 20
_MOMENT: Final = "%Y%m%d%H%M"


class UnreadableError(ValueError):
    """The query is none."""


def read_search(text: str) -> Test:
    """Return whether a version of a paper is what `text` asks for; raises UnreadableError."""
    tokens = _TOKEN.findall(text)
    reader = _Reader(tokens)
    test = reader.either(0)
    if reader.place != len(tokens):
        raise UnreadableError(text)
    return test


@dataclass(slots=True)
class _Reader:
    tokens: list[str]
    place: int = 0

    def _next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def either(self, depth: int) -> Test:
        """Read what OR joins."""
        tests = [self._both(depth)]
        while self._next() == "OR":
            self.place += 1
            tests.append(self._both(depth))
        return lambda paper, version: any(test(paper, version) for test in tests)

    def _both(self, depth: int) -> Test:
        """Read what AND and ANDNOT join; words side by side are joined by AND."""
        tests = [self._one(depth)]
        while (word := self._next()) not in {"", "OR", ")"}:
            if word in {"AND", "ANDNOT"}:
                self.place += 1
            test = self._one(depth)
            tests.append(_negated(test) if word == "ANDNOT" else test)
        return lambda paper, version: all(test(paper, version) for test in tests)

    def _one(self, depth: int) -> Test:
        word = self._next()
        self.place += 1
        if word in {"", ")", "AND", "OR", "ANDNOT"} or depth > _DEEPEST:
            raise UnreadableError(" ".join(self.tokens))
        if word != "(":
            return _term(word)
        test = self.either(depth + 1)
        if self._next() != ")":
            raise UnreadableError(" ".join(self.tokens))
        self.place += 1
        return test


def _negated(test: Test) -> Test:
    return lambda paper, version: not test(paper, version)


def _term(written: str) -> Test:
    prefix, colon, rest = written.partition(":")
    if not colon:
        prefix, rest = "all", written
    if prefix == "submittedDate":
        return _between(rest)
    if prefix not in _TEXTS:
        raise UnreadableError(written)
    wanted = rest.strip('"').lower()
    if prefix == "cat":
        return lambda paper, _: wanted in {name.lower() for name in paper.categories}
    ending = r"\w*" if wanted.endswith("*") else r"\b"
    pattern = re.compile(rf"\b{re.escape(wanted.rstrip('*'))}{ending}", re.IGNORECASE)
    return lambda paper, version: bool(pattern.search(_TEXTS[prefix](paper, version)))


def _between(written: str) -> Test:
    found = re.fullmatch(r"\[(\d{12}) TO (\d{12})\]", written)
    try:
        first, last = (
            (datetime.strptime(text, _MOMENT).replace(tzinfo=UTC) for text in found.groups())
            if found
            else (None, None)
        )
    except ValueError as error:
        raise UnreadableError(written) from error
    if first is None or last is None:
        raise UnreadableError(written)
    return lambda paper, _: first <= paper.first.submitted_at <= last


def _everything(paper: Paper, version: Version) -> str:
    return " ".join(text(paper, version) for key, text in _TEXTS.items() if key != "all")


_TEXTS: Final[dict[str, Callable[[Paper, Version], str]]] = {
    "ti": lambda _, version: version.title,
    "au": lambda paper, _: " ".join(person.name for person in paper.authors),
    "abs": lambda _, version: version.abstract,
    "co": lambda _, version: version.comment or "",
    "jr": lambda paper, _: paper.journal or "",
    "cat": lambda paper, _: " ".join(paper.categories),
    "rn": lambda _paper, _version: "",
    "id": lambda paper, _: paper.arxiv_id or "",
    "all": _everything,
}
