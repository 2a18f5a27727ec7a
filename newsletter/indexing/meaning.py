"""Vectors of texts by their meaning: each is made once, kept, and found again."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from itertools import islice
from typing import Final

from newsletter.indexing.meaning_memory import Claims, Remembered
from newsletter.model import Entry
from newsletter.ports import (
    Clock,
    Embedder,
    ModelId,
    TellProgress,
    TextKey,
    Vectors,
    VectorStore,
)
from newsletter.rules.query import readable

_MOST_READ: Final = 10_000
_MOST_CHARACTERS: Final = 2_500
"""About 500 pieces of words: twice what a model like MiniLM looks at, as much as larger ones do."""

_BATCH: Final = 256
"""Texts whose vectors are made and then kept: what an interrupted run loses, some 20 s of one core."""

_LOOK_UP: Final = 2_000
"""Texts that are asked of the store at once, so that thousands are never in memory twice."""

_REMEMBERED: Final = 4_096
"""Vectors that stay in memory, 800 bytes each: those of the topics of most newsletters."""

_MARKED_EVERY: Final = 8
"""Days after which the store hears once of each vector that it is in use."""

_Take = Callable[[Mapping[TextKey, bytes]], None]


def entry_text(entry: Entry) -> str:
    """Return what the meaning of an entry is read from: its title, and its abstract or summary.

    On one line, without TeX, and cut where no model reads on. An entry without words gives "".
    """
    content = entry.content
    body = content.abstract or content.tldr or ""
    title, rest = (" ".join(readable(one[:_MOST_READ]).split()) for one in (content.title, body))
    mark = " " if title.endswith((".", "?", "!")) else ". "
    return (f"{title}{mark}{rest}" if title and rest else title or rest)[:_MOST_CHARACTERS]


def text_key(text: str) -> TextKey:
    """Return what the vector of a text is kept under: BLAKE2b with 16 bytes (RFC 7693)."""
    return TextKey(blake2b(text.encode("utf-8", "replace"), digest_size=16).digest())


class Meaning:
    """A model of meaning with a memory: in this process for a few vectors, in the store for all.

    Any thread may use it, and several at once: each batch is made by one of them. All vectors have
    been through float16, so that one that was just made is the same as the one that is found later.
    """

    def __init__(
        self,
        embedder: Embedder,
        store: VectorStore,
        clock: Clock,
        tell: TellProgress | None = None,
        *,
        batch: int = _BATCH,
    ) -> None:
        self._embedder = embedder
        self._store = store
        self._clock = clock
        self._tell = tell
        self._batch = batch
        self._remembered = Remembered(_REMEMBERED)
        self._claims = Claims()

    def over(self, store: VectorStore) -> "Meaning":
        """Return the same model with another store."""
        return Meaning(self._embedder, store, self._clock, self._tell, batch=self._batch)

    @property
    def model(self) -> ModelId:
        """The model, by its name and its bytes."""
        return self._embedder.model

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        return self._embedder.dimensions

    def vectors(self, texts: Sequence[str], tell: TellProgress | None = None) -> Vectors:
        """Return one row for each of `texts`; a text without a word has a row of zeros.

        `tell`, or the one given to the class, hears how many of those that must be made are done;
        nothing when all are known. What was made so far stays, whatever ends a call. Raises
        MeaningError when the model cannot be run: who can go on with words alone then does.
        StorageError when the store cannot be read or written.
        """
        import numpy as np  # noqa: PLC0415 - who only delivers letters comes by here

        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        places: dict[TextKey, list[int]] = {}
        for place, text in enumerate(texts):
            places.setdefault(text_key(text), []).append(place)

        def put(found: Mapping[TextKey, bytes]) -> None:
            for key, vector in found.items():
                rows[places[key]] = np.frombuffer(vector, dtype="<f2")

        self._gather({key: texts[some[0]] for key, some in places.items()}, put, tell)
        return rows

    def make(self, entries: Iterable[Entry], tell: TellProgress | None = None) -> int:
        """Make the vectors of `entries` that are not kept yet; return how many.

        So that `vectors` finds them, at once. Raises the same errors.
        """
        texts = {text_key(text): text for text in map(entry_text, entries)}
        return self._gather(texts, lambda _: None, tell)

    def _gather(self, texts: Mapping[TextKey, str], take: _Take, tell: TellProgress | None) -> int:
        """Hand the vectors of all `texts` to `take`, piece by piece; return how many were made."""
        takers = [take]
        if len(texts) <= self._remembered.limit:  # more would push out all that is remembered
            takers.append(self._remembered.put)
        missing = dict(texts)
        for keys in _pieces(texts, _LOOK_UP):
            _hand_out(self._find(keys), missing, takers)
        return self._make(missing, takers, tell or self._tell)

    def _make(
        self, missing: dict[TextKey, str], takers: Sequence[_Take], tell: TellProgress | None
    ) -> int:
        """Make what is missing batch by batch, unless others do; return how many were made here."""
        total, made = len(missing), 0
        while missing:
            with self._claims.take(missing, self._batch) as keys:
                found = self._find(keys)  # another thread or process may have been faster
                new = {key: missing[key] for key in keys if key not in found}
                done = total - len(missing) + len(found)
                fresh = self._embed(new, _of_all(tell, done, total))
            made += len(fresh)
            _hand_out(found | fresh, missing, takers)
            if tell:
                tell(total - len(missing), total)
        return made

    def _find(self, keys: Sequence[TextKey]) -> dict[TextKey, bytes]:
        """Return the vectors that are known of `keys`, and say to the store that some are in use."""
        found = self._remembered.find(keys)
        asked = [key for key in keys if key not in found]
        if not asked:
            return found
        size = 2 * self.dimensions
        stored = self._store.find(self.model, asked)
        whole = {key: vector for key, vector in stored.items() if len(vector) == size}
        now = self._clock.now()
        used = {key: vector for key, vector in whole.items() if _is_marked(key, now.date())}
        if used:
            self._store.keep(self.model, used, now=now)
        return found | whole

    def _embed(
        self, texts: Mapping[TextKey, str], tell: TellProgress | None
    ) -> dict[TextKey, bytes]:
        """Make the vectors of one batch and keep them."""
        if not texts:
            return {}
        rows = self._embedder.embed(list(texts.values()), tell).astype("<f2")
        vectors = {key: row.tobytes() for key, row in zip(texts, rows, strict=True)}
        self._store.keep(self.model, vectors, now=self._clock.now())
        return vectors


def _hand_out(
    found: Mapping[TextKey, bytes], missing: dict[TextKey, str], takers: Iterable[_Take]
) -> None:
    for take in takers:
        take(found)
    for key in found:
        del missing[key]


def _is_marked(key: TextKey, day: date) -> bool:
    """Whether the store hears on this day that a vector is in use.

    Each has its day in `_MARKED_EVERY` ones: on each day an eighth is written, not all. The store
    forgets only what was not used for months.
    """
    return key[0] % _MARKED_EVERY == day.toordinal() % _MARKED_EVERY


def _of_all(tell: TellProgress | None, before: int, total: int) -> TellProgress | None:
    """Return the function that hears of one batch and tells of the whole; `before` it so many are done."""
    if tell is None:
        return None

    def tell_of_batch(done: int, _of: int) -> None:
        tell(before + done, total)

    return tell_of_batch


def _pieces(keys: Iterable[TextKey], size: int) -> Iterator[list[TextKey]]:
    rest = iter(keys)
    while piece := list(islice(rest, size)):
        yield piece
