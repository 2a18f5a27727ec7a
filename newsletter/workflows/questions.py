"""What is asked of the index of a run, once for all topics that ask the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from newsletter.errors import NewsletterError
from newsletter.model import EntryId, Topic, TopicHit
from newsletter.ports import TopicIndex
from newsletter.rules.matching import AnswersMany, AnswerTable, TellsMany
from newsletter.rules.recent import Recent

FAULTS: Final = (ArithmeticError, LookupError, RecursionError, TypeError, ValueError)
"""Faults of ours that one person's data may bring out: it must not cost the others their letters."""

_KEPT: Final = 4_096

_AT_ONCE: Final = 500

Question = tuple[str | None, str | None]
"""The query and the about of a topic: topics with equal ones have equal answers."""

Answered = tuple[Topic, Mapping[EntryId, TopicHit]]


class Questions:
    """Asks one index, and keeps the answers to the questions of single people."""

    def __init__(self, index: TopicIndex) -> None:
        self._index = index
        # Once: to ask whether something keeps a protocol takes as long as many an answer.
        self._tells = index if isinstance(index, TellsMany) else None
        self._known: Recent[Question, Mapping[EntryId, TopicHit]] = Recent(_KEPT)

    def answer(self, topic: Topic) -> Mapping[EntryId, TopicHit]:
        """Return what answers one topic. Raises QueryError where its query cannot be read."""
        question = (topic.query, topic.about)
        known = self._known.get(question)
        return known if known is not None else self._known.keep(question, self._index.answer(topic))

    @property
    def teller(self) -> TellsMany | None:
        """The index, where it tells many answers at once."""
        return self if self._tells is not None else None

    def fingerprint(self) -> str:
        """Return what tells the index apart that tells; empty: it tells nothing."""
        return self._tells.fingerprint() if self._tells is not None else ""

    def tell(
        self, topics: Sequence[Topic], among: Iterable[EntryId] | None = None
    ) -> Iterator[tuple[Sequence[Topic], AnswerTable]]:
        """Yield tables of what answers some of `topics`; the others have to be asked one by one.

        Only of the entries `among` all, where these are said.
        """
        if self._tells is not None:
            with suppress(NewsletterError, *FAULTS):  # of one of them
                yield from self._tells.tell(topics, among)

    def words_at(self, spots: Sequence[int]) -> tuple[str, ...]:
        """Return the words of a hit that was told."""
        assert self._tells is not None  # noqa: S101 - it told them
        return self._tells.words_at(spots)

    def answer_all(self, topics: Sequence[Topic]) -> Iterator[Answered]:
        """Yield topics with what answers them, in any order, without those that cannot be answered.

        Whoever decides for one of these alone will hear why.
        """
        plain = [topic for topic in topics if topic.query is None]
        yield from self._one_by_one([topic for topic in topics if topic.query is not None])
        for first in range(0, len(plain), _AT_ONCE):
            yield from self._at_once(plain[first : first + _AT_ONCE])

    def _at_once(self, topics: Sequence[Topic]) -> list[Answered]:
        if not isinstance(self._index, AnswersMany):
            return self._one_by_one(topics)
        try:
            return list(zip(topics, self._index.answer_all(topics), strict=True))
        except (NewsletterError, *FAULTS):  # of one of them
            return self._one_by_one(topics)

    def _one_by_one(self, topics: Iterable[Topic]) -> list[Answered]:
        answered: list[Answered] = []
        for topic in topics:
            with suppress(NewsletterError, *FAULTS):
                answered.append((topic, self.answer(topic)))
        return answered
